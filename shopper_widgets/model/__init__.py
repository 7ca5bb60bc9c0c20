"""Cleaned orders come in; one fitted model of the shop goes out, is saved, loaded, and made pseudonymous."""
