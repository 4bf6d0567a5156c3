"""The template of a repository in which a policy team keeps its own ruleset."""
