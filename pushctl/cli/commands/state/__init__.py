"""Look at, correct and move what is recorded."""
