"""What one field says about another: checks that a schema cannot make."""
