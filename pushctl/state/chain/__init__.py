"""The state as a numbered chain of entries, on any engine that gives a number to one writer."""
