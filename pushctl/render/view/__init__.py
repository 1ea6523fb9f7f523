"""View models: what every output shows of a plan, worked out once."""
