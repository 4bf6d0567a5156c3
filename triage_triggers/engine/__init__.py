"""One call, whole, every time: find phrases, read them in context, decide. Knows no live call, pool or log."""
