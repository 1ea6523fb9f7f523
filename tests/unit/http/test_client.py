"""One call over HTTP: what was certainly not sent, what may have been, and by which way."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from pushctl.errors import ConfigError
from pushctl.http.client import Answer, HttpClient, NoAnswerError, NotSentError
from tests.loopback import (
    IMPATIENT,
    Behaviour,
    Request,
    Serving,
    hang_up,
    patience,
    reply,
    reset,
    silence,
)

OK = b"{}"


def call(url: str, **timeouts: float) -> object:
    """Post once; returns the body of the answer, or the error instead of raising it."""
    client = HttpClient(url, **{"connect_timeout": 5.0, "read_timeout": 5.0, **timeouts})
    try:
        answer: Answer = client.call("POST", f"{url}/", headers={}, body=b"x")
    except (NotSentError, NoAnswerError) as error:
        return error
    return answer.body


def nobody_listens() -> str:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    return f"http://127.0.0.1:{port}"


def test_call_knows_a_refused_connection() -> None:
    assert isinstance(call(nobody_listens()), NotSentError)


def test_call_knows_a_connection_that_is_never_made() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full:
        address = full.getsockname()
        clogging = [socket.socket() for _ in range(4)]
        for one in clogging:
            one.setblocking(False)
            one.connect_ex(address)
        outcome = call(f"http://127.0.0.1:{address[1]}", **IMPATIENT)
        for one in clogging:
            one.close()
    assert repr(outcome) == repr(
        NotSentError(f"no connection to 127.0.0.1:{address[1]}: timed out")
    )


def test_call_knows_a_name_that_does_not_resolve(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **options: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    outcome = call("http://mpaas.invalid")
    told = "no connection to mpaas.invalid: Name or service not known"
    assert repr(outcome) == repr(NotSentError(told))


@pytest.mark.parametrize(
    "behaviour",
    [
        lambda connection, request: None,
        lambda connection, request: connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n"),
    ],
)
def test_call_knows_a_failed_handshake(behaviour: Behaviour) -> None:
    """A TLS greeting is no HTTP request, so the fake reads nothing and the socket is used raw."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with connection:
                connection.recv(65536)
                behaviour(connection, Request("", {}, b""))

        thread = threading.Thread(target=answer)
        thread.start()
        outcome = call(f"https://127.0.0.1:{listener.getsockname()[1]}")
        thread.join()
    assert isinstance(outcome, NotSentError), outcome


def test_call_knows_a_handshake_that_never_ends() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        outcome = call(f"https://127.0.0.1:{listener.getsockname()[1]}", **IMPATIENT)
    assert isinstance(outcome, NotSentError), outcome


@contextmanager
def secure(certificate: str, got: list[bytes]) -> Iterator[str]:
    """Answer one request over TLS, with a certificate of its own."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def answer() -> None:
            connection, _ = listener.accept()
            with (
                connection,
                contextlib.suppress(OSError),
                context.wrap_socket(connection, server_side=True) as end,
            ):
                received = b""
                # To close with something unread would reset the connection.
                while not received.endswith(b"\r\n\r\nx") and (part := end.recv(65536)):
                    received += part
                got.append(received)
                end.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")

        thread = threading.Thread(target=answer)
        thread.start()
        yield f"https://localhost:{listener.getsockname()[1]}"
        thread.join()


def test_call_does_not_talk_to_a_server_with_a_certificate_of_its_own(tmp_path: Path) -> None:
    got: list[bytes] = []
    with secure(self_signed(tmp_path), got) as url:
        outcome = call(url)
    assert isinstance(outcome, NotSentError)
    host = url.removeprefix("https://")
    assert str(outcome).startswith(f"no connection to {host}: its certificate is not trusted (")
    assert "REQUESTS_CA_BUNDLE" in outcome.fix
    assert not any(got)


def in_file(certificate: str) -> str:
    return certificate


def in_folder(certificate: str) -> str:
    """Put a certificate where OpenSSL looks for it: under the hash of its subject."""
    if shutil.which("openssl") is None:
        pytest.skip("nobody is there to compute the hash")
    folder = Path(certificate).parent
    named = ("openssl", "x509", "-noout", "-subject_hash", "-in", certificate)
    hashed = subprocess.run(named, capture_output=True, text=True, check=True).stdout.strip()
    Path(certificate).rename(folder / f"{hashed}.0")
    return str(folder)


@pytest.mark.parametrize(
    ("name", "where"),
    [
        ("REQUESTS_CA_BUNDLE", in_file),
        ("REQUESTS_CA_BUNDLE", in_folder),
        ("CURL_CA_BUNDLE", in_file),
        ("SSL_CERT_FILE", in_file),
        ("SSL_CERT_DIR", in_folder),
    ],
)
def test_call_trusts_whom_the_environment_names(
    name: str, where: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "certificates").mkdir()
    certificate = self_signed(tmp_path)
    given = shutil.copy(certificate, str(tmp_path / "certificates" / "x.pem"))
    monkeypatch.setenv(name, where(given))
    got: list[bytes] = []
    with secure(certificate, got) as url:
        assert call(url) == OK
    assert got


@pytest.mark.parametrize("name", ["REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"])
@pytest.mark.parametrize(
    ("content", "why"),
    [(None, "No such file"), ("no certificate", "no certificate or crl found")],
)
def test_certificates_that_cannot_be_read_are_named(
    content: str | None,
    why: str,
    name: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    path = tmp_path / "bundle.pem"
    if content is not None:
        path.write_text(content)
    monkeypatch.setenv(name, str(path))
    told = rf"certificates cannot be read: {name}=.*bundle\.pem: .*{why}"
    with pytest.raises(ConfigError, match=told):
        call("https://localhost:9")


def self_signed(folder: Any) -> str:
    """Make a key and a certificate for localhost that nobody has signed."""
    import datetime as dt

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
    builder = builder.not_valid_before(now).not_valid_after(now + dt.timedelta(days=1))
    certificate = builder.sign(key, hashes.SHA256())
    path = folder / "both.pem"
    path.write_bytes(
        certificate.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return str(path)


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY"])
def test_this_machine_is_never_reached_through_a_proxy(
    serving: Serving, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert call(serving(reply("{}")).url) == OK


@pytest.mark.parametrize(
    ("no_proxy", "through"),
    [
        ("", True),
        ("other.example", True),
        ("push.example", False),
        (".example", False),
        ("*", False),
    ],
)
def test_other_hosts_are_reached_through_the_proxy_unless_no_proxy_says_otherwise(
    serving: Serving, monkeypatch: pytest.MonkeyPatch, no_proxy: str, through: bool
) -> None:
    proxy, direct = serving(reply("{}")), serving(reply("{}"))
    monkeypatch.setenv("http_proxy", proxy.url)
    monkeypatch.setenv("no_proxy", no_proxy)
    resolve = socket.getaddrinfo

    def here(host: Any, *args: Any, **options: Any) -> Any:
        return resolve("127.0.0.1" if host == "push.example" else host, *args, **options)

    monkeypatch.setattr(socket, "getaddrinfo", here)
    outcome = call(f"http://push.example:{direct.port}")
    assert outcome == OK
    assert (len(proxy.requests), len(direct.requests)) == ((1, 0) if through else (0, 1))


@pytest.mark.parametrize("name", ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])
@pytest.mark.parametrize("scheme", ["http://", ""])
def test_a_dead_proxy_is_named_with_the_variable_it_comes_from(
    name: str, scheme: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        dead = f"127.0.0.1:{taken.getsockname()[1]}"
    monkeypatch.setenv(name, f"{scheme}me:hush@{dead}")
    outcome = call("https://push.example")
    assert isinstance(outcome, NotSentError)
    told = f"through the proxy http://{dead} of {name}: {os.strerror(errno.ECONNREFUSED)}"
    assert str(outcome) == f"no connection to push.example {told}"
    assert outcome.fix == f"correct {name}, or name push.example in NO_PROXY"
    assert "hush" not in repr(outcome)


def test_a_dead_proxy_for_plain_http_means_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        dead = f"http://127.0.0.1:{taken.getsockname()[1]}"
    monkeypatch.setenv("http_proxy", dead)
    assert isinstance(call("http://push.example"), NotSentError)


@pytest.mark.parametrize("status", [403, 407, 502])
def test_that_a_proxy_refuses_is_told_from_the_service(
    serving: Serving, monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    proxy = serving(reply("no", status))
    monkeypatch.setenv("https_proxy", proxy.url)
    outcome = call("https://push.example")
    assert isinstance(outcome, NotSentError)
    told = f"through the proxy {proxy.url} of https_proxy: the proxy refused: {status} Whatever"
    assert str(outcome) == f"no connection to push.example {told}"


@pytest.mark.parametrize("behaviour", [hang_up, reset, silence])
def test_a_proxy_that_took_the_request_and_dropped_it_leaves_it_unknown(
    serving: Serving, monkeypatch: pytest.MonkeyPatch, behaviour: Behaviour
) -> None:
    proxy = serving(behaviour)
    monkeypatch.setenv("http_proxy", proxy.url)
    outcome = call("http://push.example", **patience(behaviour))
    assert isinstance(outcome, NoAnswerError)
    assert len(proxy.requests) == 1


@pytest.mark.parametrize("behaviour", [hang_up, reset, silence, reply("no", 407)])
def test_a_proxy_that_makes_no_tunnel_means_not_sent(
    serving: Serving, monkeypatch: pytest.MonkeyPatch, behaviour: Behaviour
) -> None:
    proxy = serving(behaviour)
    monkeypatch.setenv("https_proxy", proxy.url)
    outcome = call("https://push.example", **patience(behaviour))
    assert isinstance(outcome, NotSentError), outcome
    assert proxy.requests[0].line.startswith("CONNECT ")


def test_a_proxy_is_told_its_login_and_nobody_else(
    serving: Serving, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy = serving(reply("{}"))
    monkeypatch.setenv("http_proxy", f"http://me:p%40ss@127.0.0.1:{proxy.port}")
    assert call("http://push.example") == OK
    assert proxy.requests[0].headers["proxy-authorization"] == "Basic bWU6cEBzcw=="


@pytest.mark.parametrize(
    ("proxy", "told"),
    [
        ("socks5://127.0.0.1:9", "SOCKS is not supported"),
        ("SOCKS5h://127.0.0.1:9", "SOCKS is not supported"),
        ("socks4://127.0.0.1:9", "SOCKS is not supported"),
        ("http://[::1", "The address of the proxy is not valid"),
        ("ftp://127.0.0.1:9", "The address of the proxy is not valid"),
    ],
)
def test_a_proxy_that_cannot_be_used_is_told_without_its_login(
    proxy: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", proxy.replace("//", "//me:hush@"))
    with pytest.raises(ConfigError) as caught:
        call("https://push.example")
    assert str(caught.value) == f"{told}: push.example through the proxy {proxy} of https_proxy"


def test_call_sends_what_it_is_given_and_hands_on_the_answer(serving: Serving) -> None:
    server = serving(reply("gone", 410, {"Retry-After": "7"}))
    client = HttpClient(server.url, connect_timeout=5, read_timeout=5)
    answer = client.call("PATCH", f"{server.url}/a?b=c", headers={"X-One": "1"}, body=b"body")
    assert (answer.status, answer.body, answer.headers["retry-after"]) == (410, b"gone", "7")
    (request,) = server.requests
    assert request.line == "PATCH /a?b=c HTTP/1.1"
    assert (request.headers["x-one"], request.body) == ("1", b"body")


def test_call_asks_for_an_objection_when_only_the_body_is_left_to_send(serving: Serving) -> None:
    asked: list[str] = []

    def objection() -> str:
        asked.append("asked")
        return "too late"

    def withheld(url: str) -> str:
        client = HttpClient(url, connect_timeout=5, read_timeout=5)
        with pytest.raises(NotSentError) as caught:
            client.call("POST", f"{url}/", headers={}, body=b"body", objection=objection)
        return str(caught.value)

    server = serving(reply("never"))
    assert withheld(server.url) == "too late"
    assert server.requests == []
    assert withheld(nobody_listens()).startswith("no connection to ")
    assert asked == ["asked"]


def test_call_sends_the_same_body_where_nobody_objects(serving: Serving) -> None:
    server = serving(reply("done"))
    client = HttpClient(server.url, connect_timeout=5, read_timeout=5)
    client.call("POST", f"{server.url}/", headers={}, body=b"body", objection=lambda: "")
    (request,) = server.requests
    assert (request.headers["content-length"], request.body) == ("4", b"body")
    assert "transfer-encoding" not in request.headers
