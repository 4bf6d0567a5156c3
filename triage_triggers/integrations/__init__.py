"""Ways into other systems; each needs an extra."""
