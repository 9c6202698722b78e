"""Request sheets to banks: stop, freeze, renewal, lifting and evidence, one file a bank."""
