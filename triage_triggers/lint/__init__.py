"""Lint: what loads and runs, and is all the same not as a ruleset's owners would want it."""
