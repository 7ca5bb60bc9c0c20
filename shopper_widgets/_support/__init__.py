"""What every room needs and none owns: checks, formats, moments, files, progress."""
