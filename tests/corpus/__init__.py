"""Inputs made at test time, each with the exact outcome it must have."""
