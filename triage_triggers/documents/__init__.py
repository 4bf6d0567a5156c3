"""YAML files as people write them: read with places, so that every fault can name file, line and column."""
