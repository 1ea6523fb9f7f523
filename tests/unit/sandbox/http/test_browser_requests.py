"""No page in somebody's browser drives the sandbox, whatever it asks for and however it asks."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from pushctl.sandbox.http.browser_requests import names_of, refusal
from pushctl.sandbox.http.messages import Request
from tests.unit.sandbox.client import FORM, NOW, NOW_MS, Client, encoded, push_params

CALL = urlencode(
    {
        "AccessKeyId": "test",
        "Signature": "x",
        "Action": "PushSimple",
        "Version": "2020-10-28",
        **encoded(push_params(StrategyType=1, StrategyContent={"fixedTime": NOW_MS + 3_600_000})),
    }
)
ROUTES = (
    *("/", "//", "/?" + CALL, "/_sandbox/reset", "/_sandbox/tasks", "/_sandbox/", "/nothing"),
    *("/_sandbox/snapshots/a", "/_sandbox/snapshots/a/load", "/_sandbox/openapi.json"),
)
CROSS_SITE: list[dict[str, str]] = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://localhost:1"},
    {"Origin": ""},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Sec-Fetch-Site": "anything"},
    {"Host": "evil.example:4010", "Origin": "http://evil.example:4010"},
    {"Host": "evil.example"},
    {"Host": "evil.example:8080"},
    {"Host": "127.0.0.1.evil.example"},
    {"Host": "localhost."},
    {"Host": "http://evil.example/"},
    {"Host": "http://127.0.0.1@evil.example"},
    {"Host": "[::2]"},
    {"Host": "127.0.0.1, evil.example"},
    {"Host": ""},
]
METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "ANYTHING")
TYPES = ("application/x-www-form-urlencoded", "text/plain", "multipart/form-data; boundary=x", "")


@pytest.mark.parametrize("headers", CROSS_SITE, ids=str)
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route[:20])
def test_every_route_refuses_them(client: Client, route: str, headers: dict[str, str]) -> None:
    kept = client.create()
    for method in METHODS:
        body = CALL.encode() if method in ("POST", "PUT") else None
        answer = client.send(method, route, body, {**FORM, **headers})
        assert answer.status == 403, (method, answer)
        assert not [name for name in answer.headers if name.startswith("access-control-")]
    assert [task["id"] for task in client.tasks()] == [kept]


@pytest.mark.parametrize("type", TYPES)
def test_what_a_form_can_send_creates_nothing(client: Client, type: str) -> None:
    headers = {"Content-Type": type, "Origin": "https://evil.example"}
    assert client.send("POST", "/", CALL, headers).status == 403
    assert client.send("POST", "/?" + CALL, b"", headers).status == 403
    assert client.tasks() == []


@pytest.mark.parametrize("origin", ["https://evil.example", "null"])
@pytest.mark.parametrize("type", TYPES)
def test_what_a_form_can_send_changes_nothing(client: Client, type: str, origin: str) -> None:
    """A form can write JSON, as plain text."""
    kept = client.create()
    headers = {"Content-Type": type, "Origin": origin}
    for page, body in (
        ("reset", '{"all": true}'),
        ("clock", '{"advance": 86400}'),
        ("knobs", '{"month31": "last"}'),
        ("faults", '{"kind": "http-500"}'),
        ("console", '{"title": "t", "content": "c", "targets": ["u"]}'),
        ("snapshots/a", ""),
        (f"tasks/{kept}/cancel", ""),
    ):
        assert client.send("POST", f"/_sandbox/{page}", body, headers).status == 403
    (task,) = client.tasks()
    assert (task["id"], task["status"], client.deliveries()) == (kept, "waiting", [])
    assert client.control("GET", "clock")["now"] == NOW
    assert client.control("GET", "knobs")["knobs"]["month31"] == "skip"
    assert client.control("GET", "faults") == {"faults": []}
    assert client.control("GET", "snapshots") == {"snapshots": []}


def test_a_picture_in_an_older_browser_creates_nothing(client: Client) -> None:
    """One that says neither Origin nor Sec-Fetch-Site with what it embeds."""
    agent = {"User-Agent": "Mozilla/5.0 (Macintosh) Safari/605.1.15"}
    for route in ("/?" + CALL, "//?" + CALL):
        assert client.send("GET", route, None, agent).status == 403
    assert client.send("POST", "/", CALL, {**FORM, **agent}).status == 403
    assert client.send("GET", "/_sandbox/tasks", None, agent).body == {"tasks": []}
    assert client.send("GET", "/", None, agent).status != 403, "it may open a page"


@pytest.mark.parametrize(
    ("line", "host", "status"),
    [
        ("POST / HTTP/1.1", "Host: evil.example", b"403"),
        ("POST / HTTP/1.1", "X: y", b"403"),
        ("POST / HTTP/1.0", "X: y", b"403"),
        ("POST / HTTP/1.1", "Host: localhost\r\nHost: evil.example", b"403"),
        ("POST http://evil.example/ HTTP/1.1", "Host: 127.0.0.1", b"403"),
        ("POST http://evil.example HTTP/1.1", "Host: 127.0.0.1", b"403"),
        ("POST http://localhost@evil.example/ HTTP/1.1", "Host: 127.0.0.1", b"403"),
        ("OPTIONS * HTTP/1.1", "Host: evil.example", b"403"),
        ("CONNECT evil.example:80 HTTP/1.1", "Host: evil.example:80", b"403"),
        ("POST http://127.0.0.1:1/ HTTP/1.1", "Host: localhost", b"200"),
        ("POST / HTTP/1.1", "Host: [::1]:8080", b"200"),
        ("POST / HTTP/1.1", "Host: LOCALHOST", b"200"),
    ],
)
def test_who_is_asked_for_counts_in_every_form(
    client: Client, line: str, host: str, status: bytes
) -> None:
    type = "Content-Type: application/x-www-form-urlencoded"
    head = f"{line}\r\n{host}\r\n{type}\r\nContent-Length: {len(CALL)}\r\nConnection: close"
    answer = client.raw(f"{head}\r\n\r\n{CALL}".encode())
    assert answer.split(b" ", 2)[1] == status, answer
    assert len(client.tasks()) == (status == b"200")


def test_the_sandbox_itself_and_tools_may(client: Client) -> None:
    port = client.url.rsplit(":", 1)[1]
    for headers in (
        {},
        {"Origin": client.url},
        {"Origin": f"http://localhost:{port}", "Host": f"localhost:{port}"},
        {"Origin": f"http://[::1]:{port}", "Host": f"[::1]:{port}"},
        {"Sec-Fetch-Site": "same-origin"},
        {"Sec-Fetch-Site": "none", "User-Agent": "Mozilla/5.0"},
    ):
        assert client.send("POST", "/_sandbox/reset", b"", headers).status == 200
        assert client.send("POST", "/", CALL, {**FORM, **headers}).status == 200


def asking(host: str, origin: str | None = None, path: str = "/") -> Request:
    headers = {"host": host} | ({} if origin is None else {"origin": origin})
    return Request("POST", path, "", headers, b"")


@pytest.mark.parametrize(
    ("host", "hosts", "mine", "foreign"),
    [
        ("127.0.0.1", (), ["localhost:1"], ["10.0.0.7", "push.test", "0.0.0.0"]),
        ("10.0.0.7", (), ["10.0.0.7:4010", "localhost"], ["10.0.0.8:4010", "push.test"]),
        (
            "0.0.0.0",
            (),
            ["10.0.0.7:80", "192.168.1.1", "[fe80::1]:4010"],
            ["push.test", "1.2.3.4.x"],
        ),
        ("::", ("Sandbox",), ["sandbox:4010", "SANDBOX", "10.0.0.7"], ["sandbox.evil.example"]),
        ("::1", ("push.test",), ["push.test", "[::1]:80"], ["10.0.0.7", "[::2]", "a.push.test"]),
    ],
)
def test_a_server_has_the_names_of_where_it_listens(
    host: str, hosts: tuple[str, ...], mine: list[str], foreign: list[str]
) -> None:
    names = names_of(host, hosts)
    assert [refusal(asking(name), names) for name in mine] == [None] * len(mine)
    assert all(refusal(asking(name), names) for name in foreign)


def test_a_page_of_its_own_is_one_of_the_same_name_and_port() -> None:
    names = names_of("0.0.0.0")
    assert refusal(asking("10.0.0.7:5000", "http://10.0.0.7:5000"), names) is None
    for origin in ("http://10.0.0.7:5001", "http://10.0.0.8:5000", "https://10.0.0.7:5000"):
        assert refusal(asking("10.0.0.7:5000", origin), names)
