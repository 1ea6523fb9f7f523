"""A plan as one page for a browser: nothing to load, nothing that runs, nothing to install."""
