"""Errors: an unknown product or customer, or a question that the orders can't answer."""

from __future__ import annotations

from collections.abc import Sequence


class UnknownProductError(KeyError):
    """No product has this id or name.

    Attributes
    ----------
    product : str
        What was asked for.
    nearest : tuple of str
        Names of the products that come closest; may be empty.

    Examples
    --------
    >>> print(UnknownProductError("RED MUGG", ["RED MUG"]))
    no product has the id or the name 'RED MUGG' (nearest: RED MUG)
    """

    def __init__(self, product: str, nearest: Sequence[str]) -> None:
        super().__init__(product, nearest)
        self.product = product
        self.nearest = tuple(nearest)

    def __str__(self) -> str:
        hint = (
            f"nearest: {'; '.join(self.nearest)}" if self.nearest else "search(text) finds products by words"
        )
        return f"no product has the id or the name {str(self.product)!r} ({hint})"


class AmbiguousProductError(ValueError):
    """Several products have this name.

    Attributes
    ----------
    product : str
        What was asked for.
    candidates : tuple of str
        The ids of the products of that name.

    Examples
    --------
    >>> print(AmbiguousProductError("RED MUG", ["22423", "84879"]))
    2 products have the name 'RED MUG': give one of their ids, 22423, 84879
    """

    def __init__(self, product: str, candidates: Sequence[str]) -> None:
        super().__init__(product, candidates)
        self.product = product
        self.candidates = tuple(candidates)

    def __str__(self) -> str:
        ids = ", ".join(self.candidates)
        name = str(self.product)
        return f"{len(self.candidates)} products have the name {name!r}: give one of their ids, {ids}"


class AmbiguousDecimalError(ValueError):
    """Numbers of a file can be read with a decimal point and with a decimal comma.

    Attributes
    ----------
    example : str
        One of these numbers, as it is written.
    point, comma : float
        What it is with a decimal point, and with a decimal comma.

    Examples
    --------
    >>> print(str(AmbiguousDecimalError("1.250", 1.25, 1250.0))[:92])
    numbers must be readable in one way: '1.250' is 1.25 with a decimal point, 1250 with a decim
    """

    def __init__(self, example: str, point: float, comma: float) -> None:
        super().__init__(example, point, comma)
        self.example, self.point, self.comma = example, point, comma

    def __str__(self) -> str:
        return (
            f"numbers must be readable in one way: {self.example!r} is {self.point:.15g} with a decimal "
            f"point, {self.comma:.15g} with a decimal comma, and no other number proves which holds. State "
            "it: decimal='.' or decimal=','."
        )


class UnknownCustomerError(KeyError):
    """No customer with this id is in the fitted data.

    Attributes
    ----------
    customer_id : str
        Who was asked for.

    Examples
    --------
    >>> print(UnknownCustomerError("12346"))
    no customer '12346' bought a product in the data that was fitted; for someone new, give a basket
    """

    def __init__(self, customer_id: str) -> None:
        super().__init__(customer_id)
        self.customer_id = customer_id

    def __str__(self) -> str:
        return (
            f"no customer {str(self.customer_id)!r} bought a product in the data that was fitted; "
            "for someone new, give a basket"
        )


class ToldError(ValueError):
    """An error with one message for the caller and another for readers of a page.

    Parameters
    ----------
    message : str
        What is wrong, for the caller.
    told : str, optional
        The same for readers of a page: without names of parameters and functions. Default: `message`.

    Examples
    --------
    >>> ToldError("dates can be read in two ways: give dayfirst.", told="Dates can be read in two ways.").told
    'Dates can be read in two ways.'
    """

    def __init__(self, message: str, *, told: str = "") -> None:
        super().__init__(message)
        self.told = told or message


class UnreadableError(ToldError):
    """A table of orders can't be read as it is; the message says what to state or to change.

    Examples
    --------
    >>> import pandas as pd
    >>> import shopper_widgets as sw
    >>> sw.read_transactions(pd.DataFrame({"who": ["Ann"], "what": "mug"}))
    Traceback (most recent call last):
    shopper_widgets.errors.UnreadableError: source lacks the column(s) order_id, ...
    """


class TooLittleDataError(ToldError):
    """The orders cannot support what was asked for; the message says what they lack.

    Parameters
    ----------
    message : str
        What the orders lack, for the caller.
    told : str, optional
        The same for readers of a page, in its language: without names of parameters and functions. Default:
        `message`.

    Examples
    --------
    >>> import pandas as pd
    >>> import shopper_widgets as sw
    >>> week = {"product_id": ["mug"], "week": pd.Timestamp("2024-01-07"), "quantity": 3, "amount": 9.0}
    >>> sw.demand_trends(pd.DataFrame(week))
    Traceback (most recent call last):
    shopper_widgets.errors.TooLittleDataError: demand must hold at least 26 weeks; it holds 1.
    """


class NothingToAskError(ValueError):
    """There is no purchase after a date to ask about, so that recommendations can't be measured there."""
