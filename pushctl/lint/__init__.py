"""Checks of what the schema allows and reviewers would not."""
