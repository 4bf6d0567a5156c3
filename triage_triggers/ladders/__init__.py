"""The ordered codes of one code system: read, checked, ranked."""
