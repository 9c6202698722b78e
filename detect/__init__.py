"""Rules, detectors, gangs, mules and roles; every finding names its rows."""
