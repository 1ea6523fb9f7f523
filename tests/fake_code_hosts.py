"""Code hosts on this machine: as much of GitHub's and GitLab's API as comments need.

They answer as the real ones do: a page at a time with links to the next, 404 for what does not
exist or must not be seen, 403 for tokens that may only read, 422 or 400 for what is too long. What
a test puts into `script` is answered first.
"""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

BOT = "github-actions[bot]"
STRANGER = "stranger"
PAGE = 3
"""Comments on a page, whatever is asked for: nobody should need a hundred to see a second one."""


@dataclass
class Note:
    id: int
    author: str
    body: str
    system: bool = False


@dataclass
class Answer:
    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)


@dataclass
class CodeHost:
    """What both have in common. `token` may write, `reader` may only read."""

    token: str = "secret-writer"
    reader: str = "secret-reader"
    me: str = BOT
    notes: list[Note] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    answer_with: Answer | None = None
    script: list[Answer] = field(default_factory=list)
    url: str = ""

    def add(self, author: str, body: str, **more: Any) -> Note:
        note = Note(1000 + len(self.notes), author, body, **more)
        self.notes.append(note)
        return note

    @property
    def writes(self) -> list[str]:
        return [call for call in self.calls if not call.startswith("GET")]

    def handle(self, method: str, url: str, headers: Any, body: bytes) -> Answer:
        parts = urlsplit(url)
        self.calls.append(f"{method} {parts.path}")
        if self.script:
            return self.script.pop(0)
        if self.answer_with is not None:
            return self.answer_with
        token = self.token_of(headers)
        if token not in (self.token, self.reader):
            return Answer(401, {"message": "Bad credentials"})
        sent = json.loads(body) if body else {}
        page = int(parse_qs(parts.query).get("page", ["1"])[0])
        return self.route(method, parts.path, token, sent, page)

    def token_of(self, headers: Any) -> str:
        raise NotImplementedError

    def route(self, method: str, path: str, token: str, sent: Any, page: int) -> Answer:
        raise NotImplementedError

    def listed(self, page: int, path: str, items: list[Any]) -> Answer:
        last = max(1, -(-len(items) // PAGE))
        links = [f'<{self.url}{path}?page=1>; rel="first"']
        if page < last:
            links.insert(0, f'<{self.url}{path}?page={page + 1}>; rel="next"')
        shown = items[(page - 1) * PAGE : page * PAGE]
        return Answer(200, shown, {"Link": ", ".join(links)})

    def write(self, method: str, number: int | None, sent: Any) -> Note | None:
        """Do what was asked; None if there is no such note."""
        if method == "POST":
            return self.add(self.me, stored(sent["body"]))
        found = next((note for note in self.notes if note.id == number), None)
        if found is not None and method == "DELETE":
            self.notes.remove(found)
        elif found is not None:
            found.body = stored(sent["body"])
        return found


def stored(body: str) -> str:
    """Return a text as a code host gives it back."""
    return body.replace("\r\n", "\n").rstrip().replace("\n", "\r\n")


@dataclass
class GitHub(CodeHost):
    """One repository, `acme/pushes`, with pull request 7. A workflow may not ask who it is."""

    user: bool = False

    def token_of(self, headers: Any) -> str:
        return str(headers.get("Authorization", "")).removeprefix("Bearer ")

    def route(self, method: str, path: str, token: str, sent: Any, page: int) -> Answer:
        if path == "/user":
            denied = Answer(403, {"message": "Resource not accessible by integration"})
            return Answer(200, {"login": self.me}) if self.user else denied
        many = path == "/repos/acme/pushes/issues/7/comments"
        one = re.fullmatch(r"/repos/acme/pushes/issues/comments/(\d+)", path)
        if not many and one is None:
            return Answer(404, {"message": "Not Found"})
        if method == "GET":
            return self.listed(page, path, [self.shown(note) for note in self.notes])
        if token == self.reader:
            return Answer(403, {"message": "Resource not accessible by integration"})
        if len(sent.get("body", "")) > 65_536:
            told = "Body is too long (maximum is 65536 characters)"
            return Answer(422, {"message": "Validation Failed", "errors": [{"message": told}]})
        note = self.write(method, int(one[1]) if one else None, sent)
        if note is None:
            return Answer(404, {"message": "Not Found"})
        return Answer(204) if method == "DELETE" else Answer(200, self.shown(note))

    def shown(self, note: Note) -> dict[str, Any]:
        return {"id": note.id, "user": {"login": note.author}, "body": note.body}


@dataclass
class GitLab(CodeHost):
    """One project, 42, with merge request 7; its notes tell of events, too."""

    def token_of(self, headers: Any) -> str:
        return str(headers.get("PRIVATE-TOKEN", ""))

    def route(self, method: str, path: str, token: str, sent: Any, page: int) -> Answer:
        if path == "/user":
            return Answer(200, {"id": self.number(self.me), "username": self.me})
        found = re.fullmatch(r"/projects/42/merge_requests/7/notes(?:/(\d+))?", path)
        if found is None:
            return Answer(404, {"message": "404 Not found"})
        if method == "GET":
            return self.listed(page, path, [self.shown(note) for note in self.notes])
        if token == self.reader:
            return Answer(403, {"message": "403 Forbidden"})
        if len(sent.get("body", "")) > 1_000_000:
            return Answer(400, {"message": {"note": ["is too long"]}})
        note = self.write(method, int(found[1]) if found[1] else None, sent)
        if note is None:
            return Answer(404, {"message": "404 Not found"})
        return Answer(204) if method == "DELETE" else Answer(200, self.shown(note))

    def shown(self, note: Note) -> dict[str, Any]:
        author = {"id": self.number(note.author), "username": note.author}
        return {"id": note.id, "author": author, "body": note.body, "system": note.system}

    def number(self, name: str) -> int:
        return sum(name.encode())


@contextmanager
def serving(host: CodeHost) -> Iterator[CodeHost]:
    """Answer on a port of this machine while the block runs."""

    class Handler(BaseHTTPRequestHandler):
        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = self.rfile.read(length)
            told = host.handle(self.command, self.path, self.headers, body)
            raw = b"" if told.body is None else json.dumps(told.body).encode()
            self.send_response(told.status)
            for name, value in {**told.headers, "Content-Length": str(len(raw))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(raw)

        do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = answer

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        host.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield host
        finally:
            server.shutdown()
            thread.join()
