"""The first argument of a panel: a model, or orders to fit one on."""

from __future__ import annotations

import narwhals as nw

from shopper_widgets.model.shopper_model import ShopperModel


def check_model(model: object) -> None:
    """Raise TypeError unless a value is a model, or a frame of orders to fit one to.

    Examples
    --------
    >>> check_model("out/model")
    Traceback (most recent call last):
    TypeError: model must be a ShopperModel, such as ShopperModel.load('out/model'), or a frame ...
    """
    if not isinstance(model, ShopperModel) and not _is_frame(model):
        raise TypeError(
            "model must be a ShopperModel, such as ShopperModel.load('out/model'), or a frame of orders; got "
            f"{type(model).__name__}."
        )


def _is_frame(value: object) -> bool:
    return isinstance(nw.from_native(value, pass_through=True), nw.DataFrame | nw.LazyFrame)
