"""The model's tables agree with one another and with the parts that they come from."""

from __future__ import annotations

import datetime as dt
import json
import pickle
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import joblib
import numpy as np
import pandas as pd
import polars as pl
import pytest

from shopper_widgets._support.locale import in_locale
from shopper_widgets.columns import RFM
from shopper_widgets.model.fitting import REJECTED_SHOWN, _fingerprint
from shopper_widgets.model.privacy import pseudonymous
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.orders.cleaning import clean_transactions
from shopper_widgets.recommend.item import ItemRecommender
from shopper_widgets.segments import CustomerSegmenter
from shopper_widgets.segments.rfm import rfm_table


def test_every_table_tells_the_same_revenue(small_model: ShopperModel, small_shop: pd.DataFrame) -> None:
    revenue = clean_transactions(small_shop, returns="net").transactions["amount"].sum()
    model = small_model
    for total in (
        model.orders["amount"].sum(),
        model.sales["amount"].sum(),
        model.purchases["amount"].sum(),
        model.products["revenue"].sum(),
        model.customers["monetary"].sum(),
        model.segments["revenue"].sum(),
        model.audit.set_index("rule").loc["kept", "amount"],
    ):
        assert total == pytest.approx(revenue)


def test_customers_are_those_of_the_rfm_table_with_their_segments(
    small_model: ShopperModel, small_shop: pd.DataFrame
) -> None:
    kept = clean_transactions(small_shop, returns="net").transactions
    rfm = rfm_table(kept)
    customers = small_model.customers
    pd.testing.assert_frame_equal(customers[["customer_id", *RFM]], rfm, check_like=True)
    assert small_model.as_of == rfm.attrs["as_of"] == kept["ordered_at"].max() + pd.Timedelta(days=1)
    assert (customers["segment"] == small_model.segmenter.predict(rfm)).all()
    counted = customers["segment"].value_counts()
    assert counted.to_dict() == small_model.segments.set_index("segment")["customers"].to_dict()
    last = kept.groupby("customer_id")["ordered_at"].max()
    assert (customers.set_index("customer_id")["last_order"] == last).all()


@pytest.mark.parametrize("engine", [pl.from_pandas, lambda f: pl.from_pandas(f).lazy(), duckdb.from_df])
def test_engines_agree(engine, small_model: ShopperModel, small_shop: pd.DataFrame) -> None:
    model = ShopperModel.fit(engine(small_shop), n_clusters=4, currency="£", progress=False)
    for table in ("customers", "products", "orders", "sales", "purchases", "audit"):
        pd.testing.assert_frame_equal(getattr(model, table), getattr(small_model, table), check_dtype=False)
    assert model.source["fingerprint"] == small_model.source["fingerprint"]
    product = small_model.products["product_id"][0]
    pd.testing.assert_frame_equal(
        model.recommender.similar(product), small_model.recommender.similar(product), check_dtype=False
    )


def test_order_of_lines_does_not_matter(small_model: ShopperModel, small_shop: pd.DataFrame) -> None:
    shuffled = small_shop.sample(frac=1, random_state=1)
    model = ShopperModel.fit(shuffled, n_clusters=4, progress=False)
    pd.testing.assert_frame_equal(model.customers, small_model.customers)
    assert model.source["fingerprint"] == small_model.source["fingerprint"]


def test_returns_are_netted_unless_asked_otherwise(small_shop: pd.DataFrame) -> None:
    """The default is `returns="net"`: customers who sent everything back aren't ranked or segmented."""
    sale = small_shop[small_shop["customer_id"].notna() & (small_shop["quantity"] > 0)].tail(1)
    spree = sale.assign(order_id="999998", customer_id="regretful", quantity=10_000, product_id="PAPERCRAFT")
    regret = spree.assign(
        order_id="C999999", quantity=-10_000, ordered_at=sale["ordered_at"] + pd.Timedelta(minutes=12)
    )
    lines = pd.concat([small_shop, spree, regret], ignore_index=True)
    model = ShopperModel.fit(lines, n_clusters=2, progress=False)
    assert model.parameters["returns"] == "net"
    assert "regretful" not in set(model.customers["customer_id"])
    assert "PAPERCRAFT" not in set(model.products["product_id"])
    # With the textbook's way, if asked for, the returned spree leads every table.
    dropped = ShopperModel.fit(lines, returns="drop", n_clusters=2, progress=False)
    assert dropped.customers.nlargest(1, "monetary")["customer_id"].tolist() == ["regretful"]
    assert dropped.products["product_id"][0] == "PAPERCRAFT"


def test_first_screen_of_online_retail_holds_what_customers_kept(
    online_retail_model: ShopperModel, online_retail_netted: pd.DataFrame
) -> None:
    model, audit = online_retail_model, online_retail_model.audit.set_index("rule")
    # 4,338 customers bought; eleven of them sent everything back, among them 12346 with £77,183.60.
    assert len(model.customers) == 4_327 and "12346" not in set(model.customers["customer_id"])
    assert audit.loc["customers who kept nothing", ["rows", "customers"]].tolist() == [181, 11]
    assert audit.loc["customers who kept nothing", "amount"] == pytest.approx(84_535.41)
    assert audit.loc["returned", "amount"] == pytest.approx(464_239.77)
    assert model.orders["amount"].sum() == pytest.approx(8_447_168.134)
    assert model.products["product_name"].head(2).tolist() == [
        "REGENCY CAKESTAND 3 TIER",
        "WHITE HANGING HEART T-LIGHT HOLDER",
    ]
    assert model.products["revenue"][0] == pytest.approx(133_948.45)
    assert "23843" not in set(model.products["product_id"])  # PAPER CRAFT, cancelled twelve minutes later
    best = model.customers.nlargest(5, "monetary")["customer_id"].tolist()
    assert best == ["14646", "18102", "17450", "14911", "12415"]
    assert model.customers.set_index("customer_id").loc["16446", "monetary"] == pytest.approx(2.90)
    assert len(online_retail_netted) == audit.loc["kept", "rows"] == 395_094


def test_estimators_given_are_cloned_not_changed(small_shop: pd.DataFrame) -> None:
    segmenter, recommender = CustomerSegmenter(n_clusters=2), ItemRecommender(min_support=1)
    model = ShopperModel.fit(small_shop, segmenter=segmenter, recommender=recommender, progress=False)
    assert not hasattr(segmenter, "n_clusters_")
    assert not hasattr(recommender, "scores_")
    assert model.segmenter.n_clusters_ == 2
    assert model.recommender.min_support == 1
    assert model.parameters["n_clusters"] == 2


def test_as_of_looks_at_the_shop_as_it_was_then(small_shop: pd.DataFrame) -> None:
    as_of = small_shop["ordered_at"].min().normalize() + pd.Timedelta(days=100)
    model = ShopperModel.fit(small_shop, as_of=as_of, n_clusters=2, progress=False)
    earlier = small_shop[small_shop["ordered_at"] <= as_of]
    assert model.orders["ordered_at"].max() <= as_of == model.as_of
    expected = clean_transactions(earlier, returns="net").transactions["amount"].sum()
    assert model.orders["amount"].sum() == pytest.approx(expected)
    assert (model.rejected["reason"] == "after as_of").any()


def test_rejected_lines_are_shown_up_to_a_number_per_reason(small_shop: pd.DataFrame) -> None:
    many = pd.concat([small_shop] * 3 + [small_shop.assign(customer_id=None)] * 5, ignore_index=True)
    model = ShopperModel.fit(many, n_clusters=2, progress=False)
    shown = model.rejected["reason"].value_counts()
    assert shown["missing customer"] == REJECTED_SHOWN
    assert model.audit.set_index("rule")["rows"]["missing customer"] > REJECTED_SHOWN


def test_nothing_left_is_an_error_that_says_why(small_shop: pd.DataFrame) -> None:
    anonymous = small_shop.head(20).assign(customer_id=None)
    with pytest.raises(
        ValueError, match=r"no line left after cleaning, of 20 read: \d+ missing customer\. Check"
    ):
        ShopperModel.fit(anonymous, progress=False)


def test_what_was_given_is_remembered(small_shop: pd.DataFrame) -> None:
    model = ShopperModel.fit(
        small_shop, returns="net", n_clusters=3, currency="€", source={"name": "shop.csv"}, progress=False
    )
    assert (model.currency, model.source["name"], model.source["rows"]) == ("€", "shop.csv", len(small_shop))
    assert model.parameters["returns"] == "net"
    json.dumps([model.parameters, model.source])


def test_evaluation_stands_beside_simple_methods(small_model: ShopperModel) -> None:
    evaluation = small_model.evaluation
    assert evaluation is not None
    assert {"ours", "Popularity"} <= set(evaluation["method"])


def test_too_short_a_time_is_not_evaluated(small_shop: pd.DataFrame) -> None:
    start = small_shop["ordered_at"].min()
    weeks = small_shop[small_shop["ordered_at"] < start + pd.Timedelta(days=30)]
    assert ShopperModel.fit(weeks, n_clusters=2, evaluate=True, progress=False).evaluation is None


def test_a_shop_with_nothing_to_ask_is_not_evaluated(small_shop: pd.DataFrame) -> None:
    one_order_each = small_shop.drop_duplicates("order_id").eval("customer_id = order_id")
    model = ShopperModel.fit(one_order_each, n_clusters=2, evaluate=True, progress=False)
    assert model.evaluation is None


@pytest.mark.parametrize("name", ["model.joblib", "model.pkl"])
def test_joblib_export_predicts_as_the_model(small_model: ShopperModel, tmp_path: Path, name: str) -> None:
    # A file that the same test made can be trusted.
    path = small_model.export_joblib(tmp_path / name)
    loaded = pickle.loads(path.read_bytes()) if name.endswith(".pkl") else joblib.load(path)
    assert set(loaded) == {"segmenter", "recommender", "manifest"}
    rfm = small_model.customers[list(RFM)]
    np.testing.assert_array_equal(loaded["segmenter"].predict(rfm), small_model.segmenter.predict(rfm))
    product = small_model.products["product_id"][0]
    pd.testing.assert_frame_equal(
        loaded["recommender"].similar(product), small_model.recommender.similar(product)
    )
    assert loaded["manifest"]["as_of"] == small_model.as_of.isoformat()


def test_lines_are_all_that_was_sold_and_survive_saving(small_shop: pd.DataFrame, tmp_path: Path) -> None:
    shop = small_shop.assign(channel=["web" if i % 3 else "till" for i in range(len(small_shop))])
    model = ShopperModel.fit(shop, n_clusters=2, keep=["channel"], progress=False)
    known = model.lines[model.lines["customer_id"].notna()]
    assert known["amount"].sum() == pytest.approx(model.orders["amount"].sum())
    assert len(known) < len(model.lines)
    pd.testing.assert_frame_equal(
        model.all_orders.dropna(subset="customer_id", ignore_index=True), model.orders, check_dtype=False
    )
    assert model.all_sales["amount"].sum() == pytest.approx(model.lines["amount"].sum())
    assert model.all_products["revenue"].sum() == pytest.approx(model.lines["amount"].sum())
    loaded = ShopperModel.load(model.save(tmp_path / "model"))
    pd.testing.assert_frame_equal(loaded.lines, model.lines)
    assert loaded.parameters["keep"] == ["channel"]
    hidden = pseudonymous(model, b"only the shop knows this")
    assert not set(hidden.lines["customer_id"].cat.categories) & set(known["customer_id"])
    assert list(hidden.lines["customer_id"].cat.categories) == sorted(set(hidden.customers["customer_id"]))
    assert set(hidden.lines["channel"]) == {"web", "till"}
    assert "left_out" not in hidden.source["pseudonyms"]


def test_pseudonyms_leave_out_columns_that_could_name_people(small_shop: pd.DataFrame) -> None:
    shop = small_shop.assign(e_mail=small_shop["customer_id"].fillna("") + "@example.org", channel="web")
    model = ShopperModel.fit(shop, n_clusters=2, keep=["e_mail", "channel"], progress=False)
    hidden = pseudonymous(model, b"only the shop knows this")
    assert "e_mail" not in hidden.lines and "channel" in hidden.lines
    assert hidden.source["pseudonyms"]["left_out"] == ["e_mail"]


#: Kept column → its cells, and the values that the model keeps.
CELLS: dict[str, tuple[Any, list[Any]]] = {
    "truth": ([True, False], [False, True]),
    "truth, not everywhere": ([True, None], [True]),
    "whole numbers": ([1, 2], [1, 2]),
    "numbers": ([1.5, None], [1.5]),
    "categories": (pd.Categorical(["x", None]), ["x"]),
    "days": ([dt.date(2024, 1, 5), None], [pd.Timestamp("2024-01-05")]),
    "hours": ([dt.time(9, 30), dt.time(17)], ["09:30:00", "17:00:00"]),
    "decimals": ([Decimal("1.50"), Decimal("2")], ["1.50", "2"]),
    "mixed": (["a", 1], ["1", "a"]),
    "spans": (pd.to_timedelta([1, 2], unit="h"), ["0 days 01:00:00", "0 days 02:00:00"]),
    "nothing": ([None, None], []),
}


def test_kept_columns_of_any_kind_survive_saving(small_shop: pd.DataFrame, tmp_path: Path) -> None:
    turns = np.arange(len(small_shop)) % 2
    shop = small_shop.assign(
        **{name: pd.Series(cells).iloc[turns].array for name, (cells, _) in CELLS.items()}
    )
    model = ShopperModel.fit(shop, n_clusters=2, keep=[*CELLS, *CELLS], progress=False)
    assert model.parameters["keep"] == list(CELLS)
    for name, (_, kept) in CELLS.items():
        told = model.lines[name].dropna().astype(object).unique().tolist()
        assert sorted(told) == kept, name
    loaded = ShopperModel.load(model.save(tmp_path / "model"))
    # A file doesn't hold the type of categories of a column without values.
    assert loaded.lines.pop("nothing").isna().all() and model.lines.pop("nothing").isna().all()
    pd.testing.assert_frame_equal(loaded.lines, model.lines)


def test_what_a_table_can_t_hold_is_not_kept(small_shop: pd.DataFrame) -> None:
    tags = small_shop.assign(tags=pd.Series([["gift"]] * len(small_shop), dtype=object), _x="a")
    with pytest.raises(TypeError, match="keep names 'tags', which holds list values; give text"):
        ShopperModel.fit(tags, keep=["tags"], progress=False)
    with pytest.raises(ValueError, match="keep names '_x', which this package uses itself: rename"):
        ShopperModel.fit(tags, keep=["_x"], progress=False)
    with pytest.raises(TypeError, match="keep must be text"):
        ShopperModel.fit(tags, keep=[1], progress=False)  # type: ignore[list-item]


def test_what_is_kept_must_be_there(small_shop: pd.DataFrame) -> None:
    with pytest.raises(ValueError, match="keep names 'shelf', which the orders don't have; they have"):
        ShopperModel.fit(small_shop, keep=["shelf"], progress=False)
    with pytest.raises(ValueError, match="keep names 'country', which is kept anyway"):
        ShopperModel.fit(small_shop, keep=["country"], progress=False)
    with pytest.raises(TypeError, match=r"keep must be a list of columns: write \['shelf'\]"):
        ShopperModel.fit(small_shop, keep="shelf", progress=False)


def test_a_fingerprint_is_of_the_orders_whatever_holds_them() -> None:
    orders = pd.DataFrame(
        {
            "order_id": ["1", "23"],
            "customer_id": ["a", None],
            "ordered_at": pd.to_datetime(["2011-01-01 09:00", "2011-01-02 00:00"]).astype("datetime64[s]"),
            "lines": [1, 2],
            "amount": [0.1 + 0.2, 5.0],
        }
    )
    found = _fingerprint(orders)
    otherwise = orders.astype({"customer_id": "category", "ordered_at": "datetime64[ns]", "lines": "int32"})
    assert _fingerprint(otherwise.assign(amount=[0.3, 5])) == found
    told_apart = [
        orders.assign(order_id=["12", "3"]),
        orders.assign(customer_id=["a", ""]),
        orders.assign(amount=[0.31, 5.0]),
        orders.assign(ordered_at=orders["ordered_at"] + pd.Timedelta(seconds=1)),
    ]
    assert len({found, *map(_fingerprint, told_apart)}) == 5


def test_what_is_stored_is_the_same_in_every_language(small_shop: pd.DataFrame) -> None:
    odd = small_shop.copy()
    odd.loc[odd.index[-1], "order_id"] = "C1"
    odd.loc[odd.index[-1], "quantity"] = -1
    models, cards = [], []
    for locale in ("en", "de"):
        with in_locale(locale):
            models.append(ShopperModel.fit(odd, progress=False))
            cards.append((repr(models[-1]), models[-1].segmenter._repr_html_()))
    english, german = models
    assert "of k = " in english.segmenter.reason_ and "line" in english.source["notes"][0]
    assert german.source == english.source and cards[0] == cards[1]
    assert german.segmenter.reason_ == english.segmenter.reason_


@pytest.mark.parametrize("unit", [0.001, 1_000])
def test_segments_are_those_of_the_same_money_in_another_unit(
    small_shop: pd.DataFrame, small_model: ShopperModel, unit: float
) -> None:
    counted = small_shop.assign(unit_price=small_shop["unit_price"] * unit)
    model = ShopperModel.fit(counted, evaluate=False, progress=False)
    pd.testing.assert_series_equal(model.customers["segment"], small_model.customers["segment"])
