"""One file a screen; a screen reads like a description of the screen and imports no other."""
