"""Products: what sells, and what is bought together."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import altair as alt
import pandas as pd

from shopper_widgets._support.formatting import (
    format_count,
    format_decimal,
    format_money,
    format_product,
    format_share,
)
from shopper_widgets._support.locale import gettext, ngettext
from shopper_widgets.charts.colors import ON_DEEP, ON_PALE, SHADES, WHITE_FROM
from shopper_widgets.charts.theme import finish, in_currency, money_axis, nothing_to_show, room_for
from shopper_widgets.columns import IS_PRODUCT, PRODUCT_ID, PRODUCT_NAME, QUANTITY

#: The width in pixels that a cell needs for its figure.
_CELL = 28


def top_products(products: pd.DataFrame, *, currency: str = "", n: int = 10) -> alt.Chart:
    """Show the products with most revenue.

    Parameters
    ----------
    products : pandas.DataFrame
        One row per product: ``product_id, product_name, orders, customers, quantity, revenue``. Rows whose
        ``is_product`` is false (postage, fees) are left out.
    currency : str, default ""
        Sign or code of the money.
    n : int, default 10
        How many.

    Returns
    -------
    altair.Chart
        A point selection named ``pick`` gives the ``product_id`` that is clicked.

    Examples
    --------
    >>> products = pd.DataFrame({"product_id": ["A", "B"], "product_name": ["MUG", "TIN"], "orders": [3, 1],
    ...                          "customers": [2, 1], "quantity": [9, 1], "revenue": [90.0, 10.0]})
    >>> top_products(products, currency="£", n=1).to_dict()["title"]["text"]
    ['The top product of 2 brings 90 % of revenue']
    """
    goods = products[products[IS_PRODUCT].astype(bool)] if IS_PRODUCT in products else products
    if goods.empty:
        return nothing_to_show(gettext("No products in this selection."))
    top = goods.sort_values("revenue", ascending=False, kind="stable").head(n).copy()
    top["name"] = [_name(i, name) for i, name in zip(top[PRODUCT_ID], top[PRODUCT_NAME], strict=True)]
    top["shown"] = [format_money(v, currency) for v in top["revenue"]]
    pick = alt.selection_point(name="pick", fields=[PRODUCT_ID])
    base = alt.Chart(top).encode(
        y=alt.Y(f"{PRODUCT_ID}:N", sort=top[PRODUCT_ID].tolist(), title=None, axis=_named(top))
    )
    bars = (
        base.mark_bar()
        .encode(
            x=alt.X(
                "revenue:Q",
                title=in_currency(gettext("Revenue"), currency),
                axis=money_axis(currency, tickCount=4),
                scale=room_for(top["shown"], 0, float(top["revenue"].max())),
            ),
            opacity=alt.condition(pick, alt.value(1), alt.value(0.35)),
            tooltip=[
                alt.Tooltip("name:N", title=gettext("Product")),
                alt.Tooltip(f"{PRODUCT_ID}:N", title=gettext("Code")),
                alt.Tooltip("shown:N", title=gettext("Revenue")),
                alt.Tooltip(f"{QUANTITY}:Q", title=gettext("Units"), format=","),
                alt.Tooltip("orders:Q", title=gettext("Orders"), format=","),
                alt.Tooltip("customers:Q", title=gettext("Customers"), format=","),
            ],
        )
        .add_params(pick)
    )
    labels = base.mark_text(align="left", dx=5).encode(x=alt.X("revenue:Q"), text=alt.Text("shown:N"))
    whole = float(goods["revenue"].sum())
    share = format_share(float(top["revenue"].sum()) / whole if whole else None)
    title = ngettext(
        "The top product of {all} brings {share} of revenue",
        "The top {number} of {all} products bring {share} of revenue",
        len(top),
        number=len(top),
        all=format_count(len(goods)),
        share=share,
    )
    if len(top) == len(goods):
        best = format_share(float(top["revenue"].iloc[0]) / whole if whole else None)
        title = gettext(
            "{product} brings {share} of revenue, the most of {all} products",
            product=format_product(top["name"].iloc[0], begins=True),
            share=best,
            all=len(goods),
        )
    if len(goods) == 1:
        title = gettext(
            "{product} is the only product", product=format_product(top["name"].iloc[0], begins=True)
        )
    return finish(bars + labels, title, height=26 * len(top))


def similarity_heatmap(matrix: pd.DataFrame, names: Mapping[str, str] | None = None) -> alt.Chart:
    """Show how similar products are by their customers.

    Parameters
    ----------
    matrix : pandas.DataFrame of shape (n, n)
        Similarities from 0 to 1, product ids on both sides in the same order, 1 on the diagonal.
    names : mapping of str to str, optional
        Product id → name.

    Returns
    -------
    altair.Chart
        The diagonal is left blank: every product is like itself.

    Examples
    --------
    >>> matrix = pd.DataFrame([[1, 0.4], [0.4, 1]], index=["A", "B"], columns=["A", "B"])
    >>> similarity_heatmap(matrix, {"A": "MUG", "B": "TIN"}).to_dict()["title"]["text"]
    ['Closest pair: MUG and TIN, with a similarity of 0.40']
    """
    if len(matrix) < 2:
        return nothing_to_show(gettext("A comparison needs two products."))
    ids = [str(i) for i in matrix.index]
    names = names or {}
    called = {i: _name(i, names.get(i)) for i in ids}
    values = matrix.to_numpy(dtype=float)
    cells = pd.DataFrame(
        [(a, b, values[i, j]) for i, a in enumerate(ids) for j, b in enumerate(ids) if i != j],
        columns=["row", "column", "similarity"],
    )
    cells["one"], cells["other"] = cells["row"].map(called), cells["column"].map(called)
    best: Any = cells.sort_values("similarity", ascending=False, kind="stable").iloc[0]
    top = max(float(best["similarity"]), 1e-9)
    labelled = pd.DataFrame({PRODUCT_ID: ids, "name": [called[i] for i in ids]})
    base = alt.Chart(cells).encode(
        x=alt.X(
            "column:N",
            sort=ids,
            title=None,
            axis=_named(labelled, labelAngle=-90, labelFontSize=11, labelLimit=110),
        ),
        y=alt.Y("row:N", sort=ids, title=None, axis=_named(labelled, labelLimit=150)),
    )
    squares = base.mark_rect(stroke="white").encode(
        color=alt.Color(
            "similarity:Q",
            scale=alt.Scale(range=SHADES, domain=[0, top]),
            legend=alt.Legend(title=gettext("Similarity"), format=".2f", gradientLength=140),
        ),
        tooltip=[
            alt.Tooltip("one:N", title=gettext("Product")),
            alt.Tooltip("other:N", title=gettext("With")),
            alt.Tooltip("similarity:Q", title=gettext("Similarity"), format=".3f"),
        ],
    )
    chart = squares
    if len(ids) <= 12:
        room = alt.expr(f"width < {len(ids) * _CELL} ? 0 : 1")  # on a phone there are colors only
        deep = f"datum.similarity > {WHITE_FROM * top}"
        ink = alt.condition(deep, alt.value(ON_DEEP), alt.value(ON_PALE))
        words = base.mark_text(fontSize=11, opacity=room).encode(
            text=alt.Text("similarity:Q", format=".2f"),
            color=ink,
        )
        chart = squares + words
    title = gettext(
        "Closest pair: {one} and {other}, with a similarity of {similarity}",
        one=format_product(best["one"]),
        other=format_product(best["other"]),
        similarity=format_decimal(best["similarity"], 2),
    )
    if not best["similarity"]:
        title = gettext("No two of these products share a buyer")
    subtitle = gettext("Similarity 1: bought by exactly the same customers; 0: no customer in common.")
    return finish(chart, title, subtitle=subtitle, height=max(90, 28 * len(ids)))


def _name(product_id: str, name: object) -> str:
    return name if isinstance(name, str) and name.strip() else str(product_id)


def _named(frame: pd.DataFrame, **options: Any) -> alt.Axis:
    """Return an axis that shows names while the scale holds ids, since two products may share a name."""
    ids, names = json.dumps(frame[PRODUCT_ID].astype(str).tolist()), json.dumps(frame["name"].tolist())
    return alt.Axis(labelExpr=f"{names}[indexof({ids}, datum.value)]", **options)
