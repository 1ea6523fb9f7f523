"""The operations of the push service, from parameters to results."""
