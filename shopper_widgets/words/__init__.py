"""A model and its figures come in; labels and sentences go out, as text and HTML."""
