"""A server for Terraform states, with the rules of GitLab, those of Gitea, or none at all.

The rules are those of GitLab's lib/api/terraform/state.rb and of Gitea's
routers/api/packages/terraform/terraform.go, read in 2026.
"""

from __future__ import annotations

import base64
import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

LOGIN = "ann:secret-token"

Reply = tuple[int, bytes]


@dataclass
class StateServer:
    """One project with states of any name. Subclasses are servers of a kind.

    `before` is asked before a request is looked at, and `after` may answer something else than the
    truth; a status of 0 cuts the connection instead.
    """

    versions: dict[str, dict[int, bytes]] = field(default_factory=dict)
    locks: dict[str, dict[str, Any]] = field(default_factory=dict)
    requests: list[str] = field(default_factory=list)
    before: Callable[[str], Reply | None] = lambda method: None
    after: Callable[[str, Reply], Reply] = lambda method, reply: reply
    largest: int = 0
    url: str = ""

    def __post_init__(self) -> None:
        self.mutex = threading.Lock()

    def answer(self, method: str, path: str, login: str, body: bytes) -> Reply:
        if early := self.before(method):
            return early
        name, _, rest = path.removeprefix("/state/").partition("/")
        name, _, query = name.partition("?")
        with self.mutex:
            self.requests.append(f"{method} {rest}".rstrip())
            if login not in ("", LOGIN):
                return 401, b'{"message":"401 Unauthorized"}'
            if rest == "lock":
                reply = self.lock(method, name, body)
            elif method == "GET":
                reply = self.get(name, rest)
            else:
                reply = self.post(name, query.removeprefix("ID="), body)
        return self.after(method, reply)

    def get(self, name: str, rest: str) -> Reply:
        kept = self.versions.get(name, {})
        number = int(rest.removeprefix("versions/") or self.latest(name))
        return (200, kept[number]) if number in kept else (404, b'{"message":"404 Not found"}')

    def latest(self, name: str) -> int:
        raise NotImplementedError

    def post(self, name: str, id: str, body: bytes) -> Reply:
        raise NotImplementedError

    def lock(self, method: str, name: str, body: bytes) -> Reply:
        raise NotImplementedError

    def locked(self, name: str, id: str) -> bool:
        return name in self.locks and self.locks[name]["ID"] != id

    def document(self, name: str = "shop") -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.versions[name][self.latest(name)])
        return found


class GitLab(StateServer):
    """Any JSON with a serial; the highest counts; a foreign lock is an error of the server."""

    def latest(self, name: str) -> int:
        return max(self.versions.get(name, {0: b""}))

    def post(self, name: str, id: str, body: bytes) -> Reply:
        if self.largest and len(body) > self.largest:
            return 413, b'{"message":"413 Payload Too Large"}'
        serial = json.loads(body).get("serial")
        if not isinstance(serial, int):
            return 422, b'{"message":"422 Unprocessable Entity - No serial in payload"}'
        if self.locked(name, id) or (id and name not in self.locks):
            return 500, b'{"message":"500 Internal Server Error"}'
        if serial in self.versions.get(name, {}):
            return 422, b'{"message":"PG::UniqueViolation: duplicate key value"}'
        self.versions.setdefault(name, {})[serial] = body
        return 200, b"{}"

    def lock(self, method: str, name: str, body: bytes) -> Reply:
        asked = json.loads(body) if body else {}
        if method == "DELETE":
            if asked.get("ID") and self.locked(name, asked["ID"]):
                return 409, b""
            self.locks.pop(name, None)
            return 200, b""
        taken = name in self.locks
        told = self.locks.setdefault(name, asked)
        return (409 if taken else 200), json.dumps(told).encode()


class Gitea(StateServer):
    """Only a valid state of Terraform; what came last counts; a lock is told with its holder."""

    def latest(self, name: str) -> int:
        return next(reversed(self.versions.get(name, {0: b""})))

    def post(self, name: str, id: str, body: bytes) -> Reply:
        if self.locked(name, id):
            return 423, json.dumps(self.locks[name]).encode()
        state = json.loads(body)
        needed = ("serial", "terraform_version", "lineage")
        valid = all(state.get(key) for key in needed) and state.get("version") == 4
        if not valid or state.get("resources") is None or state.get("outputs") is None:
            return 400, b"state is not valid"
        if state["serial"] in self.versions.get(name, {}):
            return 409, b"package file already exists"
        self.versions.setdefault(name, {})[state["serial"]] = body
        return 201, b""

    def lock(self, method: str, name: str, body: bytes) -> Reply:
        asked = json.loads(body)
        if self.locked(name, asked["ID"] if method == "DELETE" else ""):
            return 423, json.dumps(self.locks[name]).encode()
        if method == "DELETE":
            self.locks.pop(name, None)
        else:
            self.locks[name] = asked
        return 200, b""


class Careless(Gitea):
    """Keeps whatever comes, as many small servers do."""

    def post(self, name: str, id: str, body: bytes) -> Reply:
        self.versions[name] = {json.loads(body)["serial"]: body}
        return 200, b""


@contextlib.contextmanager
def serving(server: StateServer) -> Iterator[StateServer]:
    """Answer on a port of this machine while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def handle(self) -> None:
            with contextlib.suppress(ConnectionError):  # whoever asked was killed
                super().handle()

        def handle_any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            basic = self.headers.get("Authorization", "").removeprefix("Basic ")
            login = base64.b64decode(basic).decode()
            status, told = server.answer(self.command, self.path, login, body)
            if status == 0:
                self.connection.shutdown(socket.SHUT_RDWR)
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Length", str(len(told)))
            self.end_headers()
            self.wfile.write(told)

        do_GET = do_POST = do_DELETE = handle_any

        def log_message(self, *_: object) -> None:
            pass

    class Threads(ThreadingHTTPServer):
        daemon_threads = True  # connections are kept open by whoever asks
        request_queue_size = 64

    with Threads(("127.0.0.1", 0), Handler) as threads:
        server.url = f"http://127.0.0.1:{threads.server_address[1]}/state/shop"
        thread = threading.Thread(target=threads.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            threads.shutdown()
            thread.join()
