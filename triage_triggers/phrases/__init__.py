"""The phrase language: its syntax, its inflections, and its expansion to the literal words searched for."""
