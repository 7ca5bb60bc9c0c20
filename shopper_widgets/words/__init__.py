"""A model and its figures come in; what they are called and what they say go out, as text and HTML."""
