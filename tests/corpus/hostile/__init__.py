"""The hostile inputs: one module an entry, `CASES` its generated files with exact codes and counts."""
