"""Which texts name a host that a key may sign for; the refused ones are tricks."""

from __future__ import annotations

import pytest

from pushctl.errors import ConfigError
from pushctl.mpaas.endpoint import address, is_local, normalized

TRICKS = [
    "http://127.0.0.1:4010@evil.example",
    "http://key:secret@evil.example",
    "evil.example@127.0.0.1",
    "127.0.0.1:80@evil.example",
    "http://127.0.0.1\\@evil.example",
    "http://127.0.0.1#@evil.example",
    "http://127.0.0.1?@evil.example",
    "http://127.0.0.1/../evil.example",
    "https://evil.example/mpaas.cn-hangzhou.aliyuncs.com",
    "https://evil.example;mpaas.cn-hangzhou.aliyuncs.com",
    "https://evil.example%00.aliyuncs.com",
    "https://evil.example%2f.aliyuncs.com",
    "mpaas.cn-hangzhou.aliyuncs.com\n.evil.example",
    "mpaas\t.evil.example",
    " mpaas.cn-hangzhou.aliyuncs.com",
    "https://mpaas.cn-hangzhou.aliyuncs.com evil.example",
    "https://mpааs.cn-hangzhou.aliyuncs.com",
    "https://mpaas。aliyuncs。com",
    "https://[::1",
    "https://[::1]evil.example",
    "https://::1]:80",
    "https://evil.example:80:443",
    "https://evil.example:0",
    "https://evil.example:99999",
    "https://evil..example",
    "https://.evil.example",
    "file:///etc/passwd",
    "ftp://evil.example",
    "javascript://evil.example",
    "//evil.example",
    "http:/evil.example",
    "https:evil.example",
    "https://https://evil.example",
    "${jndi:ldap://evil.example}",
    "-oProxyCommand=x",
    "a" * 70_000 + "/",
]


@pytest.mark.parametrize("endpoint", TRICKS)
def test_an_endpoint_that_is_not_plainly_a_host_is_refused(endpoint: str) -> None:
    with pytest.raises(ConfigError, match="not valid") as caught:
        address(endpoint, plain_http=True)
    assert "secret" not in str(caught.value), "what was written may hold a password"


@pytest.mark.parametrize(
    ("endpoint", "url"),
    [
        ("mpaas.cn-hangzhou.aliyuncs.com", "https://mpaas.cn-hangzhou.aliyuncs.com"),
        ("https://mpaas.cn-hangzhou.aliyuncs.com./", "https://mpaas.cn-hangzhou.aliyuncs.com."),
        ("HTTPS://Host:8443", "https://Host:8443"),
        ("http://127.0.0.1:4010", "http://127.0.0.1:4010"),
        ("http://[::1]:4010", "http://[::1]:4010"),
        ("http://localhost:4010", "http://localhost:4010"),
    ],
)
def test_a_host_is_taken_as_it_is(endpoint: str, url: str) -> None:
    assert address(endpoint).url == url


@pytest.mark.parametrize(
    ("endpoint", "local"),
    [
        ("http://127.0.0.1:4010", True),
        ("[::1]:4010", True),
        ("localhost", True),
        ("mpaas.cn-hangzhou.aliyuncs.com", False),
        ("http://127.0.0.1:4010@evil.example", False),
    ],
)
def test_is_local_knows_endpoints_on_this_machine(endpoint: str, local: bool) -> None:
    assert is_local(endpoint) is local


@pytest.mark.parametrize(
    ("endpoint", "one"),
    [
        ("Push.Example.com", "https://push.example.com"),
        ("https://push.example.com.:443/", "https://push.example.com"),
        ("http://push.example.com:0080", "http://push.example.com"),
        ("http://push.example.com:443", "http://push.example.com:443"),
        ("http://[0:0::1]:4010", "http://[::1]:4010"),
        ("http://key:secret@evil.example", None),
    ],
)
def test_every_spelling_of_an_endpoint_becomes_one(endpoint: str, one: str | None) -> None:
    assert normalized(endpoint) == one
