"""Sockets and threads: accepts on loopback, feeds requests to an application, never falls over.

One reason to change: how connections are served.
"""

from __future__ import annotations

import selectors
import socket
import struct
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from io import BufferedReader, RawIOBase
from typing import TYPE_CHECKING

from pushctl.sandbox.http1 import HttpError, Reply, Request, read_request, render

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer as Buffer

Application = Callable[[Request], Reply]
ErrorPage = Callable[[HttpError], Reply]

HOST = "127.0.0.1"
_MAX_CONNECTIONS = 512
_IDLE_SECONDS = 120.0
_REQUEST_SECONDS = 30.0
_SEND_SECONDS = 30.0
_LINGER_BYTES = 16 * 1024 * 1024
_LINGER_SECONDS = 0.5
_CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"
_ABRUPTLY = struct.pack("ii", 1, 0)  # linger for no time: closing sends a reset


class Server:
    """A small HTTP/1.1 server: a daemon thread per connection, nothing ever on stderr."""

    def __init__(self, port: int, error_page: ErrorPage) -> None:
        self._error_page = error_page
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._stopping = False
        self._listener = _listen(port)
        self._wake_reader, self._wake_writer = socket.socketpair()
        self._accepting: threading.Thread | None = None
        self.port: int = self._listener.getsockname()[1]

    def serve(self, application: Application) -> None:
        """Starts answering; connections made since the constructor are waiting already."""
        self._accepting = threading.Thread(
            target=self._accept, args=(application,), name="sandbox-accept", daemon=True
        )
        self._accepting.start()

    def close(self) -> None:
        """Stops listening and hangs up on everyone."""
        with self._lock:
            if self._stopping:
                return
            self._stopping = True
            connections = list(self._open)
        self._wake_writer.send(b"x")
        if self._accepting is not None:
            self._accepting.join(5.0)
        for connection in connections:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for item in (self._listener, self._wake_reader, self._wake_writer):
            item.close()

    def _accept(self, application: Application) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._listener, selectors.EVENT_READ)
            selector.register(self._wake_reader, selectors.EVENT_READ)
            while not self._stopping:
                selector.select()
                if self._stopping:
                    return
                try:
                    connection, _ = self._listener.accept()
                except OSError:  # the peer went away again, or no file descriptor is left
                    continue
                self._take(connection, application)

    def _take(self, connection: socket.socket, application: Application) -> None:
        with self._lock:
            refused = self._stopping or len(self._open) >= _MAX_CONNECTIONS
            if not refused:
                self._open.add(connection)
        if refused:
            connection.close()
            return
        thread = threading.Thread(
            target=self._converse, args=(connection, application), name="sandbox", daemon=True
        )
        try:
            thread.start()
        except RuntimeError:  # out of threads
            self._hang_up(connection)

    def _converse(self, connection: socket.socket, application: Application) -> None:
        try:
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            with BufferedReader(_Source(connection), 65536) as stream:
                while self._exchange(connection, stream, application):
                    pass
        except OSError:
            pass  # the peer hung up or fell silent; there is nobody left to tell
        finally:
            self._hang_up(connection)

    def _exchange(
        self,
        connection: socket.socket,
        stream: BufferedReader[_Source],
        application: Application,
    ) -> bool:
        stream.raw.allow(_IDLE_SECONDS)
        if not stream.peek(1):
            return False
        stream.raw.allow(_REQUEST_SECONDS)
        try:
            request = read_request(stream, lambda: _send(connection, _CONTINUE))
        except HttpError as error:
            _send(connection, render(self._error_page(error), keep_alive=False))
            _linger(connection)
            return False
        if request is None:
            return False
        reply = application(request)
        if reply.drop:
            if reply.reset:
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABRUPTLY)
                connection.close()
            return False
        keep = request.keep_alive and reply.cut is None and not self._stopping
        head_only = request.method == "HEAD"
        _send(connection, render(reply, keep_alive=keep, head_only=head_only))
        return keep

    def _hang_up(self, connection: socket.socket) -> None:
        with self._lock:
            self._open.discard(connection)
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
        connection.close()


class _Source(RawIOBase):
    """A socket to read from, with one deadline however slowly the bytes trickle in."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection
        self._deadline = 0.0

    def allow(self, seconds: float) -> None:
        """From now on, so long until reading times out."""
        self._deadline = time.monotonic() + seconds

    def readable(self) -> bool:
        """Always; BufferedReader asks."""
        return True

    def readinto(self, buffer: Buffer, /) -> int:
        """Some bytes; TimeoutError after the deadline."""
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TimeoutError
        self._connection.settimeout(left)
        return self._connection.recv_into(buffer)


def _send(connection: socket.socket, data: bytes) -> None:
    connection.settimeout(_SEND_SECONDS)
    connection.sendall(data)


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        listener.listen(256)
        listener.setblocking(False)
    except BaseException:
        listener.close()
        raise
    return listener


def _linger(connection: socket.socket) -> None:
    # Closing with unread input would reset the connection and lose the answer.
    connection.shutdown(socket.SHUT_WR)
    connection.settimeout(_LINGER_SECONDS)
    left = _LINGER_BYTES
    while left > 0:
        data = connection.recv(65536)
        if not data:
            return
        left -= len(data)
