"""What is shown of a plan, worked out once for every output."""
