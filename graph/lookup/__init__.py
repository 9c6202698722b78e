"""Files made for quick look-ups: projections of one state of the tables, made when first needed."""
