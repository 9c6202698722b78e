"""Settings of property tests: the same examples each run, no deadline on a shared machine."""

from hypothesis import settings

steady = settings(max_examples=40, deadline=None, derandomize=True)
