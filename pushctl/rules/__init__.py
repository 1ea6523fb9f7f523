"""The catalogue: why each finding exists, and what to do about it."""
