"""Order lines come in; what customers begin with, buy next and buy again goes out.

What is compared is judged over the same time for all: who could not be followed so long is left out, or
allowed for where a method knows how.
"""
