"""Tests of the shared query library: every rule file is a test case."""
