"""Checks of when a push is delivered."""
