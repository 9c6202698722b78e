"""Who seems to use an account or SIM that another holds: proposals with independent signs, never facts."""
