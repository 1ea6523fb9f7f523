"""What people write into an entry: the texts to read, and the addresses to open or load."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from pushctl.manifest.schema.models import Icons, Images, Open, PushEntry
from pushctl.manifest.yaml.positions import Path

_SHOWN = {("message", "title"), ("message", "body"), ("sms", "params"), ("live_activity", "state")}
LOADED = {("message", "open"), ("message", "image"), ("message", "icon")}
_WEB = re.compile("(?i)https?:")


def written(entry: PushEntry) -> Iterator[tuple[Path, str]]:
    """Yield every text of an entry, and where it stands; targets are not among them."""
    message, live = entry.message, entry.live_activity
    for name in ("title", "body", "open", "image", "icon", "extras", "transparent_payload"):
        yield from _inside(("message", name), getattr(message, name))
    yield from _inside(("description",), entry.description)
    yield from _inside(("sms", "params"), entry.sms and entry.sms.params)
    yield from _inside(("live_activity", "state"), live and live.state)
    yield from _inside(("raw",), entry.raw)


def shown(entry: PushEntry) -> Iterator[tuple[Path, str]]:
    """Yield every text that people read."""
    return (item for item in written(entry) if item[0][:2] in _SHOWN)


def addresses(entry: PushEntry) -> Iterator[tuple[Path, str]]:
    """Yield every address: the link, its pictures, and those that only the app knows of."""
    for path, text in written(entry):
        if path[:2] in LOADED or (path[0] != "description" and _WEB.match(text)):
            yield path, text


def _inside(path: Path, value: Any) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif value and isinstance(value, dict | list | Open | Images | Icons):
        for key, item in enumerate(value) if isinstance(value, list) else dict(value).items():
            yield from _inside((*path, key), item)
