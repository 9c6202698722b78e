"""Tests of settling a few new sheets."""
