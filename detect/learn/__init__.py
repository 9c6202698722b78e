"""A second opinion on accounts, learned from the user's own decisions and never mixed with the rule score."""
