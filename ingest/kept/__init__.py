"""What ingest keeps beside batches and tables so that a little costs little; all of it can be made anew."""
