"""What all rooms share: plain values come in; checks, formats, moments and files go out."""
