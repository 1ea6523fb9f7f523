"""Rules about working together on a manifest."""
