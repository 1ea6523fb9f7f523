"""Rules about when a push is delivered."""
