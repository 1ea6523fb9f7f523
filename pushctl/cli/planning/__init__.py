"""Plans that commands make, compare, keep and write."""
