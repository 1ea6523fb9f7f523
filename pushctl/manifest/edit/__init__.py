"""Edits of manifest files as a machine makes them."""
