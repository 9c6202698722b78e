"""Measurements of whole commands, kept out of the timed tests; docs/measured.md states what they printed."""
