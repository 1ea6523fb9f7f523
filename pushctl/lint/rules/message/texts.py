"""What people write into an entry: the texts to read, and the addresses to open or load."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

from pushctl.manifest.schema.models import Icons, Images, Open, PushEntry
from pushctl.manifest.yaml.positions import Path

_SHOWN = (("message", "title"), ("message", "body"), ("sms", "params"), ("live_activity", "state"))
LOADED = (("message", "open"), ("message", "image"), ("message", "icon"))
_READ = (("message", "extras"), ("message", "transparent_payload"), ("raw",))  # by the app
_WEB = re.compile("(?i)https?:")


def written(entry: PushEntry) -> Iterator[tuple[Path, str]]:
    """Yield every text of an entry, and where it stands; targets are not among them."""
    return _below(entry, (*_SHOWN, *LOADED, *_READ, ("description",)))


def shown(entry: PushEntry) -> Iterator[tuple[Path, str]]:
    """Yield every text that people read."""
    return _below(entry, _SHOWN)


def addresses(entry: PushEntry) -> Iterator[tuple[Path, str]]:
    """Yield every address: the link, its pictures, and those that only the app knows of."""
    yield from _below(entry, LOADED)
    yield from (item for item in _below(entry, (*_SHOWN, *_READ)) if _WEB.match(item[1]))


def _below(entry: PushEntry, paths: Iterable[tuple[str, ...]]) -> Iterator[tuple[Path, str]]:
    for path in paths:
        value: Any = entry
        for name in path:
            value = getattr(value, name, None)
        if isinstance(value, str):
            yield path, value
        elif value:
            yield from _inside(path, value)


def _inside(path: Path, value: Any) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    elif value and isinstance(value, dict | list | Open | Images | Icons):
        for key, item in enumerate(value) if isinstance(value, list) else dict(value).items():
            yield from _inside((*path, key), item)
