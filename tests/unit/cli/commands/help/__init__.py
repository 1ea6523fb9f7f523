"""`pushctl help`."""
