"""When: rules to instants, and instants to the loops of the service."""
