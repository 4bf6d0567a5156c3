"""Who does what to whom: the words of a call with their classes, its cast, and the events between its people."""
