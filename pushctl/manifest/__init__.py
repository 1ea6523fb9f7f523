"""From YAML files to pushes, and to findings with file, line and column."""
