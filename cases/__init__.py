"""Case workspace, access decisions, evidence and audit."""
