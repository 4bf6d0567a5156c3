"""Rulesets: how they are written, found, read, checked and made ready."""
