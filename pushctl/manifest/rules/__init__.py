"""The rules that reading and compiling a manifest check, as data."""
