"""A path, a frame or a database query comes in; tables of raw text columns go out, for every format."""
