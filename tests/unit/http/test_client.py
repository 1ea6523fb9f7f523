"""One call over HTTP: what was certainly not sent, what may have been, and by which way."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
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


def test_call_knows_a_refused_connection() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    assert isinstance(call(f"http://127.0.0.1:{port}"), NotSentError)


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
    assert repr(outcome) == repr(NotSentError("no connection could be made in time"))


def test_call_knows_a_name_that_does_not_resolve(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: Any, **options: Any) -> Any:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    outcome = call("http://mpaas.invalid")
    assert repr(outcome) == repr(NotSentError("the host name could not be resolved"))


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
    assert repr(outcome) == repr(NotSentError("the server's certificate is not trusted"))
    assert not any(got)


def test_call_trusts_whom_the_environment_names(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = self_signed(tmp_path)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", certificate)
    got: list[bytes] = []
    with secure(certificate, got) as url:
        assert call(url) == OK
    assert got


@pytest.mark.parametrize("content", [None, "no certificate"])
def test_certificates_that_cannot_be_read_are_named(
    content: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "bundle.pem"
    if content is not None:
        path.write_text(content)
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(path))
    with pytest.raises(ConfigError, match=r"certificates cannot be read: .*bundle\.pem"):
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


def test_a_dead_proxy_means_not_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        dead = f"http://127.0.0.1:{taken.getsockname()[1]}"
    monkeypatch.setenv("http_proxy", dead)
    monkeypatch.setenv("https_proxy", dead)
    for scheme in ("http", "https"):
        assert isinstance(call(f"{scheme}://push.example"), NotSentError)


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


@pytest.mark.parametrize("proxy", ["socks5://127.0.0.1:9", "http://[::1"])
def test_a_proxy_that_cannot_be_used_is_told_without_its_login(
    proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("https_proxy", proxy.replace("//", "//me:hush@"))
    with pytest.raises(ConfigError, match="proxy is not valid") as caught:
        call("https://push.example")
    assert "hush" not in str(caught.value)


def test_call_sends_what_it_is_given_and_hands_on_the_answer(serving: Serving) -> None:
    server = serving(reply("gone", 410, {"Retry-After": "7"}))
    client = HttpClient(server.url, connect_timeout=5, read_timeout=5)
    answer = client.call("PATCH", f"{server.url}/a?b=c", headers={"X-One": "1"}, body=b"body")
    assert (answer.status, answer.body, answer.headers["retry-after"]) == (410, b"gone", "7")
    (request,) = server.requests
    assert request.line == "PATCH /a?b=c HTTP/1.1"
    assert (request.headers["x-one"], request.body) == ("1", b"body")
