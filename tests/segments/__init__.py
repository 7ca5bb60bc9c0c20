"""Tests of `shopper_widgets/segments`."""
