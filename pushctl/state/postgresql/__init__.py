"""A state in tables of a PostgreSQL database."""
