"""Who passes a campaign's filters, what to do for them, and who is held out."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from shopper_widgets._support.locale import N_, gettext
from shopper_widgets._support.moments import naive_timestamp
from shopper_widgets.columns import (
    COUNTRY,
    CUSTOMER_ID,
    FREQUENCY,
    MONETARY,
    PRODUCT_ID,
    RECENCY,
    RFM,
    SEGMENT,
)
from shopper_widgets.customers.actions import customer_actions
from shopper_widgets.customers.cadence import customer_cadence
from shopper_widgets.customers.campaign_definition import CampaignDefinition
from shopper_widgets.customers.flows import NEW, is_flow, movements
from shopper_widgets.customers.history import segment_history
from shopper_widgets.customers.journeys.replenishment import due_customers
from shopper_widgets.customers.kept import lines_with
from shopper_widgets.recommend.for_customers import customer_suggestions, with_suggestions

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

#: A product counts as recommended to a customer if it is among this many suggestions (or more, where more are
#: requested).
RECOMMENDED_AMONG = 10
#: The action of customers who are held out.
HOLD_OUT_ACTION = N_("Don't contact them: they show what happens without the campaign.")


def select(
    campaign: CampaignDefinition,
    model: ShopperModel,
    *,
    cadence: pd.DataFrame | None = None,
    moved: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Return the customers of a campaign: see :meth:`Campaign.select`.

    Parameters
    ----------
    campaign : CampaignDefinition
        The filters, and what to attach to each customer.
    model : ShopperModel
        What the filters are applied to.
    cadence, moved : pandas.DataFrame, optional
        What :func:`~shopper_widgets.customer_cadence` tells of the model, and :func:`moved_between`
        for the campaign's two dates, if they are available, since they take long.
    """
    found = _filtered(campaign, model, cadence)
    if campaign.flows:
        names = set(model.segmenter.segment_names_) | {NEW}
        _check_known("flows", [name for flow in campaign.flows for name in flow], names)
        if moved is None:
            moved = moved_between(model, campaign.flow_start, campaign.flow_end)
        moved = moved.loc[is_flow(moved, campaign.flows), [CUSTOMER_ID, "from", "to"]]
        found = found.merge(moved, on=CUSTOMER_ID, how="inner", validate="1:1")
    if campaign.kept:
        buyers = lines_with(model, dict(campaign.kept))[CUSTOMER_ID]
        found = found[found[CUSTOMER_ID].isin(set(buyers.dropna()))]
    if campaign.bought:
        wanted = {find_product(model, product) for product in campaign.bought}
        buyers = model.purchases.loc[model.purchases[PRODUCT_ID].isin(wanted), CUSTOMER_ID]
        found = found[found[CUSTOMER_ID].isin(set(buyers))]
    if campaign.due:
        wanted = {find_product(model, product) for product in campaign.due}
        due = due_customers(model.lines, model.as_of)
        found = found[found[CUSTOMER_ID].isin(set(due.loc[due[PRODUCT_ID].isin(wanted), CUSTOMER_ID]))]
    suggestions = None
    if campaign.recommended or campaign.n_recommendations:
        n = max(campaign.n_recommendations, RECOMMENDED_AMONG if campaign.recommended else 0)
        suggestions = customer_suggestions(model.recommender, found[CUSTOMER_ID], n)
    if campaign.recommended and suggestions is not None:
        wanted = {find_product(model, product) for product in campaign.recommended}
        who = suggestions.loc[suggestions[PRODUCT_ID].isin(wanted), CUSTOMER_ID]
        found = found[found[CUSTOMER_ID].isin(set(who))]
    # Two sorts, one after the other, are many times faster than one by both columns: ids mostly come in
    # order.
    found = found.sort_values(CUSTOMER_ID)
    found = found.sort_values(MONETARY, ascending=False, kind="stable", ignore_index=True)
    held_out = _held_out(campaign, found[CUSTOMER_ID])
    # An action that the campaign gives for a segment counts first, then the customer's case, then the
    # segment.
    own, cases = dict(campaign.actions), customer_actions(model, found, cadence=cadence)
    actions = [own.get(segment, case) for segment, case in zip(found[SEGMENT], cases, strict=True)]
    found["action"] = pd.Series(actions, index=found.index, dtype=str).where(~held_out, HOLD_OUT_ACTION)
    found["is_held_out"] = held_out
    if campaign.n_recommendations and suggestions is not None:
        found = with_suggestions(found, suggestions, campaign.n_recommendations)
    return found


def to_carry_out(selected: pd.DataFrame) -> pd.DataFrame:
    """Return a campaign's list for those who carry it out, with actions in the language in force.

    Parameters
    ----------
    selected : pandas.DataFrame
        What `select` returns.

    Examples
    --------
    >>> from shopper_widgets._support.locale import in_locale
    >>> with in_locale("de"):
    ...     to_carry_out(pd.DataFrame({"action": [HOLD_OUT_ACTION, "Ring them up."]}))["action"].tolist()
    ['Nicht kontaktieren: An ihnen zeigt sich, was ohne die Kampagne geschieht.', 'Ring them up.']
    """
    return selected.assign(action=[gettext(action) for action in selected["action"]])


def _filtered(
    campaign: CampaignDefinition, model: ShopperModel, cadence: pd.DataFrame | None
) -> pd.DataFrame:
    """Return the customers who pass the filters that need only the tables of the model."""
    customers = model.customers
    _check_known("segments", campaign.segments, {*model.segments[SEGMENT], *customers[SEGMENT].unique()})
    _check_known("countries", campaign.countries, set(customers[COUNTRY].unique()))
    passes = pd.Series(True, index=customers.index)
    for values, column in ((campaign.segments, SEGMENT), (campaign.countries, COUNTRY)):
        if values:
            passes &= customers[column].isin(values)
    if campaign.min_silence is not None:
        passes &= customers[RECENCY] > campaign.min_silence
    if campaign.max_silence is not None:
        passes &= customers[RECENCY] <= campaign.max_silence
    if campaign.max_orders is not None:
        passes &= customers[FREQUENCY] <= campaign.max_orders
    if campaign.min_orders is not None:
        passes &= customers[FREQUENCY] >= campaign.min_orders
    if campaign.min_spend is not None:
        passes &= customers[MONETARY] >= campaign.min_spend
    if campaign.max_spend is not None:
        passes &= customers[MONETARY] <= campaign.max_spend
    shown = customers[[CUSTOMER_ID, COUNTRY, SEGMENT, *RFM]]
    if campaign.min_overdue is None and campaign.max_overdue is None:
        return shown[passes]
    if cadence is None:
        cadence = customer_cadence(model)  # it has the same rows as `customers`
    passes &= cadence["gaps"] > 0
    if campaign.min_overdue is not None:
        passes &= cadence["overdue"] > campaign.min_overdue
    if campaign.max_overdue is not None:
        passes &= cadence["overdue"] <= campaign.max_overdue
    return shown.assign(overdue=cadence["overdue"])[passes]


def moved_between(model: ShopperModel, flow_start: Any, flow_end: Any) -> pd.DataFrame:
    """Return customers' segments on two dates: see :func:`~shopper_widgets.movements`.

    Raises
    ------
    ValueError
        The dates are out of order, or before the first order.
    """
    start, end = (naive_timestamp("flow", date) for date in (flow_start, flow_end))
    if not start < end:
        raise ValueError(f"flow_start must be before flow_end; got {start} and {end}.")
    history = segment_history(model, dates=[start, end])
    missing = [date for date in (start, end) if not (history["date"] == date).any()]
    if end in missing:
        raise ValueError(f"flow_end must not lie before the first order; got {end}.")
    if start in missing:
        raise ValueError(f"flow_start must not lie before the first order; got {start}.")
    return movements(history, start, end)


def _held_out(campaign: CampaignDefinition, customer_ids: pd.Series[Any]) -> np.ndarray:
    """Mark the share with the lowest hashes: the seed draws them, whatever the order of the list."""
    if not campaign.hold_out:
        return np.zeros(len(customer_ids), dtype=bool)
    digests = [hashlib.sha256(f"{campaign.seed}:{who}".encode()).digest() for who in customer_ids]
    first = sorted(range(len(digests)), key=digests.__getitem__)[: round(campaign.hold_out * len(digests))]
    held_out = np.zeros(len(digests), dtype=bool)
    held_out[first] = True
    return held_out


def _check_known(name: str, given: Any, known: set[str]) -> None:
    unknown = [value for value in given if value not in known]
    if unknown:
        listed = ", ".join(sorted(known)[:20])
        raise ValueError(
            f"{name}: there is no {', '.join(map(repr, unknown))} in the model, which has {listed}."
        )


def find_product(model: ShopperModel, product: str) -> str:
    """Return the id of a product: charges only by their code, goods also by name.

    Raises
    ------
    UnknownProductError, AmbiguousProductError
        The text names no product, or several.
    """
    code = product.strip().upper()
    same = model.products[PRODUCT_ID][model.products[PRODUCT_ID].str.upper() == code]
    if (same == product.strip()).any() or len(same) == 1:
        return product.strip() if len(same) > 1 else str(same.iloc[0])
    catalogue = model.recommender.catalogue_
    return str(catalogue.ids[catalogue.find(product)])
