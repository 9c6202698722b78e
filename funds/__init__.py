"""Money-true tracing, freeze queue and refund plan."""
