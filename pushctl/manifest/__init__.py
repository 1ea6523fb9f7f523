"""From YAML text to desired pushes, and to findings with file, line and column."""
