"""The page that a browser shows at the address of the sandbox."""
