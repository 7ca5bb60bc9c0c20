"""Columns of text as people and programs write them come in; dates, numbers and codes go out."""
