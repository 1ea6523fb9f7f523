"""Take the pictures of docs/images: `python -m tests.acceptance.pages` (or `make pictures`)."""

from __future__ import annotations

import hashlib
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from tests.acceptance.pages.browser import Tab, address, browser, program, tab
from tests.acceptance.pages.plans import REVIEW
from tests.acceptance.sandbox import story
from tests.unit.sandbox.client import Client

IMAGES = REVIEW.parent / "images"


@dataclass(frozen=True)
class Shot:
    """One picture: what of the page, how large a screen, what was clicked before."""

    name: str
    width: int
    height: int
    place: str = ""
    clicks: tuple[str, ...] = ()
    dark: bool = False
    scale: float = 1


SHOTS = (
    Shot("report-phone", 390, 844, scale=1.5),
    Shot("report-desktop", 1280, 860),
    Shot("report-calendar", 1280, 820, "calendar"),
    Shot("report-devices-light", 1280, 560, "devices"),
    Shot("report-devices-dark", 1280, 560, "devices", ("dim", "opened", "night")),
    Shot("report-people-dark", 1280, 700, "people", dark=True),
)

OF_THE_SANDBOX = (
    Shot("sandbox-inbox", 1280, 600, "inbox"),
    Shot("sandbox-phone", 390, 844, "inbox?q=is:rejected", (".messages .row",), dark=True),
    Shot("sandbox-timeline", 1280, 640, "timeline"),
    Shot("sandbox-zh", 1280, 760, "calendar?month=2026-12&day=2026-12-12", dark=True),
)


def take(screen: Tab, shot: Shot) -> bytes:
    screen.size(shot.width, shot.height, scale=shot.scale)
    screen.prefer(prefers_color_scheme="dark" if shot.dark else "light")
    screen.open(address(REVIEW))
    for id in shot.clicks:
        screen.ask(f"document.getElementById('{id}').click()")
    if shot.place:
        screen.ask(f"document.getElementById('{shot.place}').scrollIntoView()")
    return screen.picture()


def take_of_the_sandbox(screen: Tab, shot: Shot, url: str) -> bytes:
    screen.size(shot.width, shot.height)
    screen.prefer(prefers_color_scheme="dark" if shot.dark else "light")
    screen.open(f"{url}/")
    language = "zh" if shot.name.endswith("-zh") else "en"
    screen.ask(f"localStorage.setItem('language', '{language}')")
    screen.open("about:blank")
    screen.open(f"{url}/#{shot.place}")
    screen.until("document.querySelectorAll('main [data-row]').length > 0")
    for selector in shot.clicks:
        screen.until(f"document.querySelector('{selector}')")
        screen.ask(f"document.querySelector('{selector}').click()")
    return screen.picture()


def half_a_month(client: Client) -> None:
    """Live the first half of the month that the tests live."""
    story.schedule(client)
    client.control("POST", "clock", {"set": "2026-12-10T16:00"})
    story.withdraw(client)
    client.control("POST", "clock", {"set": "2026-12-12T22:00"})
    client.fault("throttle", op="PushSimple", times=3)


def main() -> None:
    path = program()
    if path is None:
        sys.exit("Pictures need Chromium; install it and try again.")
    IMAGES.mkdir(exist_ok=True)
    with browser(path) as wire:
        for shot in SHOTS:
            (IMAGES / f"{shot.name}.png").write_bytes(take(tab(wire), shot))
        with tempfile.TemporaryDirectory() as folder, story.opened(Path(folder)) as sandbox:
            client = Client(sandbox.url)
            half_a_month(client)
            for shot in OF_THE_SANDBOX:
                picture = take_of_the_sandbox(tab(wire), shot, sandbox.url)
                (IMAGES / f"{shot.name}.png").write_bytes(picture)
            client.close()
    digest = hashlib.sha256(REVIEW.read_bytes()).hexdigest()
    (IMAGES / "taken-from.sha256").write_text(f"{digest}  ../{REVIEW.name}\n", "ascii")


if __name__ == "__main__":
    main()
