"""Service levels by class of products."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from shopper_widgets._support.checks import check_table, plain
from shopper_widgets.columns import PRODUCT_ID
from shopper_widgets.products.forecaster import check_level

#: The classes that can have a service level: by revenue, by regularity, or both.
_ABC, _XYZ = "ABC", "XYZ"
CLASSES = (*_ABC, *_XYZ, *(abc + xyz for abc in _ABC for xyz in _XYZ))


def service_levels(classes: pd.DataFrame, levels: Mapping[str, float]) -> dict[str, float]:
    """Return the service level of each product whose class has one.

    Parameters
    ----------
    classes : pandas.DataFrame
        What :func:`~shopper_widgets.product_classes` returns: ``product_id, abc, xyz``.
    levels : mapping of str to float
        Class → share of periods in which stock is to last: ``{"A": 0.98, "B": 0.95, "CZ": 0.8}``. ``"AX"``
        goes before ``"A"``, and ``"A"`` before ``"X"``.

    Returns
    -------
    dict of str to float
        Product → level, for :func:`~shopper_widgets.stock_plan`; products whose class is not named are not in
        it.

    Raises
    ------
    ValueError
        A class isn't known, a level is not a share, or a column is missing.

    Examples
    --------
    >>> classes = pd.DataFrame({"product_id": ["mug", "tea"], "abc": ["A", "C"], "xyz": ["X", "Z"]})
    >>> service_levels(classes, {"A": 0.98, "C": 0.9, "CZ": 0.8})
    {'mug': 0.98, 'tea': 0.8}
    """
    checked = check_levels("levels", levels)
    check_table("classes", classes, (PRODUCT_ID, "abc", "xyz"), " product_classes(demand) gives them.")
    found = {}
    for product, abc, xyz in classes[[PRODUCT_ID, "abc", "xyz"]].itertuples(index=False, name=None):
        named = next((name for name in (abc + xyz, abc, xyz) if name in checked), None)
        if named is not None:
            found[str(product)] = checked[named]
    return found


def check_levels(parameter: str, levels: Mapping[str, float]) -> dict[str, float]:
    """Return levels by class, or raise a ValueError that names the wrong class or level."""
    if not isinstance(levels, Mapping):
        raise TypeError(
            f"{parameter} must be a mapping of class to level, such as {{'A': 0.98}}; got {plain(levels)!r}."
        )
    for name in levels:
        if name not in CLASSES:
            raise ValueError(
                f"{parameter} must be given for classes such as A, X or AX; got {plain(name)!r}."
            )
    return {name: check_level(f"{parameter}[{name!r}]", level) for name, level in levels.items()}
