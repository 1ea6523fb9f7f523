"""What the sandbox remembers, in a database."""
