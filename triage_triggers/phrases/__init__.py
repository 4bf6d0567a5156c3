"""The phrase language: its syntax, its inflections, and the patterns that are matched over words."""
