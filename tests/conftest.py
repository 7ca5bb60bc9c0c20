"""Fixtures for all tests: the real data sets, and a small made-up shop."""

import dataclasses
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pandas as pd
import pytest
from xdist.scheduler import LoadFileScheduling

from tests.real_data import real_data

# The time of an example depends on what else the machine does.
hypothesis.settings.register_profile("steady", deadline=None)
hypothesis.settings.load_profile("steady")

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel


@pytest.fixture(scope="session")
def online_retail_path() -> Path:
    """Return the path of UCI Online Retail as a CSV file."""
    return real_data("online_retail.csv.gz")


@pytest.fixture(scope="session")
def cdnow_path() -> Path:
    """Return the path of the customers of CDNOW's 1/10 sample as a CSV file."""
    return real_data("cdnow_customers_summary.csv")


@pytest.fixture(scope="session")
def online_retail_lines(online_retail_path: Path) -> pd.DataFrame:
    """Return all lines of Online Retail, uncleaned; copy them before you change them."""
    names = {
        "InvoiceNo": "order_id",
        "StockCode": "product_id",
        "Description": "product_name",
        "Quantity": "quantity",
        "InvoiceDate": "ordered_at",
        "UnitPrice": "unit_price",
        "CustomerID": "customer_id",
        "Country": "country",
    }
    ids = dict.fromkeys(("InvoiceNo", "StockCode", "CustomerID"), "str")
    raw = pd.read_csv(online_retail_path, dtype=ids, parse_dates=["InvoiceDate"]).rename(columns=names)
    raw["customer_id"] = raw["customer_id"].str.removesuffix(".0")
    return raw


@pytest.fixture(scope="session")
def online_retail(online_retail_lines: pd.DataFrame) -> pd.DataFrame:
    """Return the lines of Online Retail that default cleaning keeps; copy them before you change them."""
    from shopper_widgets.orders.cleaning import clean_transactions

    return clean_transactions(online_retail_lines).transactions


@pytest.fixture(scope="session")
def online_retail_netted(online_retail_lines: pd.DataFrame) -> pd.DataFrame:
    """Return Online Retail cleaned with returns netted, as models use it; copy it before you change it."""
    from shopper_widgets.orders.cleaning import clean_transactions

    return clean_transactions(online_retail_lines, returns="net").transactions


@pytest.fixture(scope="session")
def online_retail_model(online_retail_lines: pd.DataFrame) -> "ShopperModel":
    """Return a model of Online Retail; copy it before you change it."""
    from shopper_widgets.model.shopper_model import ShopperModel

    return ShopperModel.fit(online_retail_lines, n_clusters=4, currency="£", progress=False)


@pytest.fixture(scope="session")
def small_shop() -> pd.DataFrame:
    """Return order lines of a small made-up shop; copy them before you change them."""
    from shopper_widgets.datasets import make_transactions

    return make_transactions(n_customers=150, n_products=60, n_days=200, random_state=0)


@pytest.fixture(scope="session")
def small_model(small_shop: pd.DataFrame) -> "ShopperModel":
    """Return a model of the small shop; copy it before you change it."""
    from shopper_widgets.model.shopper_model import ShopperModel

    return ShopperModel.fit(small_shop, n_clusters=4, currency="£", evaluate=True, progress=False)


@pytest.fixture(scope="session")
def wild_model(small_model: "ShopperModel") -> "ShopperModel":
    """Return a model in which spend ranges from almost nothing to millions, so that none can be predicted."""
    orders = small_model.orders
    power, times = (
        pd.util.hash_pandas_object(orders[name], index=False) % most
        for name, most in (("customer_id", 13), ("order_id", 9))
    )
    amount = 10.0 ** (power - 4.0) * (1 + times)
    return dataclasses.replace(small_model, orders=orders.assign(amount=amount))


#: Folder → test files that take seconds each, as they make shops, fit models or start programs.
SLOW = {
    "": ("docs", "engines", "package", "small_shops", "snapshots"),
    "charts": ("charts",),
    "customers": ("history", "one_cadence"),
    "customers/lifetime": ("outlook",),
    "model": ("bundle", "privacy", "shopper_model"),
    "orders": ("damaged_files", "identity", "marketplaces", "order_money", "reading", "returns"),
    "orders/cells": ("far_dates",),
    "orders/files": ("databases", "engines", "not_orders"),
    "publish": (
        *(
            "cli",
            "command_options",
            "dashboard_page",
            "forking",
            "notebook",
            "notebooks",
            "papermill_engine",
            "parameters",
            "results",
            "sections",
            "server",
        ),
        "visitors",
    ),
    "_support": ("grammars", "keeping", "writing"),
    "recommend": ("bars", "blend", "blend_weights", "catalogue", "co_purchases", "item", "purchases"),
    "recommend/baselines": ("baselines",),
    "recommend/evaluation": ("evaluate", "evaluation", "next_orders", "tuning"),
    "products": ("backtest", "demand", "discounts", "forecaster", "price_response", "stock", "stock_outs"),
    "segments": ("comparison", "explanation", "names_of_shops", "segmenter", "stability", "transform"),
    "words": ("customers", "overview", "shop", "why_segments"),
}


#: Rooms without widgets and notebooks, whose tests work with an event loop running.
LAST = ("orders", "segments", "recommend", "products", "charts", "_support")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark tests on pandas that need no browser, no real data and little time as fast; order the tests.

    Playwright leaves an event loop running, which panels take for a kernel's: browser tests come after the
    tests of panels. They don't come last either, since one worker runs them all, and the other would wait for
    it.
    """
    items.sort(key=_turn)
    for item in items:
        if _is_fast(item):
            item.add_marker(pytest.mark.fast)


def _turn(item: pytest.Item) -> int:
    room = item.path.relative_to(item.config.rootpath).parts[1]
    return 1 if room == "browser" else 2 if room in LAST and item.path.name.startswith("test_") else 0


def _is_fast(item: pytest.Item) -> bool:
    folders = item.path.relative_to(item.config.rootpath).parts[1:-1]
    slow = SLOW.get("/".join(folders), ())
    if folders[:1] in (("browser",), ("panels",)) or item.path.stem.removeprefix("test_") in slow:
        return False
    asked = getattr(item, "fixturenames", ())
    real = any(name.startswith(("online_retail", "cdnow")) for name in asked)
    many = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
    other_engine = any(engine in item.name for engine in ("duckdb", "polars"))
    return not (real or many or other_engine)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    """Share models between examples that fit the same one, mostly that of the sample."""
    if not isinstance(item, pytest.DoctestItem):
        return (yield)
    from shopper_widgets.model.shopper_model import ShopperModel

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ShopperModel, "fit", partial(_fitted_once, ShopperModel.fit))
        return (yield)


_fitted: dict[tuple[object, ...], Any] = {}


def _fitted_once(fit: Callable[..., Any], transactions: Any, **options: Any) -> Any:
    if not isinstance(transactions, pd.DataFrame):
        return fit(transactions, **options)
    rows = pd.util.hash_pandas_object(transactions)
    key = (tuple(transactions.columns), len(rows), int(rows.sum()), repr(sorted(options.items())))
    if key not in _fitted:
        _fitted[key] = fit(transactions, **options)
    return _fitted[key]


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> LoadFileScheduling:
    """Distribute tests to workers by file, so that what a file's tests share is made once."""
    return ByFile(config, log)


class ByFile(LoadFileScheduling):  # type: ignore[misc]
    """Distributes tests by file; browser tests, which wait for real servers, go to one worker."""

    def _split_scope(self, nodeid: str) -> str:
        browser = "tests/browser"
        return browser if nodeid.startswith(browser) else super()._split_scope(nodeid)


def pytest_make_parametrize_id(val: object) -> str | None:
    """Leave bytes out of a test's name: compressed ones hold a time, and the name would change."""
    return "bytes" if isinstance(val, bytes) else None
