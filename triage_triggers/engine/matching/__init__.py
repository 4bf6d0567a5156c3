"""A laid-out call, its words, and the phrases in them."""
