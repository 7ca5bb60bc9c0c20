"""Analysts' mix-ups get one clear sentence that names the parameter and what to give instead."""

# What is given here is wrong on purpose.
# mypy: disable-error-code="arg-type, call-arg"

import ast
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest
from traitlets import TraitError

import shopper_widgets as sw
from shopper_widgets.panels import CampaignPanel, Dashboard, SegmentPanel
from shopper_widgets.recommend.baselines import Popularity
from tests.rooms import modules

#: A call with the model and its order lines.
Call = Callable[[sw.ShopperModel, pd.DataFrame], Any]
FRAMES: dict[str, Callable[[Any], Any]] = {
    "fit": lambda given: sw.ShopperModel.fit(given, progress=False),
    "clean": sw.clean_transactions,
    "rfm_table": sw.rfm_table,
    "recommender": lambda given: sw.ItemRecommender().fit(given),
}


@pytest.mark.parametrize("ask", FRAMES.values(), ids=FRAMES)
def test_what_is_no_frame_is_named_with_what_to_give(
    ask: Callable[[Any], Any], small_shop: pd.DataFrame
) -> None:
    for given, told in (
        (None, r"must be a frame; got NoneType\. read_transactions"),
        (42, r"must be a frame; got int\. read_transactions"),
        ("orders.csv", r"must be a frame; got str 'orders\.csv'\. Read it first"),
        (Path("orders.csv"), r"must be a frame; got \w+ 'orders\.csv'\. Read it first"),
        (
            sw.clean_transactions(small_shop),
            r"must be a frame; got CleanedTransactions\. .*its \.transactions",
        ),
    ):
        with pytest.raises(TypeError, match=told):
            ask(given)


def test_lines_that_are_not_cleaned_are_not_counted_in_silence(
    small_model: sw.ShopperModel, small_shop: pd.DataFrame
) -> None:
    told = r"must be cleaned; [\d,]+ lines with an amount not above 0, or none, .*clean_transactions"
    with pytest.raises(ValueError, match=told):
        sw.rfm_table(small_shop)
    with pytest.raises(ValueError, match=told):
        sw.segment_history(small_model, small_shop)


@pytest.mark.parametrize("amount", [float("nan"), float("inf"), 0.0, -1.0])
@pytest.mark.parametrize("engine", ["pandas", "polars", "duckdb"])
def test_a_line_without_a_usable_amount_is_not_counted_either(amount: float, engine: str) -> None:
    day = pd.Timestamp("2024-01-01")
    ids = {"order_id": ["1", "2"], "customer_id": ["ann", "ben"], "ordered_at": [day, day]}
    lines: Any = pd.DataFrame({**ids, "amount": [5.0, amount]})
    if engine == "polars":
        lines = pl.from_pandas(lines)
    elif engine == "duckdb":
        lines = duckdb.connect().from_df(lines)
    with pytest.raises(ValueError, match="must be cleaned; 1 line with an amount"):
        sw.rfm_table(lines)


CLASSES = pd.DataFrame({"product_id": ["p"], "abc": ["A"], "xyz": ["X"]})
FADING = pd.DataFrame({"product_id": ["p"], "on_hand": [9], "weekly_rate": [1.0], "price": [2.0]})
SLIPS: dict[str, tuple[Call, type[Exception], str]] = {
    "a recommender that can't be saved": (
        lambda _, lines: sw.ShopperModel.fit(lines, recommender=Popularity(), progress=False),
        TypeError,
        r"recommender must be .*BlendRecommender\(\).*; got Popularity",
    ),
    "a class": (
        lambda _, lines: sw.ShopperModel.fit(lines, segmenter=sw.CustomerSegmenter, progress=False),
        TypeError,
        "segmenter must be .*; got the class CustomerSegmenter",
    ),
    "a currency by number": (
        lambda _, lines: sw.ShopperModel.fit(lines, currency=5, progress=False),
        TypeError,
        "currency must be text, such as '£'; got 5",
    ),
    "yes in words": (
        lambda _, lines: sw.ShopperModel.fit(lines, evaluate="no", progress=False),
        ValueError,
        "evaluate must be one of True, False; got 'no'",
    ),
    "a source that is a name": (
        lambda _, lines: sw.ShopperModel.fit(lines, source="orders.csv", progress=False),
        TypeError,
        "source must be a mapping",
    ),
    "one code for several": (
        lambda _, lines: sw.ShopperModel.fit(lines, service_codes="POST", progress=False),
        TypeError,
        r"service_codes must be a list of codes: write \['POST'\]",
    ),
    "ids as numbers": (
        lambda _, lines: sw.ShopperModel.fit(lines.assign(customer_id=1.0), progress=False),
        TypeError,
        r"transactions\['customer_id'\] must be text; it is Float64\. Read",
    ),
    "no lines": (
        lambda _, lines: sw.ShopperModel.fit(lines.iloc[:0], progress=False),
        ValueError,
        "transactions has no line left after cleaning",
    ),
    "a segment that isn't there": (
        lambda model, _: sw.Campaign(segments=["VIPs"]).select(model),
        ValueError,
        "segments: there is no 'VIPs' in the model, which has ",
    ),
    "one segment for several": (
        lambda *_: sw.Campaign(segments="High-Value"),
        TypeError,
        r"segments must be a list of texts; write \['High-Value'\]",
    ),
    "a path for a model": (
        lambda *_: Dashboard("out/model"),
        TypeError,
        "must be a ShopperModel.*got str",
    ),
    "nothing for a model": (
        lambda *_: SegmentPanel(),
        TypeError,
        "must be a ShopperModel.*got None",
    ),
    "what was cleaned for a model": (
        lambda _, lines: CampaignPanel(sw.clean_transactions(lines)),
        TypeError,
        "model must be a ShopperModel.*or a frame of orders; got CleanedTransactions",
    ),
    "a selection from elsewhere": (
        lambda model, lines: SegmentPanel(model, selection=lines),
        TraitError,
        "selection follows from the panel's state; set that: segment",
    ),
    "no folder": (lambda *_: sw.ShopperModel.load(None), TypeError, "folder must be a path"),
    "no folder to save": (lambda model, _: model.save(None), TypeError, "folder must be a path"),
    "nobody to forget": (
        lambda model, _: model.forget(None),
        TypeError,
        "must be a list of ids",
    ),
    "one to forget": (lambda model, _: model.forget("12346"), TypeError, r"write \['12346'\]"),
    "no lines to mix": (
        lambda model, _: sw.segment_mix(None, model.customers, "country"),
        TypeError,
        "lines must be a pandas.DataFrame with the columns .*; got NoneType",
    ),
    "no column": (
        lambda model, _: sw.segment_mix(model.lines, model.customers, None),
        TypeError,
        "column must be a column's header, such as 'channel'; got None",
    ),
    "no lines of buyers": (
        lambda model, _: sw.buyers_by_segment(None, model.customers),
        TypeError,
        "lines must be a pandas.DataFrame .*; got NoneType",
    ),
    "what was cleaned for lines": (
        lambda model, lines: sw.buyers_by_segment(sw.clean_transactions(lines), model.customers),
        TypeError,
        r"lines must be .*; got CleanedTransactions\. Give the frame in it: its \.transactions",
    ),
    "no classes": (
        lambda *_: sw.service_levels(None, {"A": 0.9}),
        TypeError,
        "classes must be a pandas.DataFrame with the columns product_id, abc, xyz; got NoneType",
    ),
    "no levels": (
        lambda *_: sw.service_levels(CLASSES, None),
        TypeError,
        "levels must be a mapping of class to level, such as {'A': 0.98}; got None",
    ),
    "a number as NumPy writes it": (
        lambda *_: sw.service_levels(CLASSES, {"A": np.float64(98)}),
        ValueError,
        r"such as 0\.95; got 98\.0$",
    ),
    "one cut for several": (
        lambda *_: sw.markdown_plan(FADING, weeks=8, margin=0.4, cuts=0.2),
        TypeError,
        r"cuts must be a list of shares, such as \(0\.1, 0\.2\); got float 0\.2",
    ),
    "cuts as NumPy writes them": (
        lambda *_: sw.markdown_plan(FADING, weeks=8, margin=0.4, cuts=[np.float64(2)]),
        ValueError,
        r"cuts must be .*; got \[2\.0\]",
    ),
    "a customer as NumPy writes it": (
        lambda model, _: model.recommender.recommend(np.array(["nobody"])[0]),
        sw.UnknownCustomerError,
        "no customer 'nobody' bought",
    ),
    "a product as NumPy writes it": (
        lambda model, _: model.recommender.similar(np.array(["zzzzzz"])[0]),
        sw.UnknownProductError,
        "no product has the id or the name 'zzzzzz'",
    ),
    "a choice as NumPy writes it": (
        lambda _, lines: sw.clean_transactions(lines, returns=np.str_("nets")),
        ValueError,
        "returns must be one of 'drop', 'net'; got 'nets'$",
    ),
    "a date as NumPy writes it": (
        lambda _, lines: sw.clean_transactions(lines, as_of=np.float64("nan")),
        ValueError,
        "as_of must be a date .*; got nan",
    ),
    "numbers as NumPy writes them": (
        lambda *_: sw.Campaign(actions=(np.float64(2), (np.int64(1),))),
        TypeError,
        r"actions must be a list of texts; write \[2\.0\]",
    ),
    "a number for a customer": (
        lambda model, _: model.recommender.recommend(12346),
        TypeError,
        "customer_id must be text, .*got int 12346",
    ),
}


@pytest.mark.parametrize(("call", "kind", "told"), SLIPS.values(), ids=SLIPS)
def test_slips(
    call: Call, kind: type[Exception], told: str, small_model: sw.ShopperModel, small_shop: pd.DataFrame
) -> None:
    with pytest.raises(kind, match=told) as caught:
        call(small_model, small_shop)
    assert "\n" not in str(caught.value)
    assert "np." not in str(caught.value)


def _found() -> Iterator[tuple[str, ast.FormattedValue]]:
    """Yield what messages say was found: ``got {value!r}``, ``not {value!r}``, ``write [{value!r}]``."""
    for name, path in modules().items():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.JoinedStr):
                for before, after in itertools.pairwise(node.values):
                    told = isinstance(before, ast.Constant) and str(before.value).endswith(
                        ("got ", " not ", "write [")
                    )
                    if told and isinstance(after, ast.FormattedValue) and after.conversion == ord("r"):
                        yield f"{name}, line {node.lineno}", after


def test_what_was_found_is_written_as_python_writes_it() -> None:
    """NumPy writes a half as ``np.float64(0.5)``, which no message should."""
    found = {where: ast.unparse(value.value) for where, value in _found()}
    assert len(found) > 40
    # values that are text or plain, and paths and URLs with masked passwords
    fine = ("plain(", "masked(", "str(", "found", "given", "type(")
    assert {where: value for where, value in found.items() if not value.startswith(fine)} == {}
