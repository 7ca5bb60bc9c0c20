"""Tests of `shopper_widgets/customers/lifetime`."""
