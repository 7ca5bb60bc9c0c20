"""The published page says how good recommendations are, and why each is made."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from .servers import Server
from .steps import open_view


def test_both_questions_are_answered_beside_other_methods(quiet_page: Page, voila_server: Server) -> None:
    quiet_page.goto(voila_server.url)
    open_view(quiet_page, "Evaluation")
    told = quiet_page.get_by_role("status").filter(has_text="of 100 cases")
    expect(told).to_contain_text("Given one product of a later order")
    table = quiet_page.get_by_role("table", name="All methods, and our lead over each")
    expect(table.get_by_role("rowheader", name="Cosine on quantities")).to_be_visible()
    quiet_page.get_by_label("Question").select_option("A customer's next order")
    expect(told).to_contain_text("Given only the customer")
    expect(table.get_by_role("rowheader", name="GP-TopFreq")).to_be_visible()
    chart = quiet_page.locator("svg.marks:visible")
    expect(chart.get_by_text("New to the customer")).to_be_visible()
    for width in (390, 700, 1280):
        quiet_page.set_viewport_size({"width": width, "height": 1400})
        expect(chart.get_by_text("New to the customer")).to_be_visible()
        assert quiet_page.evaluate("document.documentElement.scrollWidth") <= width
        found = Axe().run(quiet_page).response["violations"]
        assert [v["id"] for v in found if v["impact"] in ("serious", "critical")] == [], width


def test_only_one_variant_is_suggested_when_asked(quiet_page: Page, voila_server: Server) -> None:
    quiet_page.goto(voila_server.url)
    open_view(quiet_page, "Recommend")
    quiet_page.get_by_label("Product name or code").fill("swallow lantern")
    table = quiet_page.get_by_role("table", name="Bought with Swallow Lantern")
    expect(table.get_by_role("columnheader", name="Orders with both")).to_be_visible()
    box = quiet_page.get_by_label("Only one variant of a product (such as ")
    box.check()
    expect(box).to_be_checked()
    expect(table.get_by_role("row").nth(1)).to_contain_text("times as many as by chance.")
    expect(quiet_page.get_by_role("alert")).to_have_count(0)
