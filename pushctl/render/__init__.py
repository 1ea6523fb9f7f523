"""Renders values as text: pure functions that read no file, no clock and no service."""
