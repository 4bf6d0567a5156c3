"""Vocabulary: which words name people, harm, bodies and things, and what they are to each other."""
