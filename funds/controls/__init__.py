"""Stops and freezes of one account over all cases: states, legal clocks, and what is allowed next."""
