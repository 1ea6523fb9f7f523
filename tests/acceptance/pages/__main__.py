"""Take the pictures of docs/images: `python -m tests.acceptance.pages` (or `make pictures`)."""

from __future__ import annotations

import hashlib
import sys
from dataclasses import dataclass

from tests.acceptance.pages.browser import Tab, address, browser, program, tab
from tests.acceptance.pages.plans import REVIEW

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


def take(screen: Tab, shot: Shot) -> bytes:
    screen.size(shot.width, shot.height, scale=shot.scale)
    screen.prefer(prefers_color_scheme="dark" if shot.dark else "light")
    screen.open(address(REVIEW))
    for id in shot.clicks:
        screen.ask(f"document.getElementById('{id}').click()")
    if shot.place:
        screen.ask(f"document.getElementById('{shot.place}').scrollIntoView()")
    return screen.picture()


def main() -> None:
    path = program()
    if path is None:
        sys.exit("Pictures need Chromium; install it and try again.")
    IMAGES.mkdir(exist_ok=True)
    with browser(path) as wire:
        for shot in SHOTS:
            (IMAGES / f"{shot.name}.png").write_bytes(take(tab(wire), shot))
    digest = hashlib.sha256(REVIEW.read_bytes()).hexdigest()
    (IMAGES / "taken-from.sha256").write_text(f"{digest}  ../{REVIEW.name}\n", "ascii")


if __name__ == "__main__":
    main()
