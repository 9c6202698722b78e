"""The parts of the screen on parcels."""
