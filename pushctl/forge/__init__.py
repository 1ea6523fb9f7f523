"""Code hosts: where people review changes, and where a plan has to be read."""
