"""Customer segments: fitting, choosing how many, and naming them."""
