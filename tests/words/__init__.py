"""Tests of `shopper_widgets/words`."""
