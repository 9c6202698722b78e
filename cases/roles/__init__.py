"""Roles as people decided them: who confirmed or refuted a proposal, and whether that still stands."""
