"""Rules about who gets a push, and how often."""
