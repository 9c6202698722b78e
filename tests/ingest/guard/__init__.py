"""Tests of the guard around the parser."""
