"""The report's parameters: each value from papermill is checked and cast, or named in an error."""

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from shopper_widgets._support.locale import in_locale
from shopper_widgets.customers.campaign import Campaign
from shopper_widgets.model.privacy import pseudonymous
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.panels import Dashboard
from shopper_widgets.publish.casts import read_on_hand
from shopper_widgets.publish.parameters import ReportParameters
from shopper_widgets.words.value import ValueTerms, known_terms


def check(**changes: Any) -> ReportParameters:
    """Check the parameters of a quick report, with some changed."""
    return ReportParameters.check(**({"returns": "drop", "stability_budget": 0} | changes))


def test_an_unknown_parameter_is_named() -> None:
    with pytest.raises(TypeError, match="A report has no parameter 'top_m'; it has data, engine, columns"):
        check(top_m=3)
    assert ReportParameters.of({"top_n": "4", "display": print}).top_n == 4


@pytest.mark.parametrize("value", ["shop.csv", 4, None, ["a"], {"a": 1}, True])
def test_a_value_under_another_name_is_refused(value):
    jupyters = {"In": ["", "x"], "Out": {}, "_i1": "x", "_": 4, "exit": print, "__name__": "__main__"}
    assert ReportParameters.of({"top_n": 4} | jupyters).top_n == 4
    with pytest.raises(TypeError, match="A report has no parameter 'orders'; it has data, "):
        ReportParameters.of({"top_n": 4, "orders": value} | jupyters)


def test_defaults() -> None:
    checked = check()
    assert (checked.data, checked.columns, checked.as_of, checked.n_clusters) == ("", None, None, "auto")
    assert checked.model_folder == Path("out/model")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("n_clusters", 4, 4),
        ("n_clusters", "4", 4),
        ("n_clusters", 4.0, 4),
        ("n_clusters", " Auto ", "auto"),
        ("stability_budget", "20", 20),
        ("stability_budget", 0, 0),
        ("top_n", "7", 7),
        ("columns", '{"customer_id": "Kundennr"}', {"customer_id": "Kundennr"}),
        ("columns", None, None),
        ("reading", '{"dayfirst": true, "sheet": "1"}', {"dayfirst": True, "sheet": 1}),
        (
            "reading",
            {"rates": '{"EUR": "1.17"}', "discounts": "leave"},
            {"rates": {"EUR": 1.17}, "discounts": "leave"},
        ),
        ("keep", "channel, coupon", ("channel", "coupon")),
        ("keep", '["channel", "Store, city"]', ("channel", "Store, city")),
        ("keep", ["channel"], ("channel",)),
        ("keep", "[]", ()),
        ("cleaning", "", {}),
        (
            "cleaning",
            '{"cancelled": "none", "adjustments": "^ADJ"}',
            {"cancelled": None, "adjustments": "^ADJ"},
        ),
        ("cleaning", {"not_sold": "refunded, on hold"}, {"not_sold": ["refunded", "on hold"]}),
        (
            "cleaning",
            {"not_sold": ["void"], "duplicates": "drop"},
            {"not_sold": ["void"], "duplicates": "drop"},
        ),
        ("as_of", "2011-12-10", pd.Timestamp("2011-12-10")),
        ("as_of", None, None),
        ("data", 2024, "2024"),
        ("service", "0.9", 0.9),
        ("service", "a=0.98, B = 0.95", {"A": 0.98, "B": 0.95}),
        ("service", '{"CZ": 0.8}', {"CZ": 0.8}),
        ("service", {"A": 0.98}, {"A": 0.98}),
        ("currency", "£", "£"),
        ("title", "Q4 & <b>", "Q4 & <b>"),
    ],
)
def test_values_are_cast(name: str, value: Any, expected: Any) -> None:
    assert getattr(check(**{name: value}), name) == expected


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("n_clusters", 0, "n_clusters must be a whole number from 1 to 10 or 'auto'; got 0"),
        ("n_clusters", "many", "n_clusters must be"),
        ("n_clusters", 2.5, "n_clusters must be"),
        ("n_clusters", True, "n_clusters must be"),
        ("stability_budget", 1, "stability_budget must be a whole number from 2 to 1000 or 0; got 1"),
        ("top_n", 51, "top_n must be a whole number from 1 to 50; got 51"),
        ("returns", "keep", "returns must be 'drop' or 'net'; got 'keep'"),
        ("as_of", "someday", "as_of must be a date"),
        ("columns", "customer_id", "columns must be a mapping"),
        ("columns", [1], "columns must be a mapping"),
        ("previous", "no/such/model", "previous must be the folder of an earlier model.*'no/such/model'"),
        ("campaign", "no/such.json", "no/such.json must be the definition of a campaign, as JSON"),
        ("pseudonymous", "maybe", "pseudonymous must be true or false"),
        ("service", "A=98", "service of A must be a share between 0 and 1, such as 0.4; got '98'"),
        ("service", {"D": 0.9}, "service must be given for classes such as A, X or AX; got 'D'"),
        ("service", "often", "service must be a share"),
        ("service", {"A": 0.9, "a": 0.5}, "service must name each class once; it names 'A' and 'a'"),
        ("service", "A=.98, a=.9", "service must name each class once; it names 'A' and 'a'"),
        ("service", '{"A": 0.9, "A": 0.5}', "service must name each class once; it names 'A' and 'A'"),
        ("stock", "sqlite:///shelf.db", "is a database: give stock_query or stock_table with it"),
        ("stock_query", "SELECT 1", "stock must be its URL or file; got ''"),
        ("stock_decimal", ";", "stock_decimal must be '.' or ','; got ';'"),
        ("stock_budget", "much", "stock_budget must be an amount of money, 0 or more; got 'much'"),
        ("stock_space", -1, "stock_space must be an amount of room, 0 or more; got -1"),
        ("stock_budget", 100, "stock_budget limits an order, .*: give stock, too; got 100 alone"),
        ("stock_space", "2.5", "stock_space limits an order, .*: give stock, too; got 2.5 alone"),
        ("reading", "dayfirst", "reading must be a mapping such as"),
        ("reading", {"rates": {"EUR": "much"}}, 'rates must be a mapping such as {"EUR": 1.17}'),
        ("reading", {"rates": "EUR"}, "rates must be a mapping"),
        ("cleaning", {"canceled": "^C"}, "cleaning must hold only options of clean_transactions.*'canceled'"),
        ("reading", {"day_first": True}, "reading must hold only options of read_transactions.*'day_first'"),
    ],
)
def test_wrong_values_are_named(name: str, value: Any, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        check(**{name: value})


def test_the_sample_is_fitted_when_no_orders_are_named() -> None:
    model = check(n_clusters=3, currency="€").fit()
    assert (model.source["name"], model.currency, len(model.segments)) == ("Sample shop (made up)", "€", 3)
    assert model.evaluation is not None and known_terms(model) is None


def test_a_model_knows_the_acquisition_cost_that_its_report_was_told(tmp_path: Path) -> None:
    model = check(n_clusters=3, acquisition_cost=60, margin=0.3).fit()
    model.save(tmp_path / "model")
    assert known_terms(ShopperModel.load(tmp_path / "model")) == ValueTerms(0.3, 60.0)


def test_orders_of_an_unknown_layout_need_their_columns(small_shop: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "bestellungen.csv"
    small_shop.drop(columns="source_line", errors="ignore").rename(
        columns={"customer_id": "Kundennr"}
    ).to_csv(path, index=False)
    with pytest.raises(ValueError, match="customer_id"):
        check(data=str(path)).fit()
    model = check(data=str(path), columns={"customer_id": "Kundennr"}, n_clusters=2, locale="de").fit()
    assert model.source["name"] == "bestellungen.csv"
    # the page has the usual title in its own language, whichever the report's language was
    assert model.source["title"] == "Customers and products"
    assert Dashboard(model).title == "Customers and products"
    assert Dashboard(model, locale="de").title == "Kunden und Produkte"
    assert model.source["columns"]["customer_id"] == "Kundennr"
    assert len(model.customers) > 100


def test_a_doubt_about_dates_is_settled_by_the_caller(small_shop: pd.DataFrame, tmp_path: Path) -> None:
    path = tmp_path / "orders.csv"
    early = small_shop[small_shop["ordered_at"].dt.day <= 12]
    early.assign(ordered_at=early["ordered_at"].dt.strftime("%d/%m/%Y %H:%M")).to_csv(path, index=False)
    with pytest.raises(ValueError, match="dayfirst"):
        check(data=str(path)).fit()
    model = check(data=str(path), reading={"dayfirst": True}, n_clusters=2).fit()
    assert model.orders["ordered_at"].max().date() == model.as_of.date() - pd.Timedelta(days=1)
    assert set(model.orders["ordered_at"].dt.day) <= set(range(1, 13))


def test_pseudonyms_need_a_secret_and_leave_no_id(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The error comes before anything is fitted.
    monkeypatch.delenv("SHOPPER_PSEUDONYM_KEY", raising=False)
    with pytest.raises(ValueError, match="SHOPPER_PSEUDONYM_KEY"):
        check(pseudonymous="true")
    monkeypatch.setenv("SHOPPER_PSEUDONYM_KEY", "a" * 20)
    with pytest.raises(ValueError, match="at least 6 different bytes"):
        check(pseudonymous="true")
    monkeypatch.setenv("SHOPPER_PSEUDONYM_KEY", "only the shop knows this one")
    asked = check(pseudonymous="true", n_clusters=2, out=str(tmp_path))
    model = asked.fit()
    plain = check(n_clusters=2).fit()
    assert not set(model.customers["customer_id"]) & set(plain.customers["customer_id"])
    assert "only the shop knows" not in repr(asked)


def test_changes_since_an_earlier_bundle(small_model: ShopperModel, tmp_path: Path) -> None:
    folder = small_model.save(tmp_path / "model")
    assert "unchanged" in check(previous=str(folder)).changes(small_model)[0]
    assert check().changes(small_model) == []


def test_changes_since_a_bundle_without_pseudonyms(
    small_model: ShopperModel, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SHOPPER_PSEUDONYM_KEY", "only the shop knows this one")
    folder = small_model.save(tmp_path / "model")
    hidden = pseudonymous(small_model, "only the shop knows this one")
    said = check(previous=str(folder), pseudonymous=True).changes(hidden)
    assert said == check(previous=str(folder)).changes(small_model)


def test_a_campaign_is_written_as_its_own_list(small_model: ShopperModel, tmp_path: Path) -> None:
    campaign = Campaign("Thanks, friends", segments=("High-Value",), n_recommendations=2, hold_out=0.2)
    (tmp_path / "definition.json").write_text(campaign.to_json(), encoding="utf-8")
    asked = check(campaign=str(tmp_path / "definition.json"), out=str(tmp_path), top_n=3)
    shown, said = asked.run_campaign(small_model)
    written = (tmp_path / "thanks-friends.csv").read_bytes().decode("utf-8")
    assert written == campaign.to_csv(small_model, byte_order_mark=True)
    assert shown["customer_id"].tolist() == campaign.select(small_model)["customer_id"].head(3).tolist()
    assert said[0].startswith("Campaign “Thanks, friends”: ")
    assert said[-1] == "The full list is in thanks-friends.csv, in the folder of this report."
    with in_locale("de"):
        asked.run_campaign(small_model)
    assert "Nicht kontaktieren: " in (tmp_path / "thanks-friends.csv").read_text("utf-8-sig")
    nothing, silence = check().run_campaign(small_model)
    assert nothing.empty and silence == []


def test_a_campaign_for_another_shop_is_told(small_model: ShopperModel, tmp_path: Path) -> None:
    path = tmp_path / "definition.json"
    path.write_text(Campaign(segments=("Champions",)).to_json(), encoding="utf-8")
    with pytest.raises(ValueError, match="segments: there is no 'Champions' in the model, which has At-Risk"):
        check(campaign=str(path), out=str(tmp_path)).run_campaign(small_model)


def test_what_was_sold_is_settled_by_the_caller(
    small_shop: pd.DataFrame, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "orders.csv"
    number = small_shop["order_id"].astype(str)
    dollars = number.str.endswith("1")
    small_shop.assign(
        order_id="C" + number.where(~number.str.endswith("2"), "RMA" + number),
        status=number.str[-1].map({"3": "refunded", "4": "gone"}).fillna("paid"),
        currency=dollars.map({True: "USD", False: "EUR"}),
        discount=(number.str[-1] == "5") * 0.5,
        total=1.0,
    ).to_csv(path, index=False)
    reading = {"rates": {"USD": 2, "EUR": 1}, "discounts": "leave"}
    cleaning = {"cancelled": "RMA", "adjustments": "none", "not_sold": ["gone"], "duplicates": "drop"}
    model = check(data=str(path), reading=reading, cleaning=cleaning, n_clusters=2).fit()
    last = model.orders["order_id"].str[-1]
    assert not {"2", "4"} & set(last)
    assert "3" in set(last)
    paid = (
        small_shop.assign(amount=small_shop["quantity"] * small_shop["unit_price"])
        .groupby("order_id")["amount"]
        .sum()
    )
    paid.index = "C" + paid.index
    for end, factor in (("1", 2), ("5", 1)):  # converted, with the discount not deducted
        orders = model.orders[last == end].set_index("order_id")["amount"]
        assert len(orders) > 0
        pd.testing.assert_series_equal(
            orders.sort_index(), (paid[orders.index] * factor).sort_index(), check_names=False
        )
    asked = {name: model.parameters[name] for name in cleaning}
    assert asked == {**cleaning, "adjustments": None}
    told = " ".join(model.source["notes"])
    for words in (
        "Converted by the rates given",
        "'discount' (fractions of the price)",
        "of the pattern RMA",
    ):
        assert words in told
    assert "rates" not in caplog.text  # the report says it; a cell's log would repeat it


def test_orders_of_a_database_in_local_time_and_what_could_not_be_read(tmp_path):
    import sqlite3
    from contextlib import closing

    from shopper_widgets.words import shop as shop_words

    lines = [
        (f"o{n}", f"p{n % 7}", f"c{n % 9}", f"2024-{n % 12 + 1:02}-05T23:30:00Z", 1 + n % 3, 2.5)
        for n in range(90)
    ]
    with closing(sqlite3.connect(tmp_path / "shop.db")) as shop, shop:
        shop.execute(
            "CREATE TABLE orders (order_id, product_id, customer_id, ordered_at, quantity, unit_price)"
        )
        shop.executemany("INSERT INTO orders VALUES (?, ?, ?, ?, ?, ?)", lines)
        shop.execute("INSERT INTO orders VALUES ('o91', 'p1', 'c1', 'some day', 1, 2.5)")
    reading = {"table": "orders", "timezone": "Europe/Berlin"}
    settings = check(data=f"sqlite:///{tmp_path}/shop.db", reading=reading, n_clusters=2, stability_budget=0)
    model = settings.fit()
    assert model.orders["ordered_at"].max() == pd.Timestamp("2024-12-06 00:30")
    assert model.source["name"] == "shop.db"
    assert shop_words.unread(model) == [
        "1 value of 91 under 'ordered_at' cannot be read as a date, for example 'some day'; the lines are "
        "left out."
    ]


def test_a_password_is_not_written_into_a_notebook():
    for name in ("data", "stock"):
        for url in (
            "postgresql://me:secret@host/shop",
            "postgresql://host/shop?user=me&password=secret",
            "postgresql://me:se#secret@host/shop",
            "postgresql://me:se?secret@host/shop",
            "postgresql://me:se/secret@host/shop",
            "postgresql://host/shop?sslpassword=secret",
            "mssql+pyodbc:///?odbc_connect=DRIVER%3DX%3BPWD%3Dsecret",
            "postgresql://me:secret/shop",
        ):
            with pytest.raises(ValueError, match=f"{name} must not hold a password") as refused:
                check(**{name: url})
            assert "secret" not in str(refused.value)
    with pytest.raises(ValueError, match=r"^stock can't be read: .*its port must be a number"):
        check(stock="postgresql://[::1/shop", stock_table="shelf")
    with pytest.raises(ValueError, match=r"'postgresql://me:\*\*\*@host/shop' is a database"):
        read_on_hand("postgresql://me:secret@host/shop", "", "", None, "")


def test_stock_of_a_database_and_a_level_for_each_class(small_model: ShopperModel, tmp_path: Path) -> None:
    import sqlite3
    from contextlib import closing

    with closing(sqlite3.connect(tmp_path / "shelf.db")) as shelf, shelf:
        shelf.execute("CREATE TABLE shelf (sku, units)")
        goods = small_model.all_products.query("is_product")["product_id"].head(4)
        shelf.executemany("INSERT INTO shelf VALUES (?, ?)", [(code, 3) for code in goods])
    told = {"stock": f"sqlite:///{tmp_path}/shelf.db", "out": str(tmp_path)}
    with pytest.raises(ValueError, match=r"stock must be what a database gives .* lacks on_hand, product_id"):
        check(**told, stock_table="shelf")
    query = "SELECT sku AS product_id, units AS on_hand FROM shelf"
    settings = check(**told, stock_query=query, service={"A": 0.98, "C": 0.8})
    plan, _ = settings.plan_stock(small_model)
    assert plan["on_hand"].dropna().tolist() == [3.0] * 4
    file = {"stock": str(tmp_path / "shelf.db"), "out": str(tmp_path)}
    from_file, _ = check(**file, stock_query=query).plan_stock(small_model)
    assert from_file["on_hand"].dropna().tolist() == [3.0] * 4
    with pytest.raises(ValueError, match="is a database: give stock_query or stock_table with it"):
        check(**file)
    assert plan.groupby(plan["group"].str[0])["service_level"].unique().explode().to_dict() == {
        "A": 0.98,
        "B": 0.95,
        "C": 0.8,
    }


def test_a_stock_file_of_a_german_shop_is_planned_with(small_model: ShopperModel, tmp_path: Path) -> None:
    goods = small_model.all_products.query("is_product")["product_id"].head(2)
    path = tmp_path / "bestand.csv"

    def write(number: str) -> None:
        text = "product_id;on_hand;Lager\n" + "".join(f"{code};{number};Köln\n" for code in goods)
        path.write_bytes(text.encode("cp1252"))

    write("1.250,5")
    plan, _ = check(stock=path, out=str(tmp_path)).plan_stock(small_model)
    assert plan["on_hand"].dropna().tolist() == [1250.5] * 2
    write("1.250")
    with pytest.raises(ValueError, match=r"stock_decimal must say .*'1\.250' is 1\.25 with .*, 1250 with"):
        check(stock=path)
    told = check(stock=path, stock_decimal=",", stock_encoding="cp1252", out=str(tmp_path))
    assert told.plan_stock(small_model)[0]["on_hand"].dropna().tolist() == [1250.0] * 2
    with pytest.raises(ValueError, match=r"stock can't be read: .* is not text in encoding='utf-8'"):
        check(stock=path, stock_decimal=",", stock_encoding="utf-8")


def test_a_limit_of_space_needs_to_know_what_a_unit_takes(tmp_path: Path) -> None:
    path = tmp_path / "stock.csv"
    path.write_text("product_id,on_hand\nA,1\n", encoding="utf-8")
    assert check(stock=path, stock_budget="100").stock_budget == 100.0
    with pytest.raises(
        ValueError, match=r"stock_space needs the column unit_space in stock.* it has product"
    ):
        check(stock=path, stock_space=3)


def test_a_title_that_nobody_gave_is_in_the_language_of_the_report() -> None:
    assert ReportParameters.check(locale="de").title == "Kunden und Produkte"
    assert ReportParameters.check(locale="de", title=" Q4 ").title == "Q4"
