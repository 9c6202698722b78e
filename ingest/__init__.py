"""From source files to the lake: read, recognise, clean, check, load."""
