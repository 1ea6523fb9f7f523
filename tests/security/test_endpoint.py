"""A key signs for the endpoint that was configured, and nothing of it goes anywhere else."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from pushctl.cli.service.endpoint import plain_http
from pushctl.credentials import CredentialChain, Credentials
from pushctl.errors import ConfigError, ServiceError
from pushctl.mpaas.client import CloudPushService
from pushctl.mpaas.endpoint import address
from pushctl.mpaas.interface import NotSent, Unknown
from tests.loopback import Behaviour, Loopback, Request, loopback, reply

SECRET, TOKEN = "secret-of-nobody", "token-of-nobody"
PUSH = {"Title": "t", "TargetMsgkey": '{"zhang-wei-known":"k1"}', "StrategyType": 1}
EMPTY = reply({"ResultCode": "OK", "ResultContent": {"Data": {"TotalCount": 0, "List": []}}})


def service(endpoint: str, **options: Any) -> CloudPushService:
    chosen: dict[str, Any] = {
        "credential": Credentials("probe-key", SECRET, TOKEN),
        "connect_timeout": 2,
        "read_timeout": 2,
        "sleep": lambda seconds: None,
        **options,
    }
    return CloudPushService(
        app_id="APP", workspace_id="test", tenant_id=None, endpoint=endpoint, **chosen
    )


@pytest.fixture
def elsewhere() -> Iterator[Loopback]:
    """Another server: whatever arrives there, even a connection, is one too many."""
    with loopback(reply("{}")) as server:
        yield server
        assert server.connections == 0


@pytest.mark.parametrize(
    "host",
    [
        "mpaas.cn-hangzhou.aliyuncs.com",
        "sandbox:4010",
        "10.0.0.1",
        "0.0.0.0",
        "127.0.0.1.evil.example",
        "127.0.0.1.",
        "127.1",
        "2130706433",
        "0x7f000001",
        "localhost.evil.example",
        "evil-localhost",
        "[::ffff:10.0.0.1]",
        "169.254.169.254",
    ],
)
def test_plain_http_is_for_this_machine_unless_somebody_says_so(host: str) -> None:
    with pytest.raises(ConfigError, match="not encrypted") as caught:
        service(f"http://{host}")
    assert "PUSHCTL_PLAIN_HTTP=1" in str(caught.value.fix)
    assert address(f"http://{host}", plain_http=True).url == f"http://{host}"


@pytest.mark.parametrize(
    ("value", "allowed"), [("1", True), ("TRUE", True), ("", False), ("0", False), ("no", False)]
)
def test_only_the_environment_allows_plain_http(value: str, allowed: bool) -> None:
    assert plain_http({"PUSHCTL_PLAIN_HTTP": value}) is allowed
    assert not plain_http({})


def redirecting(status: int, to: str) -> Behaviour:
    return reply("{}", status, {"Location": to, "Refresh": f"0; url={to}"})


@pytest.mark.parametrize("status", [300, 301, 302, 303, 305, 307, 308])
def test_no_redirection_takes_anything_along(status: int, elsewhere: Loopback) -> None:
    for to in (elsewhere.url, f"//127.0.0.1:{elsewhere.port}/", f"\t{elsewhere.url}"):
        with loopback(redirecting(status, to)) as server:
            asking = service(server.url)
            assert isinstance(asking.create(PUSH), Unknown)
            assert isinstance(asking.cancel("T1"), Unknown)
            with pytest.raises(ServiceError):
                asking.list(since=0, until=1)


@pytest.mark.parametrize("status", [200, 201, 401, 407, 421, 500])
def test_no_header_of_an_answer_leads_elsewhere(status: int, elsewhere: Loopback) -> None:
    headers = {
        "Location": elsewhere.url,
        "Content-Location": elsewhere.url,
        "Alt-Svc": f'h2="127.0.0.1:{elsewhere.port}"',
        "Refresh": f"0; url={elsewhere.url}",
        "Link": f"<{elsewhere.url}>; rel=preconnect",
        "WWW-Authenticate": f'Bearer realm="{elsewhere.url}"',
        "Proxy-Authenticate": 'Basic realm="x"',
        "Set-Cookie": f"a=b; Domain=127.0.0.1:{elsewhere.port}",
    }
    with loopback(reply("{}", status, headers)) as server:
        asking = service(server.url)
        asking.create(PUSH)
        asking.create(PUSH)
        assert all("cookie" not in item.headers for item in server.requests)
        assert len(server.requests) == 2


def test_proxies_of_the_environment_get_nothing_that_is_for_this_machine(
    elsewhere: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, elsewhere.url)
    monkeypatch.setenv("NO_PROXY", "")
    with loopback(EMPTY) as server:
        assert service(server.url).list(since=0, until=1) == ()
        assert len(server.requests) == 1


def test_a_proxy_sees_of_an_encrypted_call_only_where_it_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with loopback(reply("no", 503)) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)
        assert isinstance(service("https://push.example").create(PUSH), NotSent)
        (request,) = proxy.requests
    assert request.line.startswith("CONNECT push.example:443 ")
    told = repr(request)
    assert not any(word in told for word in (TOKEN, SECRET, "zhang-wei", "probe-key", "ACS3"))


def test_a_netrc_file_adds_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A session of requests would send the user's password in the place of the signature."""
    path = tmp_path / "netrc"
    path.write_text(
        "machine 127.0.0.1 login somebody password of-somebody\ndefault login a password b"
    )
    path.chmod(0o600)
    monkeypatch.setenv("NETRC", str(path))
    with loopback(EMPTY) as server:
        service(server.url).list(since=0, until=1)
        (request,) = server.requests
    assert request.headers["authorization"].startswith("ACS3-HMAC-SHA256 ")


def test_the_secret_itself_is_never_sent() -> None:
    with loopback(EMPTY) as server:
        asking = service(server.url)
        asking.list(since=0, until=1)
        asking.create(PUSH)
        asking.cancel("T1")
        assert len(server.requests) == 3
        for request in server.requests:
            assert SECRET not in repr(request)
            assert "security-token" not in request.line
            assert TOKEN not in request.line + request.body.decode()


CHAIN = """
import json, sys
from pushctl.credentials import CredentialChain
from pushctl.mpaas.client import CloudPushService
service = CloudPushService(
    app_id="APP", workspace_id="test", tenant_id=None, endpoint=sys.argv[1],
    credential=CredentialChain(), sleep=lambda seconds: None,
)
print(service.list(since=0, until=1))
"""


def test_the_chain_asks_its_source_and_tells_only_the_endpoint(tmp_path: Path) -> None:
    """In a process of its own: the vendor's chain reads the environment when it is imported."""
    key = {
        "Code": "Success",
        "AccessKeyId": "chain-key",
        "AccessKeySecret": "chain-secret",
        "SecurityToken": "chain-token",
        "Expiration": "2099-01-01T00:00:00Z",
    }
    with loopback(reply(key)) as source, loopback(EMPTY) as server:
        done = subprocess.run(
            [sys.executable, "-c", CHAIN, server.url],
            env={
                "PATH": "",
                "HOME": str(tmp_path),
                "PYTHONPATH": ":".join(sys.path),
                "ALIBABA_CLOUD_CREDENTIALS_URI": f"{source.url}/role",
                "ALIBABA_CLOUD_ECS_METADATA_DISABLED": "true",
                "DEBUG": "sdk",
            },
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.stdout == "()\n", done
        assert all(item.line.startswith("GET /role ") for item in source.requests)
        assert not any("APP" in repr(item) for item in source.requests)
        assert [item.headers["x-acs-security-token"] for item in server.requests] == ["chain-token"]
        told = done.stdout + done.stderr + repr(server.requests)
        assert "chain-secret" not in told
        assert "chain-token" not in done.stdout + done.stderr


def test_names_are_resolved_for_the_configured_host_only(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    resolve = socket.getaddrinfo

    def noting(host: Any, *arguments: Any, **options: Any) -> Any:
        asked.append(str(host))
        return resolve(host, *arguments, **options)

    monkeypatch.setattr(socket, "getaddrinfo", noting)
    with loopback(EMPTY) as server:
        service(server.url).list(since=0, until=1)
    assert set(asked) == {"127.0.0.1"}


def test_a_service_behind_the_chain_is_never_this_modules_business() -> None:
    """A chain is asked only when a call is made, so that looking at a plan needs no key."""
    made = service("http://127.0.0.1:9", credential=CredentialChain())
    assert "credential" not in json.dumps(repr(made))


def test_an_answer_says_nothing_about_the_next_call(elsewhere: Loopback) -> None:
    """A connection is kept, and what stands in it after an answer is not the next answer."""
    second = b"HTTP/1.1 302 Found\r\nLocation: " + elsewhere.url.encode() + b"\r\n\r\n"

    def smuggle(connection: socket.socket, request: Request) -> None:
        body = b'{"ResultCode":"OK","PushResult":{"Success":true,"Data":"T1"}}'
        head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(body)
        connection.sendall(head + body + second)

    with loopback(smuggle) as server:
        asking = service(server.url)
        outcomes = [asking.create(PUSH) for _ in range(3)]
        assert all(getattr(item, "task_id", "T1") == "T1" for item in outcomes)
