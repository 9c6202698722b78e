"""Charts that people keep: versions, comments, merge, share."""
