"""Tests of the benchmarks' own definitions."""
