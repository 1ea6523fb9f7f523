"""Schedules as a manifest writes them."""
