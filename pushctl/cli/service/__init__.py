"""Which service a command talks to, and by whose clock."""
