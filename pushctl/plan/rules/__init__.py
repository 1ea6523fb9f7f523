"""The rules that making a plan checks, as data."""
