"""Frames: the ways in which somebody is said to do something to somebody, a module each."""
