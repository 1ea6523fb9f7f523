"""A plan as one page for a browser, which loads and runs nothing."""
