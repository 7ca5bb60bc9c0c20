"""Tests of `shopper_widgets/orders/files`."""
