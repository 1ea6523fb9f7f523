"""The language server: what editors show of a manifest while it is written."""
