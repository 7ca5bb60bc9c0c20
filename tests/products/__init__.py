"""Tests of `shopper_widgets/model`."""
