from shopper_widgets.panels.chips import Chips


def chips(*chosen):
    made = Chips("In the basket:", "Remove", str.upper)
    made.chosen = list(chosen)
    return made


def labels(made):
    return [button.description for button in made.buttons]


def test_each_thing_chosen_is_a_button_that_takes_it_away():
    made = chips("a", "b", "c")
    assert labels(made) == ["Remove A", "Remove B", "Remove C"]
    made.buttons[1].click()
    assert made.chosen == ["a", "c"]
    assert labels(made) == ["Remove A", "Remove C"]


def test_buttons_that_stay_are_the_same_ones():
    made = chips("a", "b")
    stays = made.buttons[0]
    made.chosen = ["a", "c"]
    assert made.buttons[0] is stays
    assert labels(made) == ["Remove A", "Remove C"]


def test_the_heading_goes_with_the_last_one():
    made = chips("a")
    assert "In the basket:" in made.children[0].value
    made.buttons[0].click()
    assert (made.chosen, made.buttons, made.children[0].value) == ([], [], "")


def test_the_focus_goes_to_the_one_that_takes_the_place(monkeypatch):
    made = chips("a", "b", "c")
    focused = []
    for key, button in zip(made.chosen, made.buttons, strict=True):
        monkeypatch.setattr(button, "focus", lambda key=key: focused.append(key))
    for button in (made.buttons[0], made.buttons[2]):
        button.click()
    assert focused == ["b", "b"]


def test_markup_in_a_name_stays_text():
    made = Chips("<b>", "Remove", lambda key: f"<img>{key}")
    made.chosen = ["a"]
    assert made.children[0].value == "<p>&lt;b&gt;</p>"
    assert made.buttons[0].description == "Remove <img>a"
