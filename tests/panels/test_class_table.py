"""The table of classes, each of which can be chosen."""

import pandas as pd

from shopper_widgets._support.locale import in_locale
from shopper_widgets.panels.class_table import ClassTable

TWO = pd.DataFrame(
    {
        "group": ["AX", "CZ"],
        "products": [1, 30],
        "revenue_share": [0.93, 0.004],
        "action": ["Reorder automatically.", "Order rarely."],
    }
)


def test_the_browser_chooses_a_class_that_has_products_and_says_nothing_else() -> None:
    classes = ClassTable("Classes")
    classes.show(TWO)
    assert classes.cells == {
        "AX": ["1 product", "93 % of revenue", "Reorder automatically."],
        "CZ": ["30 products", "0.4 % of revenue", "Order rarely."],
    }
    classes.set_state({"chosen": "AX", "caption": "<b>"})
    assert (classes.chosen, classes.caption) == ("AX", "Classes")
    for sent in ("BY", ["AX"], None, 7):
        classes.set_state({"chosen": sent})
        assert classes.chosen == "AX"
    classes.set_state({"chosen": ""})
    assert classes.chosen == ""


def test_its_words_are_those_of_the_language_that_it_is_made_in() -> None:
    with in_locale("de"):
        classes = ClassTable("Klassen")
        classes.show(TWO)
    assert classes.rows[0] == ["A", "die ersten 80\u00a0% des Umsatzes"]
    assert classes.cells["AX"][2] == "Automatisch nachbestellen."
