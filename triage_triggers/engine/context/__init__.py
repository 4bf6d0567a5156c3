"""Polarity and temporality of findings: sentences, cues, negation, questions and answers, time."""
