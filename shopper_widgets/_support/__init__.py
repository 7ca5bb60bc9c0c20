"""What every room needs and none owns: plain values come in; checks, formats, moments and files go out."""
