import io
from typing import ClassVar

import pandas as pd
import pytest
from markupsafe import escape

from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels import StockPanel
from shopper_widgets.panels.grid import Grid
from shopper_widgets.panels.upload import Upload
from shopper_widgets.products.demand import demand_table
from shopper_widgets.products.forecaster import DemandForecaster
from shopper_widgets.products.stock import stock_plan
from shopper_widgets.words.demand import demand_of
from shopper_widgets.words.markdown import FADING, NO_STOCK, MarkdownTerms, markdown_case
from tests.panel_contract import PanelContract, everything, find, html, message, refuses


def stock_of(model: ShopperModel, **more: float) -> str:
    goods = model.all_products[model.all_products["is_product"]]["product_id"].head(5)
    table = pd.DataFrame({"product_id": goods, "on_hand": [0, 1, 2, 3, 500]})
    return table.assign(**more).to_csv(index=False)


def fading(model: ShopperModel) -> str:
    """Return 100 units of each product that fades or stopped, or of one product if none does."""
    trends = demand_of(model).trends
    goods = trends.loc[trends["trend"].isin(FADING), "product_id"]
    goods = goods if len(goods) else trends["product_id"].head(1)
    return pd.DataFrame({"product_id": goods, "on_hand": 100}).to_csv(index=False)


class TestStockPanel(PanelContract):
    panel = StockPanel
    states: ClassVar = [
        {"country": lambda model: model.orders["country"].mode()[0]},
        {"lead_time": 28},
        {"service": 80.0, "review": 14},
        {"stock": stock_of},
        {"stock": stock_of, "budget": 50.0},
        {"decimal": ","},
        {"stock": stock_of, "service_a": 99.0, "service_c": 80.0},
        {"stock": lambda model: stock_of(model, unit_space=0.5), "space": 8.0},
        {"stock": lambda model: fading(model), "clear_weeks": 3, "margin": 55.0, "cut": 30.0},
    ]


@pytest.fixture
def panel(small_model: ShopperModel) -> StockPanel:
    return StockPanel(small_model)


def upload(panel: StockPanel, name: str, content: bytes) -> None:
    find(panel, Upload).receive(name, content)


def test_a_buyer_uploads_stock_and_takes_the_order_list_away(
    panel: StockPanel, small_model: ShopperModel
) -> None:
    assert "these are target levels, not order quantities. Upload the stock on hand to see" in html(panel)
    upload(panel, "stock.csv", ("\ufeff" + stock_of(small_model).replace(",", ";")).encode())
    assert message(panel) == ""
    panel.lead_time, panel.service = 21, 90
    table = pd.read_csv(io.StringIO(stock_of(small_model)), dtype="str")
    plan = stock_plan(
        DemandForecaster().fit(demand_table(small_model.lines)),
        table,
        lead_time=21,
        review=7,
        service_level=0.9,
    ).set_index("product_id")
    shown = panel.selection.set_index("product_id")
    for column in ("order_up_to", "order_quantity", "order_amount", "on_hand"):
        pd.testing.assert_series_equal(shown[column].sort_index(), plan[column].sort_index())
    grid = find(panel, Grid)
    assert grid.total == 5 and grid.filename == "order-list.csv"
    assert "order_quantity" in grid.file().decode("utf-8-sig").splitlines()[0]
    assert f"for £{plan['order_amount'].sum():,.0f}"[:7] in html(panel)


def test_what_an_order_costs_is_told_and_what_the_forecast_does_not_know(
    panel: StockPanel, small_model: ShopperModel
) -> None:
    assert "What sells for a season, such as Christmas, is forecast as if that season went on." in html(panel)
    panel.stock = stock_of(small_model)
    ordered = int((panel.selection["order_quantity"] > 0).sum())
    assert f"The cost of {ordered} products is not known: they count at their selling price." in html(panel)
    panel.stock = stock_of(small_model, unit_cost=1.5)
    assert "is not known: they count at" not in html(panel)
    known = panel.selection[panel.selection["order_quantity"] > 0]
    assert (known["order_amount"] == 1.5 * known["order_quantity"]).all()


def test_each_class_has_the_level_that_is_typed_in(panel: StockPanel) -> None:
    assert "service_level" not in [column["name"] for column in find(panel, Grid).columns]
    panel.service, panel.service_a, panel.service_c = 90, 98, 75
    levels = panel.selection.groupby(panel.selection["group"].str[0])["service_level"].unique().explode()
    assert levels.to_dict() == {"A": 0.98, "B": 0.9, "C": 0.75}
    average = panel.selection.loc[panel.selection["expected"].notna(), "service_level"].mean()
    assert f"the service levels promise {100 * average:.0f} on average" in html(panel)
    assert "service_level" in [column["name"] for column in find(panel, Grid).columns]


def test_a_limit_of_space_is_kept_and_told(panel: StockPanel, small_model: ShopperModel) -> None:
    panel.stock = stock_of(small_model, unit_space=0.5)
    full = panel.selection["order_space"].sum()
    panel.space = full / 2
    assert 0 < panel.selection["order_space"].sum() <= full / 2
    assert "The space leaves out" in html(panel) and "units of space." in html(panel)
    assert "Where the space ends, the next unit of space would save up to £" in html(panel)
    assert "left_out" in [column["name"] for column in find(panel, Grid).columns]
    panel.budget = 1.0
    assert panel.selection["order_amount"].sum() <= 1.0
    assert "The budget leaves out" in html(panel) and "units of space." in html(panel)
    panel.stock = stock_of(small_model)
    assert "The space limit is not used: the stock file has no unit_space" in html(panel)
    assert "The budget leaves out" in html(panel)
    panel.space, panel.budget = 0, 1e6
    assert "The budget is enough for all that is needed." in html(panel)
    assert "left_out" not in [column["name"] for column in find(panel, Grid).columns]
    assert message(panel) == ""


def test_what_clears_fading_stock_is_told_once_the_stock_is_known(
    panel: StockPanel, small_model: ShopperModel
) -> None:
    grids = [widget for widget in everything(panel) if isinstance(widget, Grid)]
    assert NO_STOCK in html(panel) and (grids[1].total, grids[1].empty) == (0, "")
    panel.stock = fading(small_model)
    terms = MarkdownTerms(weeks=8, margin=0.4, discount=0.2)
    case = markdown_case(demand_of(small_model), panel.selection, terms, "£")
    assert len(case.table) and all(str(escape(said)) in html(panel) for said in case.sentences)
    assert (grids[1].total, grids[1].empty) == (len(case.table), "Nothing to clear.")
    panel.cut = 50
    assert "at 50 % off, each sale loses money" in html(panel)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"code,units\nA,1\n", "It lacks on_hand and product_id; it has code, units."),
        (
            b"product_id,On_hand,on_hand\nA,1,2\n",
            "It can&#39;t be used: stock must have one column on_hand, whatever its capitals",
        ),
        (b"PK\x03\x04\x00", "It is not a text file."),
    ],
)
def test_a_file_that_is_no_stock_is_refused_and_what_was_stays(
    panel: StockPanel, content: bytes, why: str
) -> None:
    before = panel.selection
    upload(panel, "sales.csv", content)
    assert f"sales.csv can&#39;t be read as stock on hand. {why}" in message(panel)
    pd.testing.assert_frame_equal(panel.selection, before)


def test_a_decimal_mark_that_the_file_does_not_prove_is_asked_for(
    panel: StockPanel, small_model: ShopperModel
) -> None:
    goods = small_model.all_products[small_model.all_products["is_product"]]["product_id"].head(2)
    rows = "".join(f"{code};1.250;süd\n" for code in goods)
    content = ("product_id;on_hand;Regal\n" + rows).encode("cp1252")
    upload(panel, "bestand.csv", content)
    told = "1.250 can be 1.25 or 1,250, and no other number tells which: choose the decimal mark, then upload"
    assert told in message(panel) and panel.stock == ""
    for mark, on_hand in ((",", 1250.0), (".", 1.25)):
        panel.decimal = mark
        upload(panel, "bestand.csv", content)
        assert message(panel) == ""
        assert panel.selection["on_hand"].dropna().tolist() == [on_hand] * 2
    again = StockPanel(small_model, **{name: getattr(panel, name) for name in panel.state})
    assert again.selection["on_hand"].dropna().tolist() == [1.25] * 2


def test_rows_that_can_not_be_used_are_told(panel: StockPanel) -> None:
    panel.stock = "product_id,on_hand\nnever,1\n,2\n"
    assert "Rows of the stock file that could not be used:" in html(panel)


def test_where_there_are_too_few_weeks_it_says_so(small_shop: pd.DataFrame) -> None:
    start = small_shop["ordered_at"].min()
    days = small_shop[small_shop["ordered_at"] < start + pd.Timedelta(days=10)]
    panel = StockPanel(ShopperModel.fit(days, n_clusters=2, progress=False))
    assert "weeks" in html(panel) and panel.selection.empty and message(panel) == ""


@pytest.mark.parametrize(
    ("name", "value", "match"),
    [
        ("lead_time", 500, "^Lead time, order to delivery: a whole number from 0 to 180, not 500.$"),
        ("service", 100, "^Service level, chance that stock lasts: a number from 50 to 99.9, not 100.$"),
        ("review", 0, "^Time between orders: a whole number from 1 to 180, not 0.$"),
    ],
)
def test_what_can_not_be_is_refused_in_words(panel: StockPanel, name: str, value: object, match: str) -> None:
    refuses(panel, name, value, match)
