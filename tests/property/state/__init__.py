"""What may be written down, and what may stand where it was written."""
