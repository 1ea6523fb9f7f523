"""Which tasks of an entry stay, go and are made."""
