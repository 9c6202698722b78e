"""Screens, the network canvas and the words; computes nothing."""
