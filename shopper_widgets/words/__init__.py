"""A model and its figures come in; their labels and sentences go out, as text and HTML."""
