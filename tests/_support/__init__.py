"""Tests of `shopper_widgets/_support`."""
