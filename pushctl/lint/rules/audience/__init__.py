"""Checks of who gets a push, and how often."""
