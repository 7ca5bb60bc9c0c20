"""The made-up shop behind `shopper_widgets.datasets.make_transactions`."""

from .books import made_up_shop

__all__ = ["made_up_shop"]
