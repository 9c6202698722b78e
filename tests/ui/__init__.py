"""Tests of the screens, the words and the canvas."""
