"""Checks of working together on a manifest."""
