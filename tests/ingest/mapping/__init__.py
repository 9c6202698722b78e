"""Tests of the guided mapping."""
