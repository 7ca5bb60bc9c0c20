"""A report in one email: figures, what to do and two charts, in the form that mail programs show."""

from __future__ import annotations

import base64
from email.message import EmailMessage
from email.utils import make_msgid
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from shopper_widgets import charts
from shopper_widgets._support.locale import current_locale, gettext
from shopper_widgets._support.png import with_palette
from shopper_widgets.customers.headlines import comparable_periods, headlines
from shopper_widgets.words import shop
from shopper_widgets.words.overview import Card, cards, period_sentences
from shopper_widgets.words.thing_to_do import ToDo
from shopper_widgets.words.to_do import things_to_do

if TYPE_CHECKING:
    import altair as alt

    from shopper_widgets.model.shopper_model import ShopperModel

#: The width in pixels that mail programs show completely, even on a phone, and that of a chart.
_WIDTH, _CHART = 600, 560
#: Mail programs cut off messages with more bytes.
LARGEST = 100_000
#: Each tag has its own style, since mail programs drop style sheets; the layout uses tables, the only way
#: that all support.
_FONT = "font-family:Helvetica,Arial,sans-serif;color:#1f2429;"
_SMALL = f"{_FONT}font-size:13px;line-height:18px;color:#4a525a;"
_TEXT = f"{_FONT}font-size:15px;line-height:22px;"
_BIG = f"{_FONT}font-size:22px;line-height:28px;font-weight:bold;"
_CELL = "padding:12px;background-color:#f4f7f9;border:4px solid #ffffff;"
_FRAME = 'role="presentation" cellpadding="0" cellspacing="0" border="0"'


def summary_html(model: ShopperModel, title: str) -> str:
    """Write a model's summary as one HTML page for an email, including pictures.

    Styles are in the tags, the layout is by tables, and nothing is loaded: mail programs keep that. Some of
    them cut messages of more than 100,000 characters; it has fewer.

    Parameters
    ----------
    model : ShopperModel
        What it sums up.
    title : str
        The page's heading.

    Returns
    -------
    str
        One whole page.

    Examples
    --------
    >>> from shopper_widgets.datasets import make_transactions
    >>> from shopper_widgets.model.shopper_model import ShopperModel
    >>> orders = make_transactions(n_customers=80, n_products=30, n_days=200, random_state=0)
    >>> page = summary_html(ShopperModel.fit(orders, n_clusters=4, progress=False), "Mugs & more")
    >>> "<h1" in page and "Mugs &amp; more" in page and len(page) < LARGEST
    True
    """
    pictures = _pictures(model)
    places = [f"data:image/png;base64,{base64.b64encode(png).decode('ascii')}" for png, _ in pictures]
    return _page(model, title, [(place, told) for place, (_, told) in zip(places, pictures, strict=True)])


def summary_message(model: ShopperModel, title: str) -> bytes:
    """Write the summary as an email, with attached pictures and a plain-text version.

    Some mail programs show no pictures within the text. The sender adds the addresses and sends it by
    ``sendmail -t`` or `smtplib`.

    Parameters
    ----------
    model : ShopperModel
        What it sums up.
    title : str
        Its subject.

    Returns
    -------
    bytes
        A message by RFC 5322 (``.eml``).
    """
    letter = EmailMessage()
    letter["Subject"] = " ".join(title.split())
    letter.set_content(_plain(model, title))
    pictures = _pictures(model)
    names = [make_msgid(idstring=f"chart{i}", domain="shopper-widgets") for i in range(len(pictures))]
    shown = [(f"cid:{name[1:-1]}", told) for name, (_, told) in zip(names, pictures, strict=True)]
    letter.add_alternative(_page(model, title, shown), subtype="html")
    page: Any = letter.get_payload(1)
    for name, (png, _) in zip(names, pictures, strict=True):
        page.add_related(png, "image", "png", cid=name, disposition="inline")
    return letter.as_bytes()


def _pictures(model: ShopperModel) -> list[tuple[bytes, str]]:
    """Return the charts as pictures, each with its description."""
    return [
        _picture(charts.revenue_over_time(model.all_orders, currency=model.currency)),
        _picture(charts.segment_shares(model.segments, currency=model.currency)),
    ]


def _picture(chart: alt.Chart) -> tuple[bytes, str]:
    import vl_convert

    spec = charts.to_spec(chart) | {"width": _CHART - 60}
    return with_palette(vl_convert.vegalite_to_png(spec, scale=2)), str(
        spec.get("description", gettext("Chart"))
    )


def _page(model: ShopperModel, title: str, pictures: list[tuple[str, str]]) -> str:
    told = headlines(model, next(iter(comparable_periods(model)), "month"))
    days, *_ = period_sentences(model, told)
    parts = [
        Markup('<h1 style="{}">{}</h1>').format(f"{_BIG}margin:0 0 4px;", title),
        _text(shop.headline(model)),
        _text(days, _SMALL),
        _cards(cards(model, told)),
        _heading(gettext("What to do today")),
        *(_deed(todo) for todo in things_to_do(model, told)),
        _heading(gettext("Revenue and segments")),
        *(_image(place, said) for place, said in pictures),
        _text(gettext("The full report is in the accompanying files."), _SMALL),
    ]
    return str(
        Markup(
            '<!DOCTYPE html>\n<html lang="{locale}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            "<title>{title}</title></head>\n"
            '<body style="margin:0;padding:0;background-color:#ffffff;">\n'
            '<table {frame} width="100%"><tr><td align="center" style="padding:16px;">'
            '<table {frame} width="{width}" style="width:100%;max-width:{width}px;"><tr><td align="left">\n'
            "{parts}\n</td></tr></table></td></tr></table>\n</body></html>\n"
        ).format(
            title=title,
            locale=current_locale(),
            frame=Markup(_FRAME),
            width=_WIDTH,
            parts=Markup("\n").join(parts),
        )
    )


def _text(text: str, look: str = _TEXT) -> Markup:
    return Markup('<p style="{}">{}</p>').format(f"{look}margin:0 0 8px;", text)


def _heading(text: str) -> Markup:
    return Markup('<h2 style="{}">{}</h2>').format(
        f"{_FONT}font-size:18px;line-height:24px;margin:24px 0 8px;", text
    )


def _cards(shown: list[Card]) -> Markup:
    """Write the headline figures in rows of two."""
    cells = [
        Markup('<td width="50%" valign="top" style="{}">{}{}{}</td>').format(
            _CELL,
            _text(card.label, _SMALL),
            _text(card.value, _BIG),
            _text(card.change, f"{_SMALL}font-weight:bold;") if card.change else "",
        )
        for card in shown
    ]
    rows = [Markup("<tr>{}</tr>").format(Markup("").join(cells[i : i + 2])) for i in range(0, len(cells), 2)]
    return Markup('<table {} width="100%">{}</table>').format(Markup(_FRAME), Markup("\n").join(rows))


def _deed(todo: ToDo) -> Markup:
    return _text(todo.title, f"{_TEXT}font-weight:bold;") + _text(todo.sentence) + _text(todo.sure, _SMALL)


def _image(place: str, told: str) -> Markup:
    look = "display:block;width:100%;height:auto;border:0;margin:0 0 16px;"
    return Markup('<img src="{}" alt="{}" width="{}" style="{}">').format(place, told, _CHART, look)


def _plain(model: ShopperModel, title: str) -> str:
    """Write the summary as plain text, for programs that don't show HTML."""
    told = headlines(model, next(iter(comparable_periods(model)), "month"))
    days, *_ = period_sentences(model, told)
    figures = [
        f"{card.label}: {card.value}{f' ({card.change})' if card.change else ''}"
        for card in cards(model, told)
    ]
    deeds = [f"- {todo.title}. {todo.sentence} {todo.sure}" for todo in things_to_do(model, told)]
    return "\n".join(
        [title, "", shop.headline(model), days, "", *figures, "", gettext("What to do today"), "", *deeds, ""]
    )
