"""A basket on the published page, filled and emptied from the keyboard."""

from playwright.sync_api import Locator, Page, expect

from .servers import Server
from .steps import open_view


def add(page: Page, words: str, name: str) -> Locator:
    """Type a product, put it into the basket, and return its chip."""
    box = page.get_by_label("Product name or code")
    box.press_sequentially(words, delay=20)
    button = page.get_by_role("button", name=f"Add {name} to the basket")
    expect(button).to_be_enabled()
    # The first words find the product; on a busy machine, answers to the last ones are still to come.
    page.wait_for_timeout(1_500)
    button.focus()
    page.keyboard.press("Enter")
    chip = page.get_by_role("button", name=f"Remove {name}")
    expect(chip).to_be_visible()
    expect(box).to_have_value("")
    return chip


def test_a_basket_is_filled_and_emptied_from_the_keyboard(quiet_page: Page, voila_server: Server) -> None:
    quiet_page.goto(voila_server.url)
    open_view(quiet_page, "Recommend")
    lantern = add(quiet_page, "swallow lantern", "Swallow Lantern")
    expect(quiet_page.get_by_role("table", name="Bought with Swallow Lantern")).to_be_visible()
    best = quiet_page.get_by_role("table", name="Bought with").get_by_role("row").nth(1)
    suggested = best.get_by_role("cell").nth(2).inner_text()
    other = add(quiet_page, suggested.lower(), suggested)
    expect(quiet_page.get_by_role("table", name="Bought with Swallow Lantern and 1 more")).to_be_visible()
    expect(best).to_contain_text("times as many as by chance.")
    lantern.focus()
    quiet_page.keyboard.press("Enter")
    expect(lantern).to_have_count(0)
    expect(other).to_be_focused()
    expect(quiet_page.get_by_role("table", name=f"Bought with {suggested}")).to_be_visible()
    quiet_page.get_by_label("Leave out a product").select_option(index=1)
    expect(quiet_page.get_by_role("button", name="Allow ")).to_be_visible()
    quiet_page.get_by_role("button", name="Clear").click()
    expect(quiet_page.get_by_text("In the basket:")).to_have_count(0)
    expect(quiet_page.get_by_text("or choose one of the best sellers")).to_be_visible()
