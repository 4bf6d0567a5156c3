"""Many open calls in a long-running process: exchange rulesets under load, speak in messages of plain data."""
