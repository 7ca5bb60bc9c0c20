"""Tests of `shopper_widgets/panels`."""
