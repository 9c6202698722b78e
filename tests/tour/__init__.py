"""Walks through the app in a real browser and takes the pictures of docs/tour.md."""
