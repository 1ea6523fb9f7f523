"""A way to a server on this machine that can be slow, be cut, lose answers, or lead nowhere."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Loss:
    """What is still to be lost: so many requests that contain something, or the answers to them."""

    left: int = 0
    containing: bytes = b""

    def claim(self, request: bytes) -> bool:
        """Tell whether it is this request's turn, which is then used up."""
        if self.left and self.containing in request:
            self.left -= 1
            return True
        return False


@dataclass
class Proxy:
    """Passes bytes on to another port of this machine, and misbehaves on demand.

    A request is what a client sends from when it was answered last until it is answered again. Each
    waits `delay` seconds before it is passed on. `requests` counts those that were passed on.
    """

    upstream: int
    port: int = 0
    delay: float = 0.0
    requests: int = 0
    connections: int = 0
    _requests: Loss = field(default_factory=Loss)
    _answers: Loss = field(default_factory=Loss)

    def __post_init__(self) -> None:
        self._mutex = threading.Lock()
        self._flowing, self._ended = threading.Event(), threading.Event()
        self._flowing.set()
        self._open: set[_Connection] = set()
        self._threads: list[threading.Thread] = []
        self._listener: socket.socket | None = None
        self.accept()

    def lose_requests(self, times: int = 1, containing: bytes = b"") -> None:
        """Cut the connections of the next requests instead of passing them on."""
        self._requests = Loss(times, containing)

    def lose_answers(self, times: int = 1, containing: bytes = b"") -> None:
        """Cut the connections of the next requests when the server has begun to answer."""
        self._answers = Loss(times, containing)

    def hold(self) -> None:
        """Keep back whatever is sent in either direction; connections can still be made."""
        self._flowing.clear()

    def resume(self) -> None:
        """Pass on what was kept back, unless it was cut."""
        self._flowing.set()

    def cut(self) -> None:
        """End every connection; what was kept back is never passed on."""
        with self._mutex:
            for connection in self._open:
                connection.cut()

    def refuse(self) -> None:
        """Refuse new connections and end those there are, as a server that is down."""
        if self._listener:
            _end(self._listener)
            self._acceptor.join()
            self._listener.close()
            self._listener = None
        self.cut()

    def accept(self) -> None:
        """Take connections again."""
        if not self._listener:
            self._listener = socket.create_server(("127.0.0.1", self.port), backlog=64)
            self.port = self._listener.getsockname()[1]
            self._acceptor = threading.Thread(target=self._accepting, args=(self._listener,))
            self._acceptor.start()

    def close(self) -> None:
        self._ended.set()
        self.refuse()
        self.resume()
        for thread in self._threads:
            thread.join()

    def _accepting(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(client,))
            self._threads.append(thread)
            thread.start()

    def _serve(self, client: socket.socket) -> None:
        try:
            server = socket.create_connection(("127.0.0.1", self.upstream))
        except OSError:
            client.close()
            return
        connection = _Connection(client, server)
        with self._mutex:
            self._open.add(connection)
        if self._listener is None:  # it was refused meanwhile
            connection.cut()
        with client, server:
            back = threading.Thread(target=self._pass_back, args=(connection,))
            back.start()
            self._pass_on(connection)
            back.join()
            with self._mutex:
                self._open.remove(connection)

    def _pass_on(self, connection: _Connection) -> None:
        request = b""
        for data in _parts(connection.client):
            if connection.answered:
                connection.answered, request = False, b""
                self._ended.wait(self.delay)
            first, request = not request, request + data
            self._flowing.wait()
            with self._mutex:
                lost = self._requests.claim(request)
                connection.losing = connection.losing or self._answers.claim(request)
                self.requests += first and not lost
            if lost or not _sent(connection.server, data):
                connection.cut()
                return
        _end(connection.server, socket.SHUT_WR)

    def _pass_back(self, connection: _Connection) -> None:
        for data in _parts(connection.server):
            self._flowing.wait()
            connection.answered = True
            if connection.losing or not _sent(connection.client, data):
                connection.cut()
                return
        _end(connection.client, socket.SHUT_WR)


@dataclass(eq=False)
class _Connection:
    client: socket.socket
    server: socket.socket
    answered: bool = True
    losing: bool = False

    def cut(self) -> None:
        _end(self.client)
        _end(self.server)


def _parts(source: socket.socket) -> Iterator[bytes]:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            yield data


def _sent(target: socket.socket, data: bytes) -> bool:
    try:
        target.sendall(data)
    except OSError:
        return False
    return True


def _end(connection: socket.socket, how: int = socket.SHUT_RDWR) -> None:
    with contextlib.suppress(OSError):
        connection.shutdown(how)


@contextmanager
def proxy(upstream: int) -> Iterator[Proxy]:
    """Lead to a port of this machine for as long as the block lasts."""
    server = Proxy(upstream)
    try:
        yield server
    finally:
        server.close()
