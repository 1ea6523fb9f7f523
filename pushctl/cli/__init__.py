"""Options in, exit code out. The only code that writes to a terminal."""
