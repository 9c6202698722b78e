"""Tests of money tracing."""
