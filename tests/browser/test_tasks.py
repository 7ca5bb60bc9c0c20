"""Five tasks from the first screen, each by keyboard alone."""

from pathlib import Path

import pandas as pd
from playwright.sync_api import Locator, Page, expect

from shopper_widgets.datasets import ABOUT_SAMPLE, load_sample
from shopper_widgets.model.shopper_model import ShopperModel

from .servers import Server
from .steps import tab_to

#: Returns the text of the focused tab, if one tab of its row has this name.
TAB = """name => {
    const tabs = [...document.activeElement.closest("[role=tablist]")?.querySelectorAll("[role=tab]") ?? []];
    const named = tabs.some((tab) => tab.innerText.trim() === name);
    return named ? document.activeElement.innerText.trim() : "";
}"""


def open_tab(page: Page, name: str) -> None:
    """Go back to the row of tabs that has this name, and along it to the tab."""
    for _ in range(150):
        if page.evaluate(TAB, name):
            break
        page.keyboard.press("Shift+Tab")
    for _ in range(9):
        if page.evaluate(TAB, name) == name:
            break
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    tab = page.get_by_role("tab", name=name, exact=True).locator("visible=true")
    expect(tab).to_have_attribute("aria-selected", "true")
    expect(page.locator(".sw-tabs h2:visible")).to_have_count(1)


def press(page: Page, target: Locator, key: str = "Enter") -> None:
    expect(target).to_be_visible()
    tab_to(page, target)
    page.keyboard.press(key)


def hand_in(page: Page, button: str, file: Path) -> None:
    target = page.get_by_role("button", name=button)
    expect(target).to_be_visible()
    tab_to(page, target)
    with page.expect_file_chooser() as chooser:
        page.keyboard.press("Enter")
    chooser.value.set_files(file)


def download(page: Page) -> Path:
    with page.expect_download() as caught:
        press(page, page.locator(".sw-grid:visible").get_by_role("button", name="Download"))
    return caught.value.path()


def test_five_tasks_are_done_by_keyboard_alone(
    quiet_page: Page, voila_server: Server, tmp_path: Path
) -> None:
    page = quiet_page
    page.on("filechooser", lambda _: None)
    model = ShopperModel.fit(load_sample(), **ABOUT_SAMPLE, progress=False)
    page.goto(voila_server.url)

    # Find the late valuable customers of a country, and download them.
    press(page, page.get_by_role("button", name="Make the list"))
    told = page.get_by_role("status").filter(has_text="Audience: ")
    expect(told).to_contain_text("usual gap")
    press(page, page.get_by_role("checkbox", name="United Kingdom"), "Space")
    expect(told).to_contain_text("country United Kingdom")
    expect(page.get_by_role("button", name="Country: United Kingdom")).to_be_visible()
    tab_to(page, page.get_by_label("Hold-out to measure the effect (%)"))
    for _ in range(6):
        page.keyboard.press("ArrowUp")
    expect(told).to_contain_text("Held out")
    sent = download(page)
    listed = pd.read_csv(sent, dtype={"customer_id": str}, encoding="utf-8-sig")
    assert len(listed) > 5 and set(listed["country"]) == {"United Kingdom"} and listed["overdue"].min() > 1.5

    # Find which products to reorder.
    goods = model.all_products[model.all_products["is_product"]]["product_id"].head(9)
    pd.DataFrame({"product_id": goods, "on_hand": 0}).to_csv(tmp_path / "stock.csv", index=False)
    open_tab(page, "Products")
    open_tab(page, "Stock")
    hand_in(page, "Stock on hand (CSV)", tmp_path / "stock.csv")
    expect(page.get_by_role("table", name="Order list")).to_be_visible()
    orders = pd.read_csv(download(page), dtype={"product_id": str}, encoding="utf-8-sig")
    assert set(orders["product_id"]) == set(goods) and orders["order_quantity"].sum() > 0

    # Find what is bought with a product.
    open_tab(page, "Recommend")
    tab_to(page, page.get_by_label("Product name or code"))
    page.keyboard.type("swallow lantern", delay=20)
    expect(page.get_by_role("table", name="Bought with Swallow Lantern")).to_be_visible()

    # Find whether the campaign worked.
    later = listed[["customer_id"]].assign(ordered_at=model.as_of + pd.Timedelta(days=3), amount=9.5)
    later[~listed["is_held_out"]].to_csv(tmp_path / "orders.csv", index=False)
    (tmp_path / "list.csv").write_bytes(sent.read_bytes())
    open_tab(page, "Campaigns")
    open_tab(page, "Results")
    hand_in(page, "List or definition that was sent", tmp_path / "list.csv")
    expect(page.get_by_text("before the sending. Upload the orders since.")).to_be_visible()
    hand_in(page, "Orders since (CSV)", tmp_path / "orders.csv")
    expect(page.get_by_role("table", name="Effect of the campaign, with 95 % intervals")).to_be_visible()

    # Find why a customer is At-Risk.
    at_risk = model.customers.loc[model.customers["segment"] == "At-Risk", "customer_id"].iloc[0]
    open_tab(page, "Customers")
    open_tab(page, "Customer")
    tab_to(page, page.get_by_label("Customer", exact=True).locator("visible=true"))
    page.keyboard.type(at_risk, delay=20)
    expect(page.get_by_role("heading", name="Why At-Risk")).to_be_visible()
    expect(page.get_by_text("At-Risk is the nearest segment")).to_be_visible()
