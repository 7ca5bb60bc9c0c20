"""Tests of `shopper_widgets/charts`."""
