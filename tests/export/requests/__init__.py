"""Request sheets to banks."""
