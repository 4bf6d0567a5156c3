"""Folding, the automaton, and whole words in laid-out calls."""
