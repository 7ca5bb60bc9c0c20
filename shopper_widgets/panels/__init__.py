"""Panels: ipywidgets over the core."""
