"""Order lines come in; what customers begin with, buy next and buy again goes out.

Comparisons cover the same time for all customers: those who could not be followed for the whole time are left
out, or the method allows for them (censoring).
"""
