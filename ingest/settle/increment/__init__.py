"""Settles a few new bank sheets into a large lake at the cost of the sheets, not of the lake."""
