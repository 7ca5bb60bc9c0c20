"""Tests of `shopper_widgets/recommend/evaluation`."""
