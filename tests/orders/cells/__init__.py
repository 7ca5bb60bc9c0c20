"""Tests of `shopper_widgets/orders/cells`."""
