"""Dates written as text are read correctly or not at all, on every engine."""

from datetime import datetime, timedelta

import duckdb
import narwhals as nw
import polars as pl
import pyarrow as pa
import pytest
from babel.dates import format_date
from hypothesis import given, settings
from hypothesis import strategies as st

from shopper_widgets.orders.cells.dates import (
    are_iso_dates,
    both_readings,
    cut_dates,
    date_signs,
    read_dates,
    read_dates_as,
    read_iso_dates,
    within_time,
)
from shopper_widgets.orders.cells.numbers import collected

ENGINES = {
    "arrow": lambda table: table,
    "polars": lambda table: pl.from_arrow(table).lazy(),
    "duckdb": duckdb.from_arrow,
}


@pytest.fixture(params=ENGINES)
def frame_of(request):
    return lambda texts: nw.from_native(ENGINES[request.param](pa.table({"x": pa.array(texts, pa.string())})))


def read(frame, day_first):
    dates = collected(read_dates(cut_dates(frame, "x"), "x", day_first))
    return dates.with_columns(within_time(nw.col("x")))["x"].to_list()


UNAMBIGUOUS = {
    "2010-12-01 08:26:00": datetime(2010, 12, 1, 8, 26),
    "2010-12-01T08:26": datetime(2010, 12, 1, 8, 26),
    "2010-12-01": datetime(2010, 12, 1),
    "2010/2/3 8:26:07": datetime(2010, 2, 3, 8, 26, 7),
    "20101201": datetime(2010, 12, 1),
    "2010-12-01 08:26:00.123456": datetime(2010, 12, 1, 8, 26),
    "2010-12-01T08:26:00Z": datetime(2010, 12, 1, 8, 26),
    "2010-12-01 08:26:00 +0100": datetime(2010, 12, 1, 7, 26),
    "2010-12-01T00:26:00+05:30": datetime(2010, 11, 30, 18, 56),
    "2010-12-31 23:30:00-02": datetime(2011, 1, 1, 1, 30),
    "1 Dec 2010": datetime(2010, 12, 1),
    "01-Dec-10 8:26": datetime(2010, 12, 1, 8, 26),
    "Dec 1, 2010 8:26 pm": datetime(2010, 12, 1, 20, 26),
    "december 13 2010": datetime(2010, 12, 13),
    "29.2.2012": datetime(2012, 2, 29),
    " 2000-02-29 ": datetime(2000, 2, 29),
}
#: Dates as people and programs write them besides the plain notations.
WAYS = {
    "Mon, 31 Jan 2024": datetime(2024, 1, 31),
    "31.01.2024, 10:15": datetime(2024, 1, 31, 10, 15),
    "31. Mär. 2024 10:15 Uhr": datetime(2024, 3, 31, 10, 15),
    "1er févr. 2024 10h15": datetime(2024, 2, 1, 10, 15),
    "31-ene-2024": datetime(2024, 1, 31),
    "31 de enero de 2024": datetime(2024, 1, 31),
    "mercoledì 31 gennaio 2024": datetime(2024, 1, 31),
    "mar. 2 genn 2024": datetime(2024, 1, 2),  # a Tuesday, not March
    "31 sty 2024": datetime(2024, 1, 31),
    "31 января 2024 г.": datetime(2024, 1, 31),
    "31 de enero de 2024 10:15 hs.": datetime(2024, 1, 31, 10, 15),
    "31 de enero de 2024 a las 10:15": datetime(2024, 1, 31, 10, 15),
    "31 Jan 2024, 10:15 h.": datetime(2024, 1, 31, 10, 15),
    "2024-01-31 오후 3:15:00": datetime(2024, 1, 31, 15, 15),
    "2024. 1. 31. 오전 12:15": datetime(2024, 1, 31, 0, 15),
    "2024/1/31 下午 3:15:00": datetime(2024, 1, 31, 15, 15),
    "2024年1月31日午前10:15": datetime(2024, 1, 31, 10, 15),
    "2024年1月31日 10:15": datetime(2024, 1, 31, 10, 15),
    "2024년 1월 31일": datetime(2024, 1, 31),
    "Thursday, February 1st, 2024 at 8:26 PM": datetime(2024, 2, 1, 20, 26),
    "8:26 PM, 31 Jan 2024": datetime(2024, 1, 31, 20, 26),
    "31/01/24 10:15 p. m.": datetime(2024, 1, 31, 22, 15),
    "10:15 31/01/2024": datetime(2024, 1, 31, 10, 15),
    "31/01/2024 10.15": datetime(2024, 1, 31, 10, 15),
    "lun. 29/01/2024": datetime(2024, 1, 29),
    "2024-Jan-31": datetime(2024, 1, 31),
    "20240131T101500Z": datetime(2024, 1, 31, 10, 15),
    "202401311015": datetime(2024, 1, 31, 10, 15),
    "20240131101507": datetime(2024, 1, 31, 10, 15, 7),
    "2024013110": datetime(2024, 1, 31, 10),
    "20240131T10Z": datetime(2024, 1, 31, 10),
    "19990131 10": datetime(1999, 1, 31, 10),
    "2024-W05-3": datetime(2024, 1, 31),
    "2020W535": datetime(2021, 1, 1),
    "45322.4270833333": datetime(2024, 1, 31, 10, 15),
    "1706696100": datetime(2024, 1, 31, 10, 15),
    "1706696100000": datetime(2024, 1, 31, 10, 15),
    "2024-01-31 10:15 CET": datetime(2024, 1, 31, 9, 15),
    "Jan 31, 2024 10:15:00 PM PST": datetime(2024, 2, 1, 6, 15),
    "2024-01-31 10:15 UTC+1": datetime(2024, 1, 31, 9, 15),
    "2024-01-31 10:15 GMT-5": datetime(2024, 1, 31, 15, 15),
    "Wed Jan 31 10:15:00 CET 2024": datetime(2024, 1, 31, 9, 15),
    "Wed Jan 31 2024 10:15:00 GMT+0100 (Central European Standard Time)": datetime(2024, 1, 31, 9, 15),
    "2024-01-31T10:15:00+01:00[Europe/Berlin]": datetime(2024, 1, 31, 9, 15),
    # "Mar" starts some dates as a Tuesday; here it is March
    "Mar 5, 2024": datetime(2024, 3, 5),
    "Mar 05 2024 10:15": datetime(2024, 3, 5, 10, 15),
    "Mar 5, 2024, 10:15:00 AM": datetime(2024, 3, 5, 10, 15),
    "Mar 5th, 2024 at 10:15 PM": datetime(2024, 3, 5, 22, 15),
    "Mar 5 2024 10.15": datetime(2024, 3, 5, 10, 15),
    "mar. 26/3/2024 10:15": datetime(2024, 3, 26, 10, 15),
    "mar 26 mar 2024": datetime(2024, 3, 26),
    "martes, 26 de marzo de 2024": datetime(2024, 3, 26),
    "Di26.3.2024": datetime(2024, 3, 26),
    "quarta-feira, 31 de janeiro de 2024": datetime(2024, 1, 31),
    "2024年1月31日水曜日 10:15": datetime(2024, 1, 31, 10, 15),
    "2024/1/31 晚上10:15": datetime(2024, 1, 31, 22, 15),
    "2024年1月31日 下午15:30": datetime(2024, 1, 31, 15, 30),
    "2024/1/31 午前0:15": datetime(2024, 1, 31, 0, 15),
    "2024/1/31 中午11:45": datetime(2024, 1, 31, 11, 45),
    "2024/1/31 中午12:45": datetime(2024, 1, 31, 12, 45),
    "\u200b31/1/2024\ufeff": datetime(2024, 1, 31),
    "31/1/24, 10:15 π.μ.": datetime(2024, 1, 31, 10, 15),
    "31 d’octubre de 2024": datetime(2024, 10, 31),
    "31 בינואר 2024": datetime(2024, 1, 31),
    "31 tháng 1, 2024": datetime(2024, 1, 31),
    "\u200f31\u200f/01\u200f/2024": datetime(2024, 1, 31),
}
#: Locales whose medium, long and full formats of dates are read throughout a year.
COUNTRIES = (
    *("en_US", "en_GB", "en_CA", "en_AU", "en_IN", "de_DE", "de_AT", "fr_FR", "fr_CA", "es_ES", "es_MX"),
    *("es_AR", "it_IT", "pt_BR", "pt_PT", "nl_NL", "pl_PL", "sv_SE", "da_DK", "nb_NO", "fi_FI", "cs_CZ"),
    *("sk_SK", "hu_HU", "ro_RO", "hr_HR", "sl_SI", "bg_BG", "el_GR", "tr_TR", "ru_RU", "uk_UA", "ca_ES"),
    *("gl_ES", "id_ID", "ms_MY", "fil_PH", "ja_JP", "ko_KR", "zh_CN", "zh_TW", "he_IL", "be_BY", "az_AZ"),
)
NO_DATE = [
    *("2021-W53-7", "2024-W00-1", "31 Foo 2024", "31 Janfoo 2024", "Jan 2024", "2024-01-31 10:15 XYZ"),
    *("2024-01-31 10:15 +19:00", "31 Jan 2024 00:15 am", "12345678901"),
    *(
        "",
        "soon",
        "17850",
        "2010-13-01",
        "31/4/2010",
        "29/02/2011",
        "1900-02-29",
        "2010-12-01 24:00",
        "0001-01-01",
    ),
    *(
        "2010-12-01 08:61",
        "13:26 PM",
        "1/1/2010 0:30 AM",
        "1/1/2010 13:30 PM",
        "9999-12-31",
        "1/2",
        "1/2/3/4",
        None,
    ),
]


def test_dates_that_need_no_order(frame_of):
    assert read(frame_of(list(UNAMBIGUOUS)), True) == list(UNAMBIGUOUS.values())
    without = [text for text in UNAMBIGUOUS if text != "29.2.2012"]
    assert read(frame_of(without), False) == [UNAMBIGUOUS[text] for text in without]


@pytest.mark.parametrize("text", WAYS)
def test_ways_to_write_a_date(frame_of, text):
    assert read(frame_of([text]), True) == [WAYS[text]]
    signs = date_signs(cut_dates(frame_of([text]), "x"))
    assert (signs.unread, signs.either) == (0, None)


@pytest.mark.parametrize("country", COUNTRIES)
@pytest.mark.parametrize("form", ["medium", "long", "full"])
def test_a_year_of_dates_as_a_country_writes_them(country, form):
    days = [datetime(2024, 1, 1) + timedelta(days=n) for n in range(0, 366, 5)]
    texts = [format_date(day, form, locale=country) for day in days]
    frame = nw.from_native(pa.table({"x": texts}))
    assert read(frame, country != "en_US") == days


def test_one_column_in_many_ways(frame_of):
    # 'mar' can't be a weekday and a month in one column, so texts of conflicting languages are left out
    texts = [text for text in WAYS if not {"sty", "mar.", "ene"} & set(text.replace("-", " ").split())]
    assert read(frame_of(texts), True) == [WAYS[text] for text in texts]


@pytest.mark.parametrize("way", ["%G-W%V-%u", "%GW%V%u"])
def test_every_day_of_a_week(way):
    days = [datetime(1995, 1, 1) + timedelta(days) for days in range(0, 20_000, 5)]
    frame = nw.from_native(pa.table({"x": [day.strftime(way) for day in days]}))
    assert read(frame, True) == days


def test_every_day_number():
    days = [datetime(1980, 1, 1) + timedelta(days) for days in range(0, 43_830, 3)]
    numbers = [str((day - datetime(1899, 12, 30)).days) for day in days]
    assert read(nw.from_native(pa.table({"x": numbers})), True) == days


def test_moments_become_local_ones_where_the_shop_says_where_it_is(frame_of):
    texts = ["2024-06-30T23:30:00Z", "2024-01-31 23:30 CET", "2024-06-30 23:30", "1719790200"]
    cut = cut_dates(frame_of(texts), "x", "Europe/Berlin")
    local = collected(read_dates(cut, "x", True, "Europe/Berlin"))["x"].to_list()
    assert local == [
        datetime(2024, 7, 1, 1, 30),
        datetime(2024, 1, 31, 23, 30),
        datetime(2024, 6, 30, 23, 30),  # without a zone, it is in the shop's
        datetime(2024, 7, 1, 1, 30),
    ]


def test_what_is_no_date_is_null(frame_of):
    assert read(frame_of(NO_DATE), True) == [None] * len(NO_DATE)


ISO = {
    "2010-12-01 08:26:59": datetime(2010, 12, 1, 8, 26, 59),
    "2010-12-01T23:59": datetime(2010, 12, 1, 23, 59),
    "2010-12-01": datetime(2010, 12, 1),
    "1900-01-01": datetime(1900, 1, 1),
    "2199-12-31 00:00": datetime(2199, 12, 31),
    "2012-02-29": datetime(2012, 2, 29),
    "2011-02-29": None,
    "2010-02-30 10:00": None,
    "2010-04-31": None,
    "2010-00-10": None,
    "2010-13-10": None,
    "2010-12-00": None,
    "2010-12-01 24:00": None,
    "2010-12-01 10:60": None,
    "2010-12-01 10:10:60": None,
    None: None,
}


def test_iso_dates_are_read_at_once_as_they_are_with_a_closer_look(frame_of):
    frame = frame_of(list(ISO))
    assert are_iso_dates(frame, "x")
    read_at_once = collected(read_iso_dates(frame, "x"))
    assert read_at_once.columns == ["x"]
    assert read_at_once["x"].to_list() == list(ISO.values()) == read(frame, True)


@pytest.mark.parametrize("text", ["1.12.2010", "2010-12-01 8:26", " 2010-12-01", "2010-12-01Z", "soon", ""])
def test_one_other_text_asks_for_a_closer_look(frame_of, text):
    assert not are_iso_dates(frame_of([*ISO, text]), "x")


def test_order_of_day_and_month(frame_of):
    texts = ["3/4/2010 9:15", "03-04-10 09:15", "3.4.2010 9:15:00 AM", "12/4/69"]
    third = datetime(2010, 4, 3, 9, 15), datetime(2010, 3, 4, 9, 15)
    assert read(frame_of(texts), True) == [third[0]] * 3 + [datetime(1969, 4, 12)]
    assert read(frame_of(texts), False) == [third[1]] * 3 + [datetime(1969, 12, 4)]
    assert read(frame_of(["13/4/2010", "4/13/2010"]), True) == [datetime(2010, 4, 13), None]


@pytest.mark.parametrize(
    ("texts", "day_first", "month_first", "either"),
    [
        (["1/12/2010", "13/12/2010"], "13/12/2010", None, "1/12/2010"),
        (["12/13/10 8:26", "1/2/10 8:26"], None, "12/13/10 8:26", "1/2/10 8:26"),
        (["1/13/2010", "13/1/2010"], "13/1/2010", "1/13/2010", None),
        (["1/1/2010", "12-12-2010"], None, None, None),
        (["2010-12-13", "13 Jan 2010", "Jan 13 2010"], None, None, None),
    ],
)
def test_proof_of_the_order(frame_of, texts, day_first, month_first, either):
    signs = date_signs(cut_dates(frame_of([*texts, "", None]), "x"))
    assert (signs.day_first, signs.month_first, signs.either) == (day_first, month_first, either)
    assert (signs.filled, signs.unread) == (len(texts), 0)


def test_two_figures_of_a_year_may_come_first(frame_of):
    days = [datetime(2023, 12, 20) + timedelta(days=n) for n in range(0, 60, 3)]
    for form in ("%y-%m-%d", "%y/%m/%d", "%y. %m. %d. 10:15"):
        texts = [day.strftime(form) for day in days]
        cut = cut_dates(frame_of(texts), "x")
        assert date_signs(cut).year_first == max(texts)
        found = collected(read_dates(cut, "x", False, year_first=True))["x"].to_list()
        assert [day.replace(hour=0, minute=0) for day in found] == days
    for form in ("%d-%m-%y", "%m/%d/%y", "%d.%m.%Y", "%Y-%m-%d"):
        assert date_signs(cut_dates(frame_of([day.strftime(form) for day in days]), "x")).year_first is None


@pytest.mark.parametrize(
    "texts",
    [
        ["24-01-20", "24-02-27"],  # no day after the 27th: the 20th and 27th of 2024 or of 2020 and 2027
        ["12-01-20", "13-02-28"],  # as likely a day of the month
        ["13-01-20", "24-02-28"],  # the years are too far apart
        ["24-13-20", "24-02-28"],  # 13 is no month
        ["24-01-20", "24-02-32"],  # 32 is no day
        ["24-01-00", "24-02-28"],
        ["24-01-20", "24-02-2028"],
        ["13.01.28", "17.01.28", "22.02.28"],  # days of 2028: the constant number is the year
    ],
)
def test_what_may_be_days_is_no_year(texts):
    frame = nw.from_native(pa.table({"x": texts}))
    assert date_signs(cut_dates(frame, "x")).year_first is None


def test_a_zone_and_an_unreadable_text_are_shown(frame_of):
    signs = date_signs(cut_dates(frame_of(["2010-12-01 08:26 +0100", "2010-12-01 08:26", "later"]), "x"))
    assert (signs.zoned, signs.unreadable, signs.unread) == ("2010-12-01 08:26 +0100", "later", 1)


def test_day_numbers_of_spreadsheets_in_memory():
    frame = nw.from_native(pa.table({"x": ["40513.35138888889", "40513", "17850", "29220", "2010-12-01"]}))
    assert read(frame, True) == [
        datetime(2010, 12, 1, 8, 26),
        datetime(2010, 12, 1),
        None,
        None,
        datetime(2010, 12, 1),
    ]
    assert date_signs(cut_dates(frame, "x")).serial == "40513.35138888889"


def test_a_stated_format(frame_of):
    texts = ["03.04.2010 09:15", "3.4.2010 9:15", "2010-04-03", "31.04.2010 09:15", "", None]
    read = collected(read_dates_as(frame_of(texts), "x", "%d.%m.%Y %H:%M"))["x"].to_list()
    assert read == [datetime(2010, 4, 3, 9, 15)] * 2 + [None] * 4


def test_a_stated_format_with_a_zone(frame_of):
    frame = read_dates_as(
        frame_of(["2010-12-01 08:26 +0100", "2010-12-01 08:26 -0200"]), "x", "%Y-%m-%d %H:%M %z"
    )
    assert collected(frame)["x"].to_list() == [datetime(2010, 12, 1, 7, 26), datetime(2010, 12, 1, 10, 26)]


def test_other_columns_stay(frame_of):
    frame = frame_of(["1/2/2010"]).with_columns(y=nw.lit(1))
    assert read_dates(cut_dates(frame, "x"), "x", True).collect_schema().names() == ["x", "y"]


def test_both_readings_of_a_date():
    assert both_readings("3/4/10") == ("3 April 2010", "4 March 2010")
    assert both_readings("03.04.1975 8:00") == ("3 April 1975", "4 March 1975")


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.datetimes(datetime(1980, 1, 1), datetime(2068, 12, 31)), min_size=1, max_size=10),
    st.sampled_from(
        [
            ("%d/%m/%Y %H:%M:%S", True),
            ("%d.%m.%y %H:%M:%S", True),
            ("%m/%d/%Y %I:%M:%S %p", False),
            ("%m-%d-%Y %H:%M:%S", False),
            ("%Y-%m-%dT%H:%M:%SZ", True),
            ("%d %b %Y %H:%M:%S", False),
            ("%B %d, %Y %I:%M:%S%p", True),
        ]
    ),
)
def test_any_date_written_in_a_known_way_reads_back(dates, written):
    shape, day_first = written
    dates = [date.replace(microsecond=0) for date in dates]
    if "%y" in shape:
        dates = [date for date in dates if 1980 <= date.year <= 2068]
    frame = nw.from_native(pa.table({"x": pa.array([date.strftime(shape) for date in dates], pa.string())}))
    assert read(frame, day_first) == dates
    signs = date_signs(cut_dates(frame, "x"))
    assert not (signs.month_first if day_first else signs.day_first)
    assert signs.unread == 0


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(alphabet="0123456789/-.: TapmZ+jan", max_size=22), min_size=1, max_size=20))
def test_no_text_stops_reading(texts):
    frame = nw.from_native(pa.table({"x": texts}))
    assert len(read(frame, True)) == len(texts)
    assert date_signs(cut_dates(frame, "x")).unread <= len(texts)
