"""Tests mirror the packages file for file; this file keeps `tests/ingest` from shadowing `ingest`."""
