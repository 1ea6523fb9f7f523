"""The HTTP server of the sandbox, and what it reads and sends."""
