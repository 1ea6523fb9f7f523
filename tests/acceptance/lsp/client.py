"""A tiny client of the Language Server Protocol, over the pipes of a process of its own."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

TIMEOUT = 20


class Client:
    """Starts `pushctl lsp` in a folder and talks to it."""

    def __init__(
        self,
        folder: Path,
        *,
        units: list[str] | None = None,
        module: str = "pushctl",
        path: str = "",
    ) -> None:
        self.folder = folder
        self._next = 0
        self._published: dict[str, list[Any]] = {}
        self._messages: queue.Queue[Any] = queue.Queue()
        self.process = subprocess.Popen(
            [sys.executable, "-m", module, "lsp"],
            cwd=folder,
            env={**os.environ, "PUSHCTL_NOW": "2026-12-01T09:00:00+08:00", "PYTHONPATH": path},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        threading.Thread(target=self._listen, daemon=True).start()
        general = {"positionEncodings": units} if units else {}
        self.server = self.ask(
            "initialize",
            {"processId": None, "rootUri": folder.as_uri(), "capabilities": {"general": general}},
        )
        self.tell("initialized", {})

    def uri(self, name: str = "pushctl.yaml") -> str:
        return (self.folder / name).as_uri()

    # --- messages ----------

    def _listen(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while header := stream.readline():
            length = int(header.split(b":")[1])
            while stream.readline().strip():
                pass
            self._messages.put(json.loads(stream.read(length)))
        self._messages.put(None)

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self.process.stdin.flush()

    def tell(self, method: str, params: Any) -> None:
        self._send({"method": method, "params": params})

    def ask(self, method: str, params: Any) -> Any:
        self._next += 1
        self._send({"id": self._next, "method": method, "params": params})
        while True:
            message = self._receive()
            if message.get("id") == self._next and "method" not in message:
                assert "error" not in message, message
                return message["result"]

    def _receive(self) -> Any:
        message = self._messages.get(timeout=TIMEOUT)
        assert message is not None, "the server is gone"
        if message.get("method") == "textDocument/publishDiagnostics":
            params = message["params"]
            self._published.setdefault(params["uri"], []).append(params["diagnostics"])
        return message

    # --- what editors do ----------

    def open(self, text: str, name: str = "pushctl.yaml") -> None:
        document = {"uri": self.uri(name), "languageId": "yaml", "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})

    def change(self, text: str, name: str = "pushctl.yaml", version: int = 2) -> None:
        self.tell(
            "textDocument/didChange",
            {
                "textDocument": {"uri": self.uri(name), "version": version},
                "contentChanges": [{"text": text}],
            },
        )

    def diagnostics(self, name: str = "pushctl.yaml") -> list[Any]:
        """Wait for the next findings of a file."""
        uri = self.uri(name)
        while not self._published.get(uri):
            self._receive()
        return list(self._published[uri].pop(0))

    def waiting(self, name: str = "pushctl.yaml") -> int:
        """Return how many times findings of a file came that nobody has asked for yet."""
        return len(self._published.get(self.uri(name), ()))

    def at(self, line: int, column: int, name: str = "pushctl.yaml") -> dict[str, Any]:
        return {
            "textDocument": {"uri": self.uri(name)},
            "position": {"line": line, "character": column},
        }

    def hover(self, line: int, column: int, name: str = "pushctl.yaml") -> str | None:
        found = self.ask("textDocument/hover", self.at(line, column, name))
        return None if found is None else str(found["contents"]["value"])

    def actions(
        self, line: int, column: int, name: str = "pushctl.yaml", **context: Any
    ) -> list[Any]:
        place = {"line": line, "character": column}
        params = {
            "textDocument": {"uri": self.uri(name)},
            "range": {"start": place, "end": place},
            "context": {"diagnostics": [], **context},
        }
        return list(self.ask("textDocument/codeAction", params))

    def leave(self) -> int:
        self.ask("shutdown", None)
        self.tell("exit", None)
        return self.process.wait(TIMEOUT)

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(TIMEOUT)
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()
