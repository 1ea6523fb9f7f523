"""The manifest and the state that a command works with."""
