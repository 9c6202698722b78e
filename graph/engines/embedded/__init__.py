"""The default engine: DuckDB over the lake, with scipy, graspologic-native and networkit."""
