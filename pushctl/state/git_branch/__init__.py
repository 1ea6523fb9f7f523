"""The state in a file on a branch of a git repository."""
