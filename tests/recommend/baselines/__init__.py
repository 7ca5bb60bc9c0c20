"""Tests of `shopper_widgets/recommend/baselines`."""
