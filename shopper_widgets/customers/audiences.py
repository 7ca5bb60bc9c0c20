"""Files for mail and ad services: with their columns, without the customers held out, hashed if required."""

from __future__ import annotations

import contextlib
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from shopper_widgets._support.checks import check_choice, plain
from shopper_widgets.columns import CUSTOMER_ID, SEGMENT

if TYPE_CHECKING:
    from shopper_widgets.model.shopper_model import ShopperModel

_ADDRESS = r"^[^@\s,;]+@[^@\s,;]+\.[^@\s,;]+$"
#: The bytes that Mailchimp keeps of a text field.
_MAILCHIMP_BYTES = 255


@dataclass(frozen=True)
class Service:
    """The format that a service takes.

    Attributes
    ----------
    name : str
        The service's name.
    email : str
        The required name of the column of addresses.
    is_hashed : bool
        Whether addresses are handed over as SHA-256 of their trimmed, lower-case form.
    has_fields : bool
        Whether further columns are taken, as fields of a contact.
    """

    name: str
    email: str
    is_hashed: bool = False
    has_fields: bool = False


SERVICES = {
    "klaviyo": Service("Klaviyo", "Email", has_fields=True),
    "mailchimp": Service("Mailchimp", "Email Address", has_fields=True),
    "google": Service("Google Ads", "Email", is_hashed=True),
    "meta": Service("Meta", "email", is_hashed=True),
}


def customer_emails(model: ShopperModel, email: str | None = None) -> pd.Series[str]:
    """Return each customer's e-mail address from the orders.

    Parameters
    ----------
    model : ShopperModel
        Gives the customers, and the kept columns of their lines.
    email : str, optional
        The kept column that holds it: the newest address of each customer counts. Without one, ids are used
        that are addresses, as in shops that have no other id.

    Returns
    -------
    pandas.Series
        Trimmed and in lower case, by customer, without texts that are no address.

    Raises
    ------
    ValueError
        There is no such column, or no address.
    """
    if email is None:
        ids = model.customers[CUSTOMER_ID]
        found = pd.Series(ids.to_numpy(), index=ids.to_numpy(), dtype="str")
        hint = "their ids are none. Name the column of addresses that was kept: fit(…, keep=['Email'])."
    else:
        if email not in model.lines:
            kept = [str(name) for name in model.parameters.get("keep", ())]
            raise ValueError(
                f"email must be a kept column of the orders; there is no {plain(email)!r}, but "
                f"{', '.join(kept) or 'none was kept'}. Keep it when the model is fitted: keep=[{email!r}]."
            )
        told = model.lines[[CUSTOMER_ID, email]].dropna().drop_duplicates(CUSTOMER_ID, keep="last")
        found = pd.Series(told[email].astype("str").to_numpy(), index=told[CUSTOMER_ID].astype("str"))
        hint = f"{email} holds none."
    found = found.str.replace(r"\s", "", regex=True).str.lower()
    found = found[found.str.match(_ADDRESS)]
    if found.empty:
        raise ValueError(f"No customer has an e-mail address here: {hint}")
    return found


def email_column(model: ShopperModel) -> str | None:
    """Return the kept column that holds e-mail addresses; None if customers' ids are addresses.

    Raises
    ------
    ValueError
        Neither their ids nor a kept column holds an address.
    """
    for email in (None, *map(str, model.parameters.get("keep", ()))):
        with contextlib.suppress(ValueError):
            customer_emails(model, email)
            return email
    raise ValueError("No customer has an e-mail address here: keep their column, fit(…, keep=['Email']).")


def audience_table(
    model: ShopperModel,
    selected: pd.DataFrame,
    service: str,
    *,
    email: str | None = None,
    name: str = "",
) -> pd.DataFrame:
    """Return a campaign's list in the format of a mail or ad service, without the customers held out.

    Parameters
    ----------
    model : ShopperModel
        Knows the addresses.
    selected : pandas.DataFrame
        The list: what :meth:`Campaign.select` returns.
    service : {"klaviyo", "mailchimp", "google", "meta"}
        Who takes it. Klaviyo wants ``Email`` as the first column and makes properties of the others
        (https://help.klaviyo.com/hc/en-us/articles/115005078967); Mailchimp wants ``Email Address``
        (https://mailchimp.com/help/format-guidelines-for-your-import-file/) and cuts texts at 255 bytes;
        Google Ads Customer Match wants ``Email``, in lower case without blanks before it is hashed
        (https://support.google.com/google-ads/answer/7659867); Meta wants ``email``
        (https://www.facebook.com/business/help/2082575038703844).
    email : str, optional
        The kept column that holds addresses. Without one, customers whose id is an address.
    name : str, default ""
        Of the campaign, for the programs that take further fields.

    Returns
    -------
    pandas.DataFrame
        A row per address, as the program calls it: ``Email``, ``Email Address`` or ``email``, for Google and
        Meta hashed (SHA-256, as hex digits); for Klaviyo and Mailchimp also ``Campaign``, ``Segment`` and
        ``Recommendation 1`` and on, where the list has them. Customers without an address are not there: the
        frame's ``attrs["without_email"]`` counts them.

    Raises
    ------
    ValueError
        There is no such service or column, or nobody has an address.

    Examples
    --------
    >>> from shopper_widgets.customers.campaign import Campaign
    >>> from shopper_widgets.datasets import make_transactions
    >>> from shopper_widgets.model.shopper_model import ShopperModel
    >>> orders = make_transactions(n_customers=80, n_products=30, n_days=120, random_state=0)
    >>> orders["customer_id"] += "@example.org"
    >>> model = ShopperModel.fit(orders, n_clusters=4, progress=False)
    >>> selected = Campaign(hold_out=0.5).select(model)
    >>> table = audience_table(model, selected, "klaviyo", name="Thanks")
    >>> list(table), len(table) == int((~selected["is_held_out"]).sum())
    (['Email', 'Campaign', 'Segment'], True)
    """
    check_choice("service", service, SERVICES)
    to = SERVICES[service]
    emails = customer_emails(model, email)
    written = selected[~selected["is_held_out"]]
    address = written[CUSTOMER_ID].map(emails)
    held_out = set(selected.loc[selected["is_held_out"], CUSTOMER_ID].map(emails).dropna())
    # A person with two accounts is not contacted if one of them is held out.
    there = address.notna() & ~address.isin(held_out) & ~address.duplicated()
    table = pd.DataFrame({to.email: address[there]})
    if to.is_hashed:
        table[to.email] = [hashlib.sha256(one.encode()).hexdigest() for one in table[to.email]]
    if to.has_fields:
        table["Campaign"] = name
        if SEGMENT in written:
            table["Segment"] = written.loc[there, SEGMENT]
        suggested = written.filter(regex=r"^recommendation_\d+_name$")
        for i, column in enumerate(suggested, 1):
            table[f"Recommendation {i}"] = suggested[column][there]
    if service == "mailchimp":
        fields = table.columns.drop(to.email)
        table[fields] = table[fields].map(_cut)
    table = table.reset_index(drop=True)
    table.attrs["without_email"] = int(address.isna().sum())
    return table


def _cut(text: str) -> str:
    return str(text).encode()[:_MAILCHIMP_BYTES].decode(errors="ignore")
