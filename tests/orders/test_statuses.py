"""Orders that weren't sold are recognized by the shop's own words in any layout."""

from __future__ import annotations

from typing import Any

import pytest

from shopper_widgets.orders.cleaning import clean_transactions
from shopper_widgets.orders.reading import read_transactions
from shopper_widgets.orders.statuses import NOT_SOLD, plain_words
from tests.order_tables import ENGINES, as_pandas, money, table

engines = pytest.mark.parametrize("engine", ENGINES)
HEAD = "order_id,product_id,customer_id,ordered_at,quantity,unit_price"


def shop(header: str, *words: str, head: str = HEAD) -> Any:
    return table(
        "\n".join([f"{head},{header}", *(f"{i},A,ann,2024-01-15,1,10,{w}" for i, w in enumerate(words))])
    )


@pytest.mark.parametrize(
    ("header", "engine"),
    [
        *(("Order Status", engine) for engine in ENGINES),
        *(
            (header, "pandas")
            for header in (
                *("status", "Financial Status", "payment_status", "Bestellstatus", "state", "Status Name"),
                *("current_state", "invoice_status", "Courier Status", "OrderStatusCode"),
            )
        ),
    ],
)
def test_a_status_counts_under_any_usual_header(header: str, engine: str) -> None:
    words = shop(header, "Completed", "Cancelled", "partially_refunded", "wc-on-hold")
    assert money(clean_transactions(read_transactions(ENGINES[engine](words))).audit) == {
        "lines read": (4, 1, 40.0),
        "cancelled order": (2, 1, 20.0),
        "kept": (2, 1, 20.0),
        "status 'Cancelled', not sold": (1, 1, 10.0),
        "status 'wc-on-hold', not sold": (1, 1, 10.0),
        "status 'Completed', sold": (1, 1, 10.0),
        "status 'partially_refunded', sold": (1, 1, 10.0),
    }


@engines
@pytest.mark.parametrize("headers", ["Financial Status,Fulfillment Status", "payment_status,Order Status"])
def test_what_was_delivered_and_is_to_be_paid_was_sold(headers: str, engine: str) -> None:
    sales = ("paid,", "pending,fulfilled", "unpaid,Delivered")
    words = (
        *sales,
        "pending,",
        "pending,unfulfilled",
        "voided,fulfilled",
        "refunded,shipped",
        "Pending,cancelled",
    )
    read = read_transactions(ENGINES[engine](shop(headers, *words)))
    sold = as_pandas(clean_transactions(read).transactions)
    assert sorted(sold["order_id"]) == ["0", "1", "2"]
    by = as_pandas(read).set_index("order_id")["order_status"]
    assert by[["1", "2", "5", "6"]].tolist() == ["fulfilled", "Delivered", "voided", "refunded"]


@engines
def test_cash_on_delivery_is_told_on_an_orders_first_line(engine: str) -> None:
    text = (
        "Name,Email,Financial Status,Fulfillment Status,Currency,Created at,Cancelled at,Lineitem quantity,"
        "Lineitem name,Lineitem price\n"
        "#1,a@b.example,pending,fulfilled,PKR,2024-01-15,,1,Shawl,100\n#1,,,,,,,1,Scarf,50\n"
        "#2,c@d.example,pending,fulfilled,PKR,2024-01-16,2024-01-17,1,Shawl,100\n"
        "#3,e@f.example,pending,unfulfilled,PKR,2024-01-16,,1,Shawl,100"
    )
    kept = as_pandas(clean_transactions(read_transactions(ENGINES[engine](table(text)))).transactions)
    assert sorted(kept["product_name"]) == ["Scarf", "Shawl"]
    assert kept["amount" if "amount" in kept else "unit_price"].sum() == 150


def test_a_status_counts_in_uci_and_superstore_too() -> None:
    uci = "InvoiceNo,StockCode,CustomerID,InvoiceDate,Quantity,UnitPrice"
    superstore = "Order ID,Product ID,Customer ID,Order Date,Quantity,Sales"
    for head in (uci, superstore):
        read = read_transactions(shop("Status", "shipped", "VOIDED", head=head))
        assert read["is_cancelled"].tolist() == [False, True]
        assert read["order_status"].tolist() == ["shipped", "VOIDED"]


@pytest.mark.parametrize(
    ("word", "sold"),
    [
        *((w, False) for w in ("refunded", "failed", "pending", "On-Hold", "Pending - Waiting for Pick Up")),
        *((w, False) for w in ("Cancelled by customer", "STORNIERT", "annulée", "Отменен", "payment_review")),
        *((w, False) for w in ("Shipped - Returned to Seller", "order_refunded", "canceled", "Void")),
        *((w, False) for w in ("duplicate", "Duplicate order", "Doublon")),
        *(
            (w, False)
            for w in ("RTO", "RTO Initiated", "Lost in Transit", "undelivered", "Rejected by buyer")
        ),
        *((w, False) for w in ("requires_payment_method", "Timeout", "Deleted", "Quotation", "No-Show")),
        *((w, True) for w in ("Return requested", "Cancellation requested", "Disputed", "damaged box")),
        *((w, False) for w in ("Awaiting bank wire payment", "Bestellung storniert", "Aguardando pagamento")),
        *((w, False) for w in ("In afwachting van betaling", "Oczekuje na płatność", "Malsucedido")),
        *((w, True) for w in ("Awaiting fulfillment", "En cours", "Voltooid", "Zrealizowane", "Concluído")),
        *((w, True) for w in ("Shipped", "partially refunded", "Partially_Paid", "approved", "unfulfilled")),
        *((w, True) for w in ("Refund requested", "authorized", "processing", "Geliefert", "whatever")),
    ],
)
def test_words(word: str, sold: bool) -> None:
    assert read_transactions(shop("status", word))["is_cancelled"].tolist() == [not sold]


@engines
def test_a_state_of_the_country_is_no_status(engine: str) -> None:
    for header, words in [
        ("State", ["Ohio", "Pending Falls"]),
        ("state", ["CA", "NY"]),
        ("Estado", ["SP", "RJ"]),
    ]:
        read = as_pandas(read_transactions(ENGINES[engine](shop(header, *words))))
        assert not {"order_status", "is_cancelled"} & {*read.columns}
    beside = shop("State,City", "Cancelled,Paris")
    assert "order_status" not in as_pandas(read_transactions(ENGINES[engine](beside))).columns


@engines
def test_of_two_statuses_the_one_counts_that_means_not_sold(engine: str) -> None:
    words = ("complete,refunded", "cancelled,paid", "complete,paid", ",failed", "shipped,")
    read = read_transactions(ENGINES[engine](shop("order_status,payment_status", *words)))
    found = as_pandas(read).sort_values("order_id")
    assert found["order_status"].tolist() == ["refunded", "cancelled", "complete", "failed", "shipped"]
    assert found["is_cancelled"].tolist() == [True, True, False, True, False]


@engines
def test_the_callers_own_words(engine: str) -> None:
    read = read_transactions(ENGINES[engine](shop("status", "Gone", "refunded", "paid")))
    cleaned = clean_transactions(read, not_sold=iter(["GONE"]))
    assert as_pandas(cleaned.rejected)["order_status"].tolist() == ["Gone"]
    assert "status 'refunded', sold" in money(cleaned.audit)
    assert money(clean_transactions(read, not_sold=[]).audit)["kept"] == (3, 1, 30.0)


def test_a_date_of_cancellation_counts_whatever_the_words() -> None:
    read = read_transactions(shop("status,Cancelled at", "paid,2024-01-16", "refunded,", "paid,"))
    assert read["is_cancelled"].tolist() == [True, True, False]
    cleaned = clean_transactions(read, not_sold=["gone"])
    assert cleaned.rejected["order_id"].tolist() == ["0"]


@engines
def test_a_frame_with_statuses_needs_no_reading(engine: str) -> None:
    read = as_pandas(read_transactions(shop("status", "refunded", "paid"))).drop(columns="is_cancelled")
    cleaned = clean_transactions(ENGINES[engine](read))
    assert as_pandas(cleaned.rejected)["reason"].tolist() == ["cancelled order"]


def test_own_words_need_statuses() -> None:
    read = read_transactions(shop("note", "hello"))
    with pytest.raises(ValueError, match=r"not_sold needs a column order_status.*columns=\{'status'"):
        clean_transactions(read, not_sold=["gone"])
    with pytest.raises(TypeError, match="not_sold must be a list of statuses"):
        clean_transactions(read_transactions(shop("status", "x")), not_sold="gone")


def test_many_words_are_no_long_audit() -> None:
    audit = clean_transactions(
        read_transactions(shop("status", *(f"w{i:02}" for i in range(35)), "void"))
    ).audit
    words = audit[audit["rule"].str.contains("status")]
    assert len(words) == 31
    assert words["rule"].iloc[0] == "status 'void', not sold"
    assert words.iloc[-1][["rule", "rows"]].tolist() == ["6 other statuses", 6]


@engines
def test_states_that_begin_so_mean_it_on_every_engine(engine: str) -> None:
    unsold = (
        *(
            "Annulée par le client",
            "Awaiting check payment",
            "En attente de paiement PayPal",
            "Pendiente de pago",
        ),
        *("Warten auf Zahlungseingang", "In attesa di pagamento con PayPal", "Wacht op betaling"),
        *("Oczekujące na płatność", "Oczekiwanie płatności czekiem", "Aguarda confirmação de pagamento"),
        "Aguardando a transferência do pagamento pelo banco",
    )
    sold = ("Awaiting shipment", "En attente de préparation ", "Warten auf Versand", "Aguardando envio")
    read = as_pandas(read_transactions(ENGINES[engine](shop("status", *unsold, *sold, "paid"))))
    told = read.set_index(read["order_id"].astype(int))["is_cancelled"].sort_index().tolist()
    assert told == [True] * len(unsold) + [False] * (len(sold) + 1)


def test_the_table_is_written_as_it_is_compared() -> None:
    assert plain_words(NOT_SOLD) == list(NOT_SOLD)
    assert len(set(NOT_SOLD)) == len(NOT_SOLD)


@engines
@pytest.mark.parametrize("header", ["is_cancelled", "Is Canceled"])
def test_a_mark_of_yes_and_no(header: str, engine: str) -> None:
    for words in (("yes", "no", ""), ("1", "0", "0"), ("True", "False", "False")):
        read = as_pandas(read_transactions(ENGINES[engine](shop(header, *words))))
        assert read.sort_values("order_id")["is_cancelled"].tolist() == [True, False, False]


@engines
@pytest.mark.parametrize("header", ["Returned", "is_refunded", "Refunded?", "cancelled"])
def test_what_came_back_was_not_sold(header: str, engine: str) -> None:
    for words in (("Yes", "No", ""), ("1", "0", "0"), ("true", "false", "false")):
        read = as_pandas(read_transactions(ENGINES[engine](shop(header, *words))))
        assert read.sort_values("order_id")["is_cancelled"].tolist() == [True, False, False]


@engines
@pytest.mark.parametrize("header", ["payment_txn_success", "Payment Successful", "is_success"])
def test_what_was_never_paid_for_was_not_sold(header: str, engine: str) -> None:
    for words in (("N", "Y", ""), ("0", "1", "1"), ("False", "True", "True")):
        read = as_pandas(read_transactions(ENGINES[engine](shop(header, *words))))
        assert read.sort_values("order_id")["is_cancelled"].tolist() == [True, False, False]


@pytest.mark.parametrize("words", [("2", "0", "1"), ("2024-01-20", "", ""), ("maybe", "yes", "no")])
def test_returned_units_and_days_are_no_yes_and_no(words: tuple[str, ...]) -> None:
    assert "is_cancelled" not in read_transactions(shop("Returned", *words))


@pytest.mark.parametrize(
    ("header", "words", "sold"),
    [
        ("Returned", ("Yes", "N/A", "No"), [False, True, True]),
        ("Returned", ("ja", "nee", "-"), [False, True, True]),
        ("Refunded", ("1,0", "0,0", ""), [False, True, True]),
        ("Returned", ("✓", "", ""), [False, True, True]),
        ("Cancelled", ("cancelled", "no", ""), [False, True, True]),
        ("Cancelled", ("2024-01-20", "", ""), [False, True, True]),
        ("Cancelled", ("tak", "nie", "nie"), [False, True, True]),
    ],
)
def test_marks_are_read_in_many_words(header: str, words: tuple[str, ...], sold: list[bool]) -> None:
    read = read_transactions(shop(header, *(f'"{word}"' for word in words)))
    assert (~read.sort_values("order_id")["is_cancelled"]).tolist() == sold


@pytest.mark.parametrize("words", [("0", "1", "2"), ("maybe", "yes", "no")])
def test_what_is_no_mark_of_yes_and_no_is_told(words: tuple[str, ...]) -> None:
    for header in ("Returned", "cancelled", "Refunded"):
        read = read_transactions(shop(header, *words))
        assert "is_cancelled" not in read
        assert any("is not a column of yes and no" in note for note in read.attrs["notes"])


def test_a_mark_of_ones_that_may_count_units_is_left_out_and_told() -> None:
    rows = [f"{i},A,ann,2024-01-15,{n},10,{w}" for i, (n, w) in enumerate([(5, 0), (3, 1), (2, 0)])]
    read = read_transactions(table("\n".join([f"{HEAD},Returned", *rows])))
    assert "is_cancelled" not in read or not read["is_cancelled"].any()
    assert any("may count units" in note for note in read.attrs["notes"])
    named = read_transactions(table("\n".join([f"{HEAD},is_returned", *rows])))
    assert named["is_cancelled"].tolist() == [False, True, False]


def test_a_mark_of_ones_on_many_lines_of_several_units_counts_none() -> None:
    rows = [f"{i},A,ann,2024-01-15,{2 + i % 3},10,{i % 2}" for i in range(60)]
    read = read_transactions(table("\n".join([f"{HEAD},Returned", *rows])))
    assert read["is_cancelled"].sum() == 30
    assert not any("may count units" in note for note in read.attrs.get("notes", []))
    told = "'Returned' is 1, and never more, for 30 lines of several units: each line counts as returned"
    assert f"{told} in full." in read.attrs["notes"]


def test_states_that_are_numbers_are_told_and_can_be_named() -> None:
    rows = [f"{i},A,ann,2024-01-1{i},1,10,{code}" for i, code in enumerate("4413")]
    read = read_transactions(table("\n".join([f"{HEAD},order_status", *rows])))
    told = "'order_status' gives states as numbers (1, 3, 4), none of which says what was not sold"
    assert any(note.startswith(told) for note in read.attrs["notes"])
    assert len(clean_transactions(read).transactions) == 4
    assert len(clean_transactions(read, not_sold=["3"]).transactions) == 3
    worded = table("\n".join([f"{HEAD},order_status", *rows]).replace(",10,3", ",10,shipped"))
    assert not any("by numbers" in note for note in read_transactions(worded).attrs.get("notes", []))


def test_numbers_of_states_are_told_in_their_order() -> None:
    rows = [f"{i},A,ann,2024-01-15,1,10,{code}" for i, code in enumerate((10, 9, 2))]
    (told,) = read_transactions(table("\n".join([f"{HEAD},order_status", *rows]))).attrs["notes"]
    assert "(2, 9, 10)" in told and told.endswith("not_sold=['10'] would leave out those of 10.")


def test_types_of_events_are_states_whatever_their_words() -> None:
    rows = ["1,A,ann,2024-01-15,1,10,cancelled_by_user", "2,A,bob,2024-01-16,1,10,order_placed"]
    read = read_transactions(table("\n".join([f"{HEAD},event_type", *rows])))
    assert clean_transactions(read).transactions["order_id"].tolist() == ["2"]


def test_the_name_of_an_event_is_no_status() -> None:
    rows = ["1,A,ann,2024-01-15,1,10,View from the Top", "2,A,bob,2024-01-16,1,10,Spring Gala"]
    read = read_transactions(table("\n".join([f"{HEAD},Event Name", *rows])))
    assert "is_cancelled" not in read and "order_status" not in read


def test_what_a_mark_and_a_line_of_its_own_say_came_back_is_taken_off_once() -> None:
    rows = ["O1,A,ann,2024-01-15,2,10,yes", "O2,A,ann,2024-01-16,2,10,no", "R1,A,ann,2024-01-17,-2,10,no"]
    read = read_transactions(table("\n".join([f"{HEAD},returned", *rows])))
    assert any("1 line with a negative quantity may be the same" in note for note in read.attrs["notes"])
    kept = clean_transactions(read, returns="net").transactions
    assert kept["order_id"].tolist() == ["O1"]


@pytest.mark.parametrize(
    ("header", "word"),
    [
        *(("status_venda", "cancelada"), ("estado_venta", "Anulada"), ("statut vente", "Annulée")),
        *(
            ("Status der Bestellung", "storniert"),
            ("stato_vendita", "annullato"),
            ("purchase_status", "void"),
        ),
        *(("SalesStatus", "Cancelled"), ("status_penjualan", "batal"), ("status_pagamento", "recusado")),
        *(("estado_pago", "rechazado"), ("booking status", "cancelled"), ("satis_durumu", "iptal")),
    ],
)
def test_a_state_may_be_that_of_a_sale_in_any_order_of_words(header: str, word: str) -> None:
    assert read_transactions(shop(header, word, "entregado"))["is_cancelled"].tolist() == [True, False]


@pytest.mark.parametrize("other", ["Fulfillment Status", "action"])
def test_a_state_of_a_sale_says_more_than_one_of_its_delivery(other: str) -> None:
    lines = shop(f"{other},Sales Status", "Fulfilled,Cancelled", "Fulfilled,Completed")
    assert read_transactions(lines)["is_cancelled"].tolist() == [True, False]


def test_a_state_of_another_thing_or_a_part_of_a_country_is_none() -> None:
    for header in ("customer_status", "estado_venda", "Sale State", "status_venda_anterior"):
        assert "order_status" not in read_transactions(shop(header, "SP", "RJ"))
    assert "order_status" not in read_transactions(shop("customer_status", "cancelled", "active"))
    mapped = read_transactions(shop("estado_venda", "frio", "quente"), columns={"status": "estado_venda"})
    assert mapped["order_status"].tolist() == ["frio", "quente"]


@engines
@pytest.mark.parametrize("header", ["Interaction_Type", "user_action", "behavior", "action"])
def test_of_what_visitors_do_under_any_header_purchases_are_sold(header: str, engine: str) -> None:
    deeds = ("purchase", "buy", "review", "click", "pv", "fav", "like", "share")
    read = as_pandas(read_transactions(ENGINES[engine](shop(header, *deeds))))
    assert read["is_cancelled"].tolist() == [False] * 2 + [True] * 6


def test_an_action_may_be_a_promotion_or_what_a_page_offers() -> None:
    assert "order_status" not in read_transactions(shop("action", "Spring sale", "2 for 1"))
    assert "is_cancelled" not in read_transactions(shop("Action", "View", "View"))


@engines
@pytest.mark.parametrize(
    ("header", "words"),
    [
        *(("action", ("Complete", "Review")), ("interaction", ("call", "visit"))),
        *(("order_status", ("Review", "Delivered")), ("Status", ("Rate", "Comment", "Completed"))),
    ],
)
def test_where_nobody_buys_it_is_no_deed(header: str, words: tuple[str, ...], engine: str) -> None:
    read = as_pandas(read_transactions(ENGINES[engine](shop(header, *words))))
    assert len(clean_transactions(read).transactions) == len(words)


@engines
def test_where_visitors_only_look_nothing_was_sold(engine: str) -> None:
    read = as_pandas(read_transactions(ENGINES[engine](shop("user_action", "View", "like", ""))))
    assert read["is_cancelled"].tolist() == [True, True, False]


@engines
def test_what_came_back_in_full_was_not_sold_and_in_part_was(engine: str) -> None:
    full = [
        *("devolvida totalmente", "Fully returned", "totalement remboursée", "Refunded in full"),
        *("Full refund", "Komplett storniert", "Entièrement annulée", "tamamen iade edildi"),
    ]
    part = [
        *("devolvida parcialmente", "Refunded partially", "cancelado parcialmente", "Teilweise storniert"),
        *("annulé partiellement", "Partial refund"),
    ]
    read = as_pandas(read_transactions(ENGINES[engine](shop("status", *full, *part))))
    cancelled = read["order_id"][read["is_cancelled"]]
    assert sorted(cancelled, key=int) == [str(n) for n in range(len(full))]


@pytest.mark.parametrize("word", ["取消", "取り消し", "关闭", "已关闭", "dibatalkan"])
def test_words_for_cancelled_orders_of_asian_shops(word: str) -> None:
    read = read_transactions(shop("status", word, "completed"))
    assert read["is_cancelled"].tolist() == [True, False]


def test_what_is_cancelled_in_part_was_sold() -> None:
    for word in ("Dibatalkan sebagian", "Cancelled partially", "partially_canceled"):
        assert not read_transactions(shop("status", word, "cancelled"))["is_cancelled"].tolist()[0]


def test_several_marks_of_yes_and_no_all_count() -> None:
    read = read_transactions(
        shop("is_cancelled,is_returned,payment_success", "1,0,1", "0,1,1", "0,0,0", "0,0,1")
    )
    assert read["is_cancelled"].tolist() == [True, True, True, False]


def test_what_reading_found_out_is_found_in_its_file_again(tmp_path: Any) -> None:
    read = read_transactions(
        shop("status,Cancelled at,discount", "paid,2024-01-16,0.1", "refunded,,0", "paid,,0")
    )
    read.to_csv(tmp_path / "read.csv", index=False)
    again = read_transactions(tmp_path / "read.csv")
    for name in ("is_cancelled", "order_status", "amount", "discount"):
        assert again[name].tolist() == read[name].tolist()


def test_files_of_which_one_only_has_statuses_discounts_and_currencies(tmp_path: Any) -> None:
    shop("note", "x").to_csv(tmp_path / "a.csv", index=False)
    shop("status,discount_amount,Currency,amount", "void,0,EUR,10", "paid,2,EUR,8").to_csv(
        tmp_path / "b.csv", index=False
    )
    read = read_transactions(tmp_path)
    assert read["is_cancelled"].tolist() == [False, True, False]
    assert money(clean_transactions(read).audit)["kept"] == (2, 1, 18.0)


@engines
def test_no_lines_are_no_error(engine: str) -> None:
    empty = shop("status,discount,Currency,amount").astype("string")
    read = read_transactions(ENGINES[engine](empty))
    assert len(as_pandas(clean_transactions(read, returns="net").transactions)) == 0
