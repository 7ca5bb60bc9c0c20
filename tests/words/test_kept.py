"""Sentences about kept columns agree with the figures, and the columns' values stay text."""

import dataclasses
from typing import Any

import numpy as np
import pandas as pd
import pytest

from shopper_widgets import ShopperModel, segment_mix
from shopper_widgets._support.formatting import format_share
from shopper_widgets._support.locale import in_locale
from shopper_widgets.panels import SegmentPanel
from shopper_widgets.publish import sections
from shopper_widgets.publish.notebook import ShownMarkup
from shopper_widgets.segments.mix import OTHERS
from shopper_widgets.words.kept import EVERYONE, NOT_KNOWN, mixes, mixes_html
from tests.panel_contract import HOSTILE, html, message


def _keeping(model: ShopperModel, **columns: Any) -> ShopperModel:
    """Return the model as if it had been fitted with these columns kept."""
    parameters = model.parameters | {"keep": list(columns)}
    return dataclasses.replace(model, lines=model.lines.assign(**columns), parameters=parameters)


def _channel(model: ShopperModel) -> pd.Series:
    """Return a channel: one segment only buys on the web, all others every second order."""
    segments = model.customers.set_index("customer_id")["segment"].to_dict()
    segment = model.lines["customer_id"].astype("object").map(segments)
    even = pd.util.hash_pandas_object(model.lines["order_id"].astype("str"), index=False) % 2 == 0
    return pd.Series(np.where((segment == "Occasional") | even, "web", "store"), index=model.lines.index)


def test_the_largest_difference_is_said_with_its_figures(small_model: ShopperModel) -> None:
    model = _keeping(small_model, channel=_channel(small_model))
    (mix,) = mixes(model)
    found = segment_mix(model.lines, model.customers, "channel").set_index(["segment", "value"])
    everyone = float(str(found.loc[("Occasional", "web"), "usual_share"]))
    assert mix.sentence == (
        "channel: the largest difference is web, with 100 % of the spend of Occasional customers and "
        f"{format_share(everyone)} of the spend of all customers."
    )
    table = mix.table.set_index("segment")
    assert table.index.tolist() == [*small_model.segments["segment"], EVERYONE]
    assert table.sum(axis=1).to_numpy() == pytest.approx(1)
    assert table.loc[EVERYONE, "web"] == pytest.approx(everyone)
    assert table.loc["New", "store"] == pytest.approx(found.loc[("New", "store"), "revenue_share"])


def test_a_channel_by_chance_is_hardly_ever_called_a_difference(small_model: ShopperModel) -> None:
    """A coin is tossed for each order: few of 40 such columns may seem to differ between segments."""
    orders = small_model.lines["order_id"].astype("str")
    coins = {f"coin {n}": pd.util.hash_pandas_object(orders + str(n), index=False) % 2 for n in range(40)}
    said = [mix.sentence for mix in mixes(_keeping(small_model, **coins))]
    assert sum("surely differs" not in sentence for sentence in said) <= 3


def test_columns_that_tell_nothing_say_why(small_model: ShopperModel) -> None:
    lines = small_model.lines
    alike = pd.util.hash_pandas_object(lines["product_id"].astype("str"), index=False) % 1 + 1
    half = lines["order_id"].astype("str").where(np.arange(len(lines)) % 2 == 0)
    web = pd.Series("web", index=lines.index).where(np.arange(len(lines)) < 7)
    model = _keeping(small_model, till=alike, nothing=None, slip=half, channel=web)
    said = [mix.sentence for mix in mixes(model)]
    assert said[:2] == ["till is the same everywhere.", "nothing is empty everywhere."]
    assert said[2] == f"slip has {half.nunique():,} different values: too many to compare segments by."
    alone = f"channel is web in 7 of {len(lines):,} lines and empty in all others: "
    assert said[3] == alone + "nothing to compare segments by."
    assert mixes(small_model) == [] and mixes_html(small_model) == ""


def test_values_are_written_as_people_read_them(small_model: ShopperModel) -> None:
    gift = (small_model.lines["quantity"] > 2).astype("object").where(small_model.lines["quantity"] != 1)
    (mix,) = mixes(_keeping(small_model, gift=gift))
    assert list(mix.table)[-1] == NOT_KNOWN
    assert set(mix.table) == {"segment", "yes", "no", NOT_KNOWN}


def test_the_page_and_the_report_show_it_and_any_text_as_text(small_model: ShopperModel) -> None:
    channel = _channel(small_model).replace("web", HOSTILE)
    model = _keeping(small_model, **{f"<i>{HOSTILE}": channel})
    panel = SegmentPanel(model)
    shown = "".join(b.markup for b in sections.segments(model) if isinstance(b, ShownMarkup))
    for told in (html(panel), shown):
        assert "Share of spend by &lt;i&gt;" in told
        assert "<img" not in told and "<i>" not in told
    assert message(panel) == ""
    plain = "".join(b.markup for b in sections.segments(small_model) if isinstance(b, ShownMarkup))
    assert "Share of spend by" not in plain + html(SegmentPanel(small_model))


def test_a_value_may_be_called_as_a_column_of_the_figures(small_model: ShopperModel) -> None:
    own = ["segment", "value", "revenue", "customers", "index", "level_0"]
    even = pd.util.hash_pandas_object(small_model.lines["order_id"].astype("str"), index=False) % len(own)
    model = _keeping(small_model, segment=even.map(dict(enumerate(own))))
    (mix,) = mixes(model)
    first, *values = mix.table
    assert first == "segment" and {*values} == {*own}
    shown = "".join(b.markup for b in sections.segments(model) if isinstance(b, ShownMarkup))
    for told in (html(SegmentPanel(model)), shown):
        assert '<th scope="col" class="sw-number">segment</th>' in told
        assert told.count("Share of spend by segment") == 2


def test_where_returns_leave_no_spend_no_share_is_said(small_model: ShopperModel) -> None:
    model = _keeping(small_model, channel=_channel(small_model))
    back = model.lines.assign(amount=-model.lines["amount"])
    model = dataclasses.replace(model, lines=pd.concat([model.lines, back], ignore_index=True))
    assert segment_mix(model.lines, model.customers, "channel")["usual_share"].isna().all()
    (mix,) = mixes(model)
    assert mix.table.empty and mix.sentence == "channel: returns leave no spend to compare segments by."


def test_the_table_has_the_language_of_its_page(small_model: ShopperModel) -> None:
    values = pd.Series([f"v{n % 12}" for n in range(len(small_model.lines))], index=small_model.lines.index)
    model = _keeping(small_model, channel=values.where(values != "v0"))
    with in_locale("de"):
        (mix,) = mixes(model)
        told = mixes_html(model)
    assert list(mix.table)[-2:] == [OTHERS, NOT_KNOWN]
    assert [column.label for column in mix.columns][-2:] == ["other values", "not known"]
    assert "andere Werte</th>" in told and "nicht bekannt</th>" in told
    assert "Alle Kunden</th>" in told
