"""Calls and how to read them."""
