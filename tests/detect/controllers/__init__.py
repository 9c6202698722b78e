"""Tests of detect/controllers."""
