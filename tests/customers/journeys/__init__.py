"""Tests of `shopper_widgets/customers/journeys`."""
