"""What the vendor's gateway does with a call: decode, authenticate, answer."""
