"""From counted findings to a suggestion: signs, the tally, what follows from them, and why."""
