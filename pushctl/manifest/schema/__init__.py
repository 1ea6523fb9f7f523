"""What the JSON Schema accepts, as types, and its errors in words."""
