"""From counted findings to a suggestion: code ladders, conditions, policies, and why."""
