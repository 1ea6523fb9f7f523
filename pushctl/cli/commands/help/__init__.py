"""`pushctl help`: the documentation in a terminal."""
