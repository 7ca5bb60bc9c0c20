"""Shopper Spectrum: customer segments and product recommendations from any table of orders."""

__version__ = "0.1.0"
