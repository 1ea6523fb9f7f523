"""Where the recorded state lives."""
