"""Tests of `shopper_widgets/publish`."""
