"""What the service's list says about the recorded state."""
