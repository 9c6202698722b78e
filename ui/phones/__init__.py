"""The parts of the screen on phones and devices."""
