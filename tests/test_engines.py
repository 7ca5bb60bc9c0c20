"""Orders give the same figures, to the cent, on every engine."""

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import ibis
import narwhals as nw
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from shopper_widgets.model import fitting
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.orders.cells.date_zones import naive
from shopper_widgets.orders.cleaning import CleanedTransactions, clean_transactions
from shopper_widgets.products.demand import demand_table
from shopper_widgets.recommend.item import ItemRecommender
from shopper_widgets.segments.rfm import rfm_table
from tests.databases import postgres

#: Options without the steps that take the same time on every engine.
OPTIONS: dict[str, Any] = {"n_clusters": 4, "recommender": ItemRecommender(), "progress": False}


@pytest.fixture(scope="module")
def weeks(online_retail_lines: pd.DataFrame) -> pd.DataFrame:
    """Return three weeks of Online Retail: enough for returns, and few enough for Spark on two cores."""
    moments = online_retail_lines["ordered_at"]
    return online_retail_lines[moments.between("2011-11-01", "2011-11-22")].reset_index(drop=True)


@pytest.fixture(scope="module")
def file(weeks: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("weeks") / "orders.parquet"
    weeks.to_parquet(path)
    return path


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    from pyspark.sql import SparkSession

    # Java compiles only quickly, and Spark not at all, since there are many queries and few lines.
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1",
        "spark.sql.session.timeZone": "Europe/Berlin",  # the zone in which Spark shows its timestamps
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.codegen.wholeStage": "false",
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.adaptive.enabled": "false",  # inspected plans are those that ran
    }
    builder = SparkSession.builder.master("local[2]")
    for name, value in settings.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


@pytest.fixture(scope="module")
def database() -> Iterator[Any]:
    with postgres() as server:
        connection = ibis.postgres.connect(
            host=server["host"], user=server["user"], database=server["dbname"]
        )
        yield connection
        connection.disconnect()


def in_postgres(path: Path, connection: Any) -> Any:
    return connection.create_table("orders", pq.read_table(path))


ENGINES: dict[str, Callable[..., Any]] = {
    "polars": pl.read_parquet,
    "polars-lazy": pl.scan_parquet,
    "duckdb": lambda path: duckdb.connect().read_parquet(str(path)),
    "pyarrow": pq.read_table,
    "ibis-duckdb": lambda path: ibis.duckdb.connect().read_parquet(path),
    "ibis-postgres": in_postgres,
    "spark": lambda path, session: session.read.parquet(str(path)),
}
SERVERS = {"ibis-postgres": "database", "spark": "spark"}


class Fitted:
    """A model, the cleaned orders that it is fitted to, and their demand."""

    def __init__(self, orders: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        def remembered(*args: Any, **options: Any) -> CleanedTransactions:
            self.cleaned = clean_transactions(*args, **options)
            return self.cleaned

        with monkeypatch.context() as patched:
            patched.setattr(fitting, "clean_transactions", remembered)
            self.model = ShopperModel.fit(orders, **OPTIONS)
        self.demand = demand_table(self.cleaned.all_sales)


@pytest.fixture(scope="module")
def expected(weeks: pd.DataFrame) -> Fitted:
    with pytest.MonkeyPatch.context() as monkeypatch:
        return Fitted(weeks, monkeypatch)


@pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")
@pytest.mark.parametrize("engine", ENGINES)
def test_figures_are_those_of_pandas(
    engine: str,
    file: Path,
    expected: Fitted,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    server = [request.getfixturevalue(SERVERS[engine])] if engine in SERVERS else []
    plans = watched_plans(monkeypatch) if engine == "spark" else []
    found = Fitted(ENGINES[engine](file, *server), monkeypatch)
    for table in ("customers", "products", "orders", "sales", "purchases", "audit"):
        pd.testing.assert_frame_equal(
            getattr(found.model, table),
            getattr(expected.model, table),
            check_dtype=False,
            check_like=True,
            rtol=0,
            atol=0.005,
        )
    pd.testing.assert_frame_equal(found.demand, expected.demand, rtol=0, atol=0.005)
    assert found.model.source == expected.model.source
    reasons = [fitted.model.rejected["reason"].value_counts().to_dict() for fitted in (found, expected)]
    assert reasons[0] == reasons[1]
    if engine == "spark":
        plans.append(plan_of(found.cleaned.transactions))
        check_plans(plans)


def watched_plans(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that collects each plan that Spark executes for cleaning."""
    from pyspark.sql.classic.dataframe import DataFrame

    plans: list[str] = []
    evaluate = DataFrame.localCheckpoint

    def watched(frame: Any, *args: Any) -> Any:
        plans.append(plan_of(frame))
        return evaluate(frame, *args)

    monkeypatch.setattr(DataFrame, "localCheckpoint", watched)
    return plans


def plan_of(frame: Any) -> str:
    return str(frame._jdf.queryExecution().executedPlan().toString())


def check_plans(plans: list[str]) -> None:
    """Assert that no window puts all lines into one partition, and that lines are cleaned only once."""
    windows = [plan for plan in plans if "Window [" in plan]
    assert windows  # netting uses windows
    assert not [plan for plan in plans if "SinglePartition" in plan]
    assert "Scan ExistingRDD" in plans[-1]
    assert "FileScan" not in plans[-1]


def test_timestamps_of_spark_are_read_in_the_shops_own_zone(spark: Any) -> None:
    frame = nw.from_native(spark.sql("SELECT TIMESTAMP '2024-06-30 23:30:00+00:00' AS ordered_at"))
    for zone, moment in {
        "UTC": dt.datetime(2024, 6, 30, 23, 30),
        "Asia/Tokyo": dt.datetime(2024, 7, 1, 8, 30),
    }.items():
        assert naive(frame, "ordered_at", zone).to_native().collect()[0][0] == moment


def test_a_moment_to_look_from_is_understood_by_each_engine(weeks: pd.DataFrame) -> None:
    lines = clean_transactions(weeks).transactions
    expected = rfm_table(lines, as_of="2011-11-15")
    table = ibis.memtable(pa.Table.from_pandas(lines, preserve_index=False))
    pd.testing.assert_frame_equal(
        rfm_table(table, as_of="2011-11-15"), expected, check_dtype=False, rtol=0, atol=0.005
    )
