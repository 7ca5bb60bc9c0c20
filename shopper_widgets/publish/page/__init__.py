"""An executed notebook comes in; one HTML page that needs nothing else goes out."""
