"""A seed and sizes come in; the orders of a made-up shop go out, for `shopper_widgets.datasets`."""

from .books import made_up_shop

__all__ = ["made_up_shop"]
