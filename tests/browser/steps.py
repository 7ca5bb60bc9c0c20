"""What a reader does on the dashboard, in any frontend."""

from playwright.sync_api import Locator, Page, expect

from shopper_widgets.panels.dashboard_views import DOORS

from .servers import Server

# Before the kernel is ready, the command to run cells does nothing and reports nothing.
KERNEL_IS_READY = """
name => {
    const notebook = window.jupyterapp?.shell.currentWidget;
    const kernel = notebook?.sessionContext?.session?.kernel;
    return notebook?.context?.path === name && notebook.context.isReady && notebook.sessionContext.isReady
        && kernel?.connectionStatus === "connected" && kernel.status === "idle";
}
"""


def run_in_lab(page: Page, server: Server, name: str) -> None:
    """Open a notebook of the server's folder in JupyterLab and start its cells."""
    # `reset` closes what other tests left open: only cells of the notebook in front run.
    page.goto(f"{server.url}lab/tree/{name}?reset")
    page.wait_for_function(KERNEL_IS_READY, arg=name, timeout=90_000)
    # The command isn't awaited: with a lost kernel, it would never finish.
    page.evaluate("() => void jupyterapp.commands.execute('notebook:run-all-cells')")


def open_view(page: Page, name: str) -> None:
    """Open the tab of a view's question, then the view, and return once its panel is visible."""
    door = next(door for door, views in DOORS.items() if name in views)
    for tab in [door, name] if len(DOORS[door]) > 1 else [door]:
        shown = page.get_by_role("tab", name=tab, exact=True).locator("visible=true")
        shown.click()
        expect(shown).to_have_attribute("aria-selected", "true")
    expect(page.locator(".sw-tabs h2:visible")).to_have_count(1)


def read_recommendations(page: Page) -> None:
    """Type a product with a typo, and read which products are bought with it."""
    open_view(page, "Recommend")
    page.get_by_label("Product name or code").press_sequentially("swalow lantern", delay=20)
    table = page.get_by_role("table", name="Bought with Swallow Lantern")
    expect(table).to_be_visible()
    rows = table.get_by_role("row")
    expect(rows.nth(5)).to_be_visible()
    assert rows.nth(0).get_by_role("columnheader").all_inner_texts()[-6:] == [
        "Customers with both",
        "Orders with both",
        "Lift (×)",
        "Lift from",
        "to",
        "Why",
    ]
    products = [text.split("\t")[2] for text in rows.all_inner_texts()]
    assert products[0] == "Product"
    assert "Swallow Lantern" not in products


def brush_customers(page: Page) -> None:
    """Brush the map of customers and see the list shrink; reset and see all customers."""
    open_view(page, "Segments")
    told = page.get_by_role("status").filter(has_text="customers, who spent")
    expect(told).to_contain_text("1,189 customers")
    points = page.get_by_role("img", name="A typical")
    # Hovering waits until the map is drawn and no longer moves.
    points.hover()
    box = points.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.4, box["y"] + box["height"] * 0.3)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + box["height"] * 0.6, steps=5)
    page.mouse.up()
    expect(told).not_to_contain_text("1,189 customers")
    page.get_by_role("button", name="All customers").click()
    expect(told).to_contain_text("1,189 customers")


def predict_a_segment(page: Page) -> None:
    """Fill in three numbers and read the segment."""
    open_view(page, "Predict")
    page.get_by_label("Days since the last order").fill("3")
    page.get_by_label("Number of orders").fill("40")
    page.get_by_label("Money spent").fill("9000")
    expect(page.get_by_text("This customer is High-Value.")).to_be_visible()


def tab_to(page: Page, target: Locator) -> None:
    """Press the Tab key until this element has the focus."""
    for _ in range(120):
        if target.evaluate("node => node === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the tab key doesn't lead to {target}")
