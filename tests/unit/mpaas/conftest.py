"""Servers on this machine that end with a test."""

from tests.loopback import no_proxies, serving  # noqa: F401
