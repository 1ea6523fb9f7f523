"""A browser to look at pages with: Chromium, told what to do over a pipe (DevTools protocol).

Nothing but the standard library: messages are JSON, each ends with a zero byte, and the browser
reads them from its file descriptor 3 and writes to 4. It finds no host but this machine, whatever a
page asks for.
"""

from __future__ import annotations

import base64
import fcntl
import json
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)

OPTIONS = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--disable-gpu",
    "--hide-scrollbars",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-dev-shm-usage",
    "--font-render-hinting=none",
    "--force-color-profile=srgb",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
)

KEYS = {"Enter": 13, "Escape": 27}
"""Keys that the browser itself answers to, and their numbers."""


def program() -> str | None:
    """Return the path of a browser, None if there is none."""
    return next((path for name in NAMES if (path := shutil.which(name))), None)


@dataclass
class Wire:
    """Both ends of the talk with a browser; `events` is what it said unasked."""

    reading: int
    writing: int
    buffer: bytes = b""
    number: int = 0
    events: list[dict[str, Any]] = field(default_factory=list)

    def call(self, method: str, session: str | None = None, **params: Any) -> Any:
        """Ask for something and wait for the answer."""
        self.number += 1
        message: dict[str, Any] = {"id": self.number, "method": method, "params": params}
        if session is not None:
            message["sessionId"] = session
        os.write(self.writing, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def wait(self, method: str, session: str) -> None:
        """Wait until the browser says that something happened."""
        while not any(
            event.get("method") == method and event.get("sessionId") == session
            for event in self.events
        ):
            self.events.append(self._next())

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self.buffer:
            data = os.read(self.reading, 1 << 20)
            if not data:
                raise RuntimeError("the browser ended")
            self.buffer += data
        line, _, self.buffer = self.buffer.partition(b"\0")
        found: dict[str, Any] = json.loads(line)
        return found


@dataclass
class Tab:
    """One page in a browser."""

    wire: Wire
    session: str

    def call(self, method: str, **params: Any) -> Any:
        return self.wire.call(method, self.session, **params)

    def size(self, width: int, height: int, *, scale: float = 1) -> None:
        """Be a screen of so many pixels; the narrow ones are phones."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=scale,
            mobile=width < 600,
        )

    def prefer(self, **features: str) -> None:
        """Have a reader's plan_request, such as `prefers_color_scheme="dark"`."""
        listed = [
            {"name": name.replace("_", "-"), "value": value} for name, value in features.items()
        ]
        self.call("Emulation.setEmulatedMedia", features=listed)

    def open(self, url: str) -> None:
        self.wire.events.clear()
        self.call("Page.navigate", url=url)
        self.wire.wait("Page.loadEventFired", self.session)

    def ask(self, expression: str) -> Any:
        """Return the value of a JavaScript expression; the page's own policy does not bind it."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def until(self, expression: str, *, seconds: float = 10) -> Any:
        """Wait until a JavaScript expression holds and return its value."""
        looking = (
            "new Promise((yes, no) => {"
            f"  const end = Date.now() + {seconds * 1000};"
            "  const look = () => {"
            f"    let found; try {{ found = ({expression}) }} catch {{ }}"
            "    if (found) yes(found); else if (Date.now() > end) no('it never held');"
            "    else setTimeout(look, 20);"
            "  }; look() })"
        )
        answer = self.call(
            "Runtime.evaluate", expression=looking, returnByValue=True, awaitPromise=True
        )
        assert "exceptionDetails" not in answer, (expression, answer)
        return answer["result"].get("value")

    def press(self, key: str) -> None:
        """Press a key and let it go; a character is typed."""
        facts: dict[str, Any] = {"key": key, "windowsVirtualKeyCode": KEYS.get(key, 0)}
        typed = {"text": key} if len(key) == 1 else {"text": "\r"} if key == "Enter" else {}
        self.call("Input.dispatchKeyEvent", type="keyDown", **facts, **typed)
        self.call("Input.dispatchKeyEvent", type="keyUp", **facts)

    def said(self) -> list[str]:
        """Return what the browser complained of: errors, and what a policy kept it from."""
        found = []
        for event in self.wire.events:
            match event.get("method"):
                case "Log.entryAdded":
                    found.append(event["params"]["entry"]["text"])
                case "Runtime.consoleAPICalled" | "Runtime.exceptionThrown":
                    found.append(str(event["params"]))
                case "Audits.issueAdded":
                    found.append(str(event["params"]["issue"]))
        return found

    def requests(self) -> list[str]:
        """Return every address that the page asked for."""
        return [
            event["params"]["request"]["url"]
            for event in self.wire.events
            if event.get("method") == "Network.requestWillBeSent"
        ]

    def stopped(self) -> int:
        """Count the requests that the page's policy did not let out."""
        return sum(
            event.get("method") == "Network.loadingFailed"
            and event["params"].get("blockedReason") == "csp"
            for event in self.wire.events
        )

    def picture(self, *, whole: bool = False) -> bytes:
        """Return what is on the screen, or all of the page, as PNG."""
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=whole)
        return base64.b64decode(shot["data"])

    def paper(self) -> bytes:
        """Return the page printed, as PDF."""
        printed = self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=True)
        return base64.b64decode(printed["data"])


@contextmanager
def browser(path: str) -> Iterator[Wire]:
    """Start a browser; it is gone afterwards, and so is all that it kept."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        inward, outward = os.pipe(), os.pipe()
        theirs = [fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in (inward[0], outward[1])]
        options = [*OPTIONS, f"--user-data-dir={folder}/profile"]
        if os.geteuid() == 0:
            options.append("--no-sandbox")  # as root there is none
        quiet = os.open(os.devnull, os.O_RDWR)
        process = os.posix_spawn(
            path,
            [path, *options, "about:blank"],
            {**os.environ, "HOME": folder},
            file_actions=[
                (os.POSIX_SPAWN_DUP2, quiet, 1),
                (os.POSIX_SPAWN_DUP2, quiet, 2),
                (os.POSIX_SPAWN_DUP2, theirs[0], 3),
                (os.POSIX_SPAWN_DUP2, theirs[1], 4),
            ],
            setpgroup=0,
        )
        for end in (inward[0], outward[1], quiet, *theirs):
            os.close(end)
        wire = Wire(outward[0], inward[1])
        try:
            yield wire
        finally:
            os.killpg(process, signal.SIGKILL)
            os.waitpid(process, 0)
            os.close(wire.reading)
            os.close(wire.writing)


def tab(wire: Wire) -> Tab:
    """Open a new page that tells of everything."""
    target = wire.call("Target.createTarget", url="about:blank")["targetId"]
    attached = wire.call("Target.attachToTarget", targetId=target, flatten=True)
    opened = Tab(wire, attached["sessionId"])
    for domain in ("Page", "Runtime", "Log", "Network", "Audits"):
        opened.call(f"{domain}.enable")
    return opened


def address(file: Path) -> str:
    """Return the address of a file for a browser."""
    return file.resolve().as_uri()
