"""The lab: how a ruleset does on labelled calls, what each rule adds, and what a change would do."""
