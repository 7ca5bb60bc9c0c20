"""The HTML page that an executed report becomes."""
