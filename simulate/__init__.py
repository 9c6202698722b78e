"""Writes the source files of an invented ring world, with ground truth."""
