"""The state in files beside the manifest."""
