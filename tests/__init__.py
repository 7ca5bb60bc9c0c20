"""The tests: a package, so that files in different folders may have the same name."""
