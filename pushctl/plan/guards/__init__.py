"""What forbids a plan, or is to be said about it as a whole."""
