"""One module per command: read options, call, render, write, exit."""
