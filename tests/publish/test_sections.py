"""The report's sections: what each contains, and that each option has its effect."""

import dataclasses
import html
import re
from collections.abc import Callable
from pathlib import Path

import nbformat
import pandas as pd
import pytest

from shopper_widgets import Campaign, ShopperModel, read_transactions
from shopper_widgets._support.resources import shipped
from shopper_widgets.publish import sections
from shopper_widgets.publish.notebook import ShownChart
from shopper_widgets.publish.parameters import ReportParameters
from shopper_widgets.words import shop
from shopper_widgets.words.demand import demand_of
from shopper_widgets.words.markdown import FADING, MarkdownTerms, markdown_case
from shopper_widgets.words.to_do import things_to_do
from tests.basket_shops import SHOPS, lines_of


@pytest.fixture
def settings(tmp_path: Path) -> Callable[..., ReportParameters]:
    """Return the checked parameters of a report."""
    usual = {"n_clusters": "4", "stability_budget": 0, "currency": "£", "out": str(tmp_path)}
    return lambda **given: ReportParameters.check(**(usual | given))


def _read(blocks: sections.Blocks) -> str:
    """Return what a reader would read: text, and descriptions of charts, with plain spaces."""
    found = [b.description if isinstance(b, ShownChart) else re.sub("<[^>]+>", " ", b.markup) for b in blocks]
    return html.unescape("\n".join(found)).replace("\u00a0", " ")


def _rows(markup: str, caption: str) -> int:
    (table,) = (t for t in re.findall(r"<table.*?</table>", markup, re.DOTALL) if caption in t)
    return table.count("<tr") - 1


def _markup(blocks: sections.Blocks) -> str:
    return "".join(b.markup for b in blocks if not isinstance(b, ShownChart))


def test_the_first_screen_says_whose_orders_and_what_changed(
    small_model: ShopperModel, settings: Callable[..., ReportParameters], tmp_path: Path
) -> None:
    plain = _read(
        [
            *sections.opening(small_model, settings(title="Mugs & more")),
            *sections.overview(small_model),
        ]
    )
    assert plain.splitlines()[0].strip() == "Mugs & more"
    assert shop.headline(small_model) in plain
    assert "Revenue at risk" in plain
    for todo in things_to_do(small_model):
        assert todo.title in plain
    for finding in shop.highlights(small_model):
        assert finding in plain
    small_model.save(tmp_path / "before")
    since = settings(previous=str(tmp_path / "before"))
    said = since.changes(small_model)
    assert said and all(s in _read(sections.opening(small_model, since)) for s in said)
    assert not any(s in plain for s in said)


def test_nothing_is_explained_that_is_not_shown(
    small_model: ShopperModel, settings: Callable[..., ReportParameters]
) -> None:
    """With one product there is no recommendation with a lift, nor anything to evaluate."""
    days = pd.date_range("2024-01-01", periods=300)
    lines = pd.DataFrame(
        {
            "order_id": [f"{i}" for i in range(600)],
            "customer_id": [f"c{i % 37}" for i in range(600)],
            "product_id": "SOAP",
            "ordered_at": [days[i % 300] for i in range(600)],
            "quantity": 1,
            "unit_price": 4.5,
        }
    )
    model = ShopperModel.fit(lines, n_clusters=2, evaluate=True, progress=False)
    assert model.evaluation is not None
    told = _read([*sections.suggestions(model, settings()), *sections.evaluation(model)])
    assert "Lift:" not in told and "was predicted" not in told
    assert "Lift:" in _read(sections.suggestions(small_model, settings()))


def test_each_thing_to_do_names_a_part_that_the_report_has(small_model: ShopperModel) -> None:
    cells = nbformat.read(shipped("notebooks", "report.ipynb"), as_version=4).cells
    parts = {cell.source.lstrip("# ") for cell in cells if cell.cell_type == "markdown"}
    named = set(re.findall("More under “(.*?)”", _read(sections.overview(small_model))))
    assert named and named <= parts


@pytest.mark.parametrize("n", [3, 7])
def test_tables_have_as_many_rows_as_asked_for(
    n: int, small_model: ShopperModel, settings: Callable[..., ReportParameters]
) -> None:
    asked = settings(top_n=n)
    best = small_model.segments["segment"].iloc[0]
    written = _markup(sections.campaigns(small_model, asked))
    assert _rows(written, f"{best}: the top customers by spend") == n
    spec = sections.sales(small_model, asked)[3].spec
    (drawn,) = (rows for rows in spec["datasets"].values())
    assert len(drawn) == n


def test_a_campaign_is_shown_and_written_and_without_one_nothing_is(
    small_model: ShopperModel, settings: Callable[..., ReportParameters], tmp_path: Path
) -> None:
    definition = tmp_path / "definition.json"
    definition.write_text(Campaign("Thanks", segments=("High-Value",)).to_json(), encoding="utf-8")
    assert "Top of the campaign's list" not in _read(sections.campaigns(small_model, settings()))
    assert not (tmp_path / "thanks.csv").exists()
    shown = _read(sections.campaigns(small_model, settings(campaign=str(definition))))
    assert "Top of the campaign's list" in shown and (tmp_path / "thanks.csv").is_file()


def test_countries_are_drawn_only_where_there_are_several(
    small_model: ShopperModel, settings: Callable[..., ReportParameters]
) -> None:
    one = dataclasses.replace(small_model, lines=small_model.lines.assign(country="France"))
    several = small_model.lines["country"].astype(str).where(small_model.lines.index % 2 == 0, "Norway")
    two = dataclasses.replace(small_model, lines=small_model.lines.assign(country=several))
    assert len(sections.sales(two, settings())) == len(sections.sales(one, settings())) + 1


def test_a_chart_is_drawn_only_where_the_orders_can_tell(small_shop: pd.DataFrame) -> None:
    start = small_shop["ordered_at"].min()
    days = small_shop[small_shop["ordered_at"] < start + pd.Timedelta(days=10)]
    model = ShopperModel.fit(days, n_clusters=2, progress=False)
    assert len(sections.movements(model)) == 1 and "month" in _read(sections.movements(model))
    assert not any(isinstance(block, ShownChart) for block in sections.evaluation(model))


def test_the_notebook_shows_every_section_once_and_saves_the_model() -> None:
    cells = nbformat.read(shipped("notebooks", "report.ipynb"), 4).cells
    source = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    functions = [
        name
        for name, value in vars(sections).items()
        if getattr(value, "__module__", "") == sections.__name__ and callable(value)
    ]
    assert sorted(re.findall(r"\*sections\.(\w+)\(", source)) == sorted(functions)
    assert "model.save(settings.model_folder)" in source


def test_a_guess_of_columns_stands_at_the_head_of_the_report(
    settings: Callable[..., ReportParameters],
) -> None:
    days = pd.date_range("2024-01-01", periods=60).astype(str)
    lines = pd.DataFrame({"member_number": [f"m{n % 20}" for n in range(60)], "date": days, "item": "MUG"})
    model = ShopperModel.fit(
        read_transactions(lines.assign(price=[2.5 + n % 7 for n in range(60)])), progress=False
    )
    head = _read(sections.opening(model, settings()))
    assert "no known layout and is read by its headers: product_id ← 'item'" in head
    assert "each line counts as one unit" in head


def test_what_clears_fading_stock_stands_with_the_order_list(
    small_model: ShopperModel, settings: Callable[..., ReportParameters], tmp_path: Path
) -> None:
    trends = demand_of(small_model).trends
    goods = trends.loc[trends["trend"].isin(FADING), "product_id"]
    path = tmp_path / "stock.csv"
    pd.DataFrame({"product_id": goods, "on_hand": 100}).to_csv(path, index=False)
    told = settings(stock=path, margin=0.5, discount=0.25, top_n=3)
    blocks = sections.stock(small_model, told)
    plan, _ = told.plan_stock(small_model)
    case = markdown_case(demand_of(small_model), plan, MarkdownTerms(margin=0.5, discount=0.25), "£")
    assert len(case.table) and all(sentence in _read(blocks) for sentence in case.sentences)
    assert "at 2.00 times today's sales or more" in _read(blocks)
    caption = "Fading stock, and what a cut of 25 % must do to clear it"
    assert _rows(_markup(blocks), caption) == min(len(case.table), 3)
    without = _read(sections.stock(small_model, settings()))
    assert "Break-even" not in without and "Fading stock" not in without


def test_what_a_limit_leaves_out_stands_in_the_section_and_in_its_file(
    small_model: ShopperModel, settings: Callable[..., ReportParameters], tmp_path: Path
) -> None:
    goods = small_model.all_products.query("is_product")["product_id"].head(20)
    path = tmp_path / "stock.csv"
    pd.DataFrame({"product_id": goods, "on_hand": 0, "unit_space": 0.5}).to_csv(path, index=False)
    full = settings(stock=path).plan_stock(small_model)[0]
    money, room = full["order_amount"].sum(), full["order_space"].sum()
    without = _read(sections.stock(small_model, settings(stock=path)))
    assert "Left out" not in without and "budget" not in without
    told = settings(stock=path, stock_budget=str(money / 3), stock_space=room)
    shown = _read(sections.stock(small_model, told))
    assert "The budget leaves out" in shown and "Left out" in shown
    assert "Where the budget ends, the next £100 would save up to £" in shown
    assert "Where the space ends" not in shown, "only the budget binds"
    plan = pd.read_csv(tmp_path / "stock_plan.csv")
    assert 0 < plan["order_amount"].sum() <= money / 3
    assert plan["left_out"].sum() + plan["order_quantity"].sum() == full["order_quantity"].sum()
    enough = _read(sections.stock(small_model, settings(stock=path, stock_budget=money + 1)))
    assert "The budget is enough for all that is needed." in enough and "Left out" not in enough


def test_a_slow_shop_is_told_of_by_its_own_days(settings: Callable[..., ReportParameters]) -> None:
    slow = ShopperModel.fit(lines_of(SHOPS["small and slow"]).assign(unit_price=9.5), progress=False)
    assert (slow.follow_days, slow.reply_days) > (90, 30)
    retention = _read(sections.retention(slow))
    assert f"In the {slow.follow_days} days from" in retention
    assert f"over the next {slow.follow_days} days, by segment" in retention
    assert f"within {slow.follow_days} days" in _read(sections.journeys(slow, settings()))
    assert f"{slow.reply_days} days" in _read(sections.discounts(slow, settings()))
