"""Commands of `python -m funds`: each module has its options, its examples and its run."""
