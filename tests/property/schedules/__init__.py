"""The proof that what a schedule says is what is delivered: an oracle, and two simulated years."""
