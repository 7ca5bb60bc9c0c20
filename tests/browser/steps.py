"""What a reader does on the dashboard, wherever it is shown."""

from playwright.sync_api import Page, expect


def read_recommendations(page: Page) -> None:
    """Type a product, with a typo, and read what is bought with it."""
    page.get_by_role("tab", name="Recommend").click()
    page.get_by_label("Product name or code").press_sequentially("swalow lantern", delay=20)
    table = page.get_by_role("table", name="Bought with Swallow Lantern")
    expect(table).to_be_visible()
    rows = table.get_by_role("row")
    expect(rows.nth(5)).to_be_visible()
    assert rows.nth(0).get_by_role("columnheader").all_inner_texts()[-4:] == [
        "Score",
        "Bought both",
        "Lift (×)",
        "Why",
    ]
    assert "Swallow Lantern" not in " ".join(rows.all_inner_texts()[1:])


def brush_customers(page: Page) -> None:
    """Drag over the map of customers and see the list shorten; reset and see them all."""
    page.get_by_role("tab", name="Segments").click()
    told = page.get_by_role("status").filter(has_text="customers, who spent")
    expect(told).to_contain_text("1,200 customers")
    points = page.locator("svg.marks").last
    points.scroll_into_view_if_needed()
    box = points.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.3)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.6, steps=5)
    page.mouse.up()
    expect(told).not_to_contain_text("1,200 customers")
    page.get_by_role("button", name="All customers").click()
    expect(told).to_contain_text("1,200 customers")


def predict_a_segment(page: Page) -> None:
    """Fill in three numbers and read the segment."""
    page.get_by_role("tab", name="Predict").click()
    page.get_by_label("Days since the last order").fill("3")
    page.get_by_label("Number of orders").fill("40")
    page.get_by_label("Money spent").fill("9000")
    expect(page.get_by_text("This customer is High-Value.")).to_be_visible()
