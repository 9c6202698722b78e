"""Entity resolution: proposes records that may be one and the same, for people to judge."""
