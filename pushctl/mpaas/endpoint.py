"""Where calls go: an endpoint as somebody wrote it -> scheme and host, or a refusal. Pure.

Whatever is not plainly a host is refused, since two readers of one address may disagree on which
host it names, and a key's token and people's ids go there. There is one reader here.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from msgspec import Struct

from pushctl.errors import ConfigError
from pushctl.http.loopback import is_loopback
from pushctl.text.regex import regex

_LABEL = r"[0-9a-z_][0-9a-z_\-]{0,62}"
_WRITTEN = regex(
    rf"(?:(?P<scheme>https?)://)?(?P<host>{_LABEL}(?:\.{_LABEL})*\.?|\[[0-9a-f:.]{{2,45}}\])"
    r"(?::(?P<port>[0-9]{1,5}))?/?",
    re.ASCII | re.IGNORECASE,
)
_LONGEST_HOST = 254
_DEFAULT_PORTS = {"http": 80, "https": 443}


class Address(Struct, frozen=True):
    """A scheme, and a host with its port if one was given."""

    scheme: str
    host: str

    @property
    def url(self) -> str:
        """The address as one text."""
        return f"{self.scheme}://{self.host}"

    @property
    def is_local(self) -> bool:
        """Whether it is on this machine."""
        name = self.host.partition("]")[0] if "[" in self.host else self.host.partition(":")[0]
        return is_loopback(name.lstrip("["))


def address(text: str, *, plain_http: bool = False) -> Address:
    """Read a host, or `http(s)://host:port`; raises `ConfigError`.

    Without `plain_http`, http is only for this machine: anybody on the way could read a temporary
    key's token and the targets, and change what is pushed.
    """
    found = _read(text)
    if found is None:
        raise ConfigError(
            "The endpoint is not valid",
            "expected a host name or http(s)://host:port",
            fix="For example mpaas.cn-hangzhou.aliyuncs.com or http://127.0.0.1:4010.",
        )
    if found.scheme == "http" and not plain_http and not found.is_local:
        raise ConfigError(
            "The endpoint is not encrypted",
            f"{found.url} is another machine, and everybody on the way could read and change what "
            "is sent",
            fix="use https, or set PUSHCTL_PLAIN_HTTP=1 if it is a sandbox in a network of yours",
        )
    return found


def is_local(text: str) -> bool:
    """Tell whether an endpoint is on this machine; one that cannot be read is not."""
    found = _read(text)
    return found is not None and found.is_local


def normalized(text: str) -> str | None:
    """Return one text for all spellings of an endpoint; None if it cannot be read."""
    found = _read(text)
    if found is None:
        return None
    parts = urlsplit(found.url)
    host = (parts.hostname or "").rstrip(".")
    if ":" in host:
        host = f"[{ipaddress.IPv6Address(host)}]"
    port = "" if parts.port in (None, _DEFAULT_PORTS[found.scheme]) else f":{parts.port}"
    return f"{found.scheme}://{host}{port}"


def _read(text: str) -> Address | None:
    written = _WRITTEN.fullmatch(text)
    if written is None:
        return None
    host, port = written["host"], written["port"]
    if len(host) > _LONGEST_HOST or (port is not None and not 0 < int(port) < 65536):
        return None
    if host.startswith("["):
        try:
            ipaddress.IPv6Address(host[1:-1])
        except ValueError:
            return None
    return Address((written["scheme"] or "https").lower(), f"{host}:{port}" if port else host)
