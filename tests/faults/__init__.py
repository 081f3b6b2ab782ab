"""Faults that a planner survives: killed, cut off, full, locked, another time. `make prove` does all of it."""
