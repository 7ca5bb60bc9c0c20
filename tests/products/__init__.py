"""Tests of `shopper_widgets/products`."""
