"""Serves HTTP/1.1, on the standard library's server."""

from __future__ import annotations

import re
import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from email.utils import formatdate
from http.client import HTTPException, parse_headers
from http.server import BaseHTTPRequestHandler
from socketserver import TCPServer, ThreadingMixIn
from typing import Any

from pushctl.sandbox.http.compression import MAX_BODY, packed
from pushctl.sandbox.http.messages import HOST, LOOPBACK, Request, Response, problem

Application = Callable[[Request], Response]

_BLANK = (b"\r\n", b"\n")
_LENGTH = re.compile("[0-9]{1,12}")
_CHUNK_SIZE = re.compile(rb"([0-9A-Fa-f]{1,8})[ \t]*(;.*)?\r?\n", re.DOTALL)
_ABSOLUTE = re.compile("https?://([^/?]*)", re.IGNORECASE)
_LINGER_READS = 256
_LINGER_SECONDS = 0.5
_NO_LINGER = struct.pack("ii", 1, 0)  # closing a socket that has this sends a reset


class Server(ThreadingMixIn, TCPServer):
    """Answers in a daemon thread per connection; prints nothing.

    It listens on `host`, or on every address of the machine. `host` and `port` are then where it
    can be reached from this machine.
    """

    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 256

    application: Application

    def __init__(self, port: int, host: str = HOST) -> None:
        self._connections: set[Any] = set()
        self._stopping = False
        self._accepting = threading.Thread(target=self._accept, name="sandbox", daemon=True)
        self.address_family = socket.AF_INET6 if ":" in host else socket.AF_INET
        super().__init__((host, port), _Handler)
        self.port: int = self.server_address[1]
        self.host = LOOPBACK.get(host, host)

    def serve(self, application: Application) -> None:
        """Starts answering; connections made since the constructor are waiting already."""
        self.application = application
        self._accepting.start()

    def _accept(self) -> None:
        while not self._stopping:
            self.handle_request()

    def close(self) -> None:
        """Stops listening and hangs up on everyone."""
        self._stopping = True
        with suppress(OSError):  # a connection wakes the thread that accepts them
            socket.create_connection((self.host, self.port), 1.0).close()
        self._accepting.join(5.0)
        self.server_close()
        for connection in list(self._connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Remembers the connection, for `close`."""
        self._connections.add(request)
        super().process_request(request, client_address)

    def shutdown_request(self, request: Any) -> None:
        """Forgets the connection."""
        self._connections.discard(request)
        super().shutdown_request(request)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Does not print that a client hung up; the application answers its own mistakes."""


class _HttpError(Exception):
    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status


class _Handler(BaseHTTPRequestHandler):
    server: Server
    raw_requestline: bytes
    protocol_version = "HTTP/1.1"
    default_request_version = "HTTP/1.1"  # with 0.9 refusals would have no status line
    disable_nagle_algorithm = True
    wbufsize = -1
    timeout = 120.0  # seconds of silence

    def __getattr__(self, name: str) -> Callable[[], None]:
        if name.startswith("do_"):  # every method of HTTP
            return self._answer
        raise AttributeError(name)

    def log_message(self, format: str, *args: object) -> None:
        pass

    def parse_request(self) -> bool:
        if self.raw_requestline in _BLANK:  # stray line ends between requests are tolerated
            self.close_connection = False
            return False
        if not super().parse_request():
            return False
        if self.headers.get_payload():  # lines from which on nothing looked like a header
            self.send_error(400, "a malformed header line")
            return False
        return True

    def _answer(self) -> None:
        names = map(str.lower, self.headers)
        headers = {name: ",".join(self.headers.get_all(name, ())).strip(" \t") for name in names}
        try:
            body = self._body(headers)
        except _HttpError as error:
            self.send_error(error.status, str(error))
            return
        target = self.path
        if found := _ABSOLUTE.match(target):  # whom it names counts before the header
            headers["host"], target = found[1], target[found.end() :]
        path, _, query = target.partition("?")
        response = self.server.application(Request(self.command, path, query, headers, body))
        self._send(packed(response, headers.get("accept-encoding", "")))

    def _body(self, headers: dict[str, str]) -> bytes:
        coding, length = headers.get("transfer-encoding"), headers.get("content-length")
        if coding is None:
            if not _LENGTH.fullmatch(length or "0"):
                raise _HttpError(400, "Content-Length is not a number")
            return self._read(int(length or 0))
        if length is not None:
            raise _HttpError(400, "both Content-Length and Transfer-Encoding")
        if coding.lower() != "chunked":
            raise _HttpError(501, "the only transfer coding is chunked")
        return self._chunked()

    def _read(self, size: int, before: int = 0) -> bytes:
        if before + size > MAX_BODY:
            raise _HttpError(413, f"a body is at most {MAX_BODY} bytes")
        data = self.rfile.read(size)
        if len(data) != size:
            raise _HttpError(400, "the body ended early")
        return data

    def _chunked(self) -> bytes:
        body = bytearray()
        while True:
            found = _CHUNK_SIZE.fullmatch(self.rfile.readline(1024))
            if found is None:
                raise _HttpError(400, "malformed chunk size")
            size = int(found[1], 16)
            if size == 0:
                break
            body += self._read(size, len(body))
            if self.rfile.readline(3) not in _BLANK:
                raise _HttpError(400, "a chunk is longer than its size")
        try:
            parse_headers(self.rfile)  # trailers
        except HTTPException as error:
            raise _HttpError(400, "malformed trailers") from error
        return bytes(body)

    def _send(self, response: Response) -> None:
        self.close_connection |= response.drop or response.cut is not None
        if response.reset:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
            socket.close(self.connection.detach())
        if response.drop:
            return
        self.send_response_only(response.status)
        self.send_header("Date", formatdate(response.date, usegmt=True))
        self.send_header("Content-Type", response.content_type)
        self.send_header("Content-Length", str(len(response.body)))
        self.send_header("Connection", "close" if self.close_connection else "keep-alive")
        for name, value in response.headers:
            self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(response.body[: response.cut])

    def send_error(self, code: int, message: str | None = None, explain: str | None = None) -> None:
        self.close_connection = True
        self._send(problem(code, "Sandbox.BadRequest", message or explain or ""))
        self.wfile.flush()
        # Closing with unread input would reset the connection and lose the answer.
        self.connection.shutdown(socket.SHUT_WR)
        self.connection.settimeout(_LINGER_SECONDS)
        for _ in range(_LINGER_READS):
            if not self.connection.recv(65536):
                break
