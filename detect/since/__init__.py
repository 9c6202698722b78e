"""Runs over a lake that few rows came to: what an earlier run found stays where nothing it read changed."""
