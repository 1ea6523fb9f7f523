"""Environments, defaults, variables, `for_each` and audiences put into each entry."""
