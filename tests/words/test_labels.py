import pandas as pd

from shopper_widgets._support.locale import in_locale
from shopper_widgets.words.html import figures, html_table
from shopper_widgets.words.labels import describe

HOSTILE = '<img src=x onerror="alert(1)">'


def test_text_from_the_data_is_escaped_everywhere():
    frame = pd.DataFrame({"product_name": [HOSTILE], "odd": [HOSTILE]})
    table = html_table(frame, describe(["product_name", "odd"], odd=HOSTILE), caption=HOSTILE)
    shown = figures(frame.iloc[0], describe(["odd"], odd=HOSTILE), HOSTILE)
    assert "<img" not in table + shown
    assert table.count("&lt;img src=x onerror=&#34;alert(1)&#34;&gt;") == 5
    assert shown.count("&lt;img") == 3


def test_missing_values_are_a_dash_in_every_kind_of_column():
    frame = pd.DataFrame(
        {"product_name": [None], "orders": [float("nan")], "last_order": [pd.NaT], "share": [pd.NA]}
    )
    columns = describe(frame.columns)
    assert [c.cell(frame[c.name][0]) for c in columns] == ["–"] * 4


def test_a_table_has_a_caption_scoped_headings_and_numbers_to_the_right():
    frame = pd.DataFrame({"segment": ["Regular"], "revenue": [1234567.0]})
    table = html_table(
        frame, describe(["segment", "revenue"], currency="£"), caption="Segments", row_header="segment"
    )
    assert "<caption>Segments</caption>" in table
    assert '<th scope="col" class="sw-whole">Segment</th>' in table
    assert '<th scope="row">Regular</th>' in table
    assert '<td class="sw-number">£1,234,567.00</td>' in table


def test_headlines_are_short_and_lists_exact():
    assert [describe(["revenue"], exact=exact)[0].cell(1234567) for exact in (True, False)] == [
        "1,234,567.00",
        "1.23 M",
    ]


def test_what_is_expected_is_never_told_to_the_penny():
    for exact in (True, False):
        expected, spent = describe(["expected_revenue", "monetary"], currency="£", exact=exact)
        assert [expected.cell(money) for money in (89_764.33, 2_592.6)] == ["£89.8 k", "£2,593"]
    assert spent.cell(2_592.6) == "£2,593"


def test_what_is_said_of_the_data_is_in_the_language():
    def told():
        columns = describe(["from", "kind", "buyers", "trend"])
        cells = ("At-Risk", "returned", "no customer", "stopped")
        return [(column.label, column.cell(cell)) for column, cell in zip(columns, cells, strict=True)]

    assert told() == [
        ("From", "At-Risk"), ("How", "returned"), ("Bought by", "without customer id"), ("Trend", "stopped"),
    ]  # fmt: skip
    with in_locale("de"):
        assert told() == [
            ("Von", "Gefährdete"), ("Wie", "wiedergekommen"), ("Gekauft von", "ohne Kundennummer"),
            ("Trend", "ohne Absatz"),
        ]  # fmt: skip


def test_rules_of_an_audit_are_in_the_language_and_words_of_the_data_are_not():
    (rule,) = describe(["rule"])
    rules = ("kept", "status 'Entregue', sold", "status 'Cancelado', not sold", "6 other statuses")
    assert [rule.cell(said) for said in rules] == [*rules]
    with in_locale("de"):
        assert [rule.cell(said) for said in rules] == [
            "behalten",
            "Status 'Entregue', verkauft",
            "Status 'Cancelado', nicht verkauft",
            "6 andere Status",
        ]
