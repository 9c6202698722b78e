"""Loops over time-sorted integer arrays, compiled when first called; they know no tables and no rules."""
