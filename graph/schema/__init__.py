"""The schema catalog and what is derived from it."""
