"""The guard: files are parsed in a child process that can do nothing else and can be ended at any time."""
