"""Tests of the kernels for plain lines, cells and keys."""
