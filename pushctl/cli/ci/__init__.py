"""What CI systems get from pushctl, and what they keep for it."""
