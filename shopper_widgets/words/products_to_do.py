"""What to do about products: those that may be out of stock, those that grow, a pair that sells together."""

from __future__ import annotations

import math

import numpy as np

from shopper_widgets._support.chance import BY_CHANCE, beyond_chance
from shopper_widgets._support.formatting import (
    count_of,
    format_count,
    format_decimal,
    format_money,
    format_product,
)
from shopper_widgets._support.locale import gettext, ngettext
from shopper_widgets.columns import PRODUCT_ID, PRODUCT_NAME
from shopper_widgets.errors import TooLittleDataError
from shopper_widgets.model.shopper_model import ShopperModel
from shopper_widgets.products.stock_outs import lasting_gaps
from shopper_widgets.products.trends import demand_trends
from shopper_widgets.recommend.lift import lift_interval
from shopper_widgets.words.demand import OUT_OF_STOCK, sold_of
from shopper_widgets.words.recommendations import FEWEST_BUYERS, examples
from shopper_widgets.words.thing_to_do import ToDo

#: The class by revenue whose gaps are reported.
_WORTH_CHECKING = "A"
#: A pair whose lift may be less than this is not suggested as a bundle.
_WORTH_TELLING = 1.5
#: Nor is a pair that fewer customers bought.
_FEWEST_WITH_BOTH = 10


def check_products(model: ShopperModel) -> ToDo | None:
    """Name products that may be out of stock; without any, how many grow and fade."""
    try:
        weeks, classes, gaps, seasonal = sold_of(model)
    except TooLittleDataError:
        return None
    lasting = lasting_gaps(gaps, classes)
    open_now = lasting[lasting["abc"] == _WORTH_CHECKING]
    if len(open_now):
        money, first = float(open_now["revenue"].sum()), str(open_now[PRODUCT_ID].iloc[0])
        return ToDo(
            title=gettext(
                "Check the stock of {products} that stopped selling",
                products=count_of(len(open_now), "product"),
            ),
            sentence=ngettext(
                "It brought in {money} in the last 26 weeks, then did not sell for {weeks} or more: it may "
                "be out of stock. It is {product}.",
                "They brought in {money} in the last 26 weeks, then did not sell for {weeks} or more: they "
                "may be out of stock. {product} brought in the most.",
                len(open_now),
                money=format_money(money, model.currency),
                weeks=count_of(int(open_now["weeks"].min()), "week"),
                product=_name(model, first),
            ),
            sure=gettext(
                "Checked: {products} with 80 % of revenue. At most 1 in 20 of the gaps listed is expected "
                "to be chance.",
                products=count_of(int((classes["abc"] == _WORTH_CHECKING).sum()), "product"),
            ),
            button=gettext("See the products"),
            view="Demand",
            state={PRODUCT_ID: first, "group": _WORTH_CHECKING, "trend": OUT_OF_STOCK},
            money=money,
        )
    try:
        trends = demand_trends(weeks)
    except TooLittleDataError:
        return None
    grown = trends.loc[trends["trend"] == "growing", [PRODUCT_ID]].merge(classes, on=PRODUCT_ID)
    # What grew and then stopped is listed as that, and what sells for a season won't go on growing.
    otherwise = {*lasting[PRODUCT_ID], *seasonal}
    grown = grown[~grown[PRODUCT_ID].isin(otherwise)]
    if not beyond_chance(len(grown), len(trends), BY_CHANCE):
        return None
    money, first = float(grown["revenue"].sum()), str(grown.sort_values("revenue")[PRODUCT_ID].iloc[-1])
    fading = int((trends["trend"] == "fading").sum())
    sentence = ngettext(
        "It brought in {money} in the last 26 weeks: {product}.",
        "They brought in {money} in the last 26 weeks, {product} the most.",
        len(grown),
        money=format_money(money, model.currency),
        product=_name(model, first),
    )
    if fading:
        sentence += " " + ngettext(
            "{number} product is fading.",
            "{number} products are fading.",
            fading,
            number=format_count(fading),
        )
    return ToDo(
        title=ngettext(
            "Order more of {number} product that grows faster than the shop",
            "Order more of {number} products that grow faster than the shop",
            len(grown),
            number=format_count(len(grown)),
        ),
        sentence=sentence,
        sure=gettext(
            "The last 13 weeks are compared with the 13 before, and each product is judged by its 95 % "
            "interval. Of {products}, about {by_chance} would seem to grow by chance alone.",
            products=count_of(len(trends), "product"),
            by_chance=format_count(math.ceil(BY_CHANCE * len(trends))),
        ),
        button=gettext("See what will sell"),
        view="Demand",
        state={PRODUCT_ID: first, "trend": "growing"},
        money=money,
    )


def _name(model: ShopperModel, product_id: str) -> str:
    name = model.lines.loc[model.lines[PRODUCT_ID] == product_id, PRODUCT_NAME].iloc[-1]
    return format_product(str(name))


def offer_together(model: ShopperModel) -> ToDo | None:
    """Name a best seller and the first suggestion with it, for a pair whose lift is surely high."""
    found = examples(model, n=1)
    pairs = found[found["rank"] == 1].reset_index(drop=True)
    if pairs.empty:
        return None
    catalogue = model.recommender.catalogue_
    places = {name: [catalogue.find(code) for code in pairs[name]] for name in ("for_product_id", PRODUCT_ID)}
    # The best of many pairs is high by chance, too: its interval allows for all pairs from which it was
    # chosen.
    others = int((catalogue.customers >= FEWEST_BUYERS).sum()) - 1
    looked_at = max(pairs["for_product_id"].nunique() * others, 1)
    low, _ = lift_interval(
        pairs["support"],
        catalogue.customers[places["for_product_id"]],
        catalogue.customers[places[PRODUCT_ID]],
        len(model.recommender.customer_ids_),
        confidence=1 - 2 * BY_CHANCE / looked_at,
    )
    low = np.where(pairs["support"] >= _FEWEST_WITH_BOTH, low, 0.0)
    best = int(low.argmax())
    if low[best] < _WORTH_TELLING:
        return None
    pair = pairs.iloc[best]
    asked, offered = (catalogue.called(found[best]) for found in places.values())
    revenue = model.products.set_index(PRODUCT_ID)["revenue"]
    both = float(revenue[pair["for_product_id"]] + revenue[pair[PRODUCT_ID]])
    return ToDo(
        title=gettext("Offer {offered} with {asked}", offered=offered, asked=asked),
        sentence=gettext(
            "Lift {lift}: customers buy both {lift} times as often as by chance. The two "
            "products have brought in {both} so far.",
            lift=format_decimal(pair["lift"], 1),
            both=format_money(both, model.currency),
        ),
        sure=gettext(
            "{customers} bought both. The 95 % interval of the lift is {low} to {high}; allowing for the "
            "{pairs} compared, the lift is {surely} or more.",
            customers=count_of(int(pair["support"]), "customer"),
            low=format_decimal(pair["lift_low"], 1),
            high=format_decimal(pair["lift_high"], 1),
            surely=format_decimal(low[best], 1),
            pairs=count_of(looked_at, "pair"),
        ),
        button=gettext("See what goes with it"),
        view="Recommend",
        state={PRODUCT_ID: str(pair["for_product_id"])},
        money=both,
    )
