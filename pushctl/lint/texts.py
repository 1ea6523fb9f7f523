"""What people write into an entry: the texts to read, and the addresses to open or load."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pushctl.manifest.schema.fields import Model
from pushctl.manifest.schema.models import PushEntry
from pushctl.manifest.yaml.positions import Path
from pushctl.text.regex import regex

Texts = tuple[tuple[Path, str], ...]
"""Where each text stands in its entry, and what it says."""
_SHOWN = {("message", "title"), ("message", "body"), ("sms", "params"), ("live_activity", "state")}
LOADED = {("message", "open"), ("message", "image"), ("message", "icon")}
_OTHERS = {("message", "extras"), ("message", "transparent_payload"), ("raw",), ("description",)}
_ALL = tuple(sorted(_SHOWN | LOADED | _OTHERS))
_WEB = regex("(?i)https?:")


def written(entry: PushEntry) -> Texts:
    """Return every text of an entry; targets are not among them."""
    return tuple(_below(entry))


def shown(texts: Texts) -> Iterator[tuple[Path, str]]:
    """Yield every text that people read."""
    return (item for item in texts if item[0][:2] in _SHOWN)


def addresses(texts: Texts) -> Iterator[tuple[Path, str]]:
    """Yield every address: the link, its pictures, and those that only the app knows of."""
    for path, text in texts:
        if path[:2] in LOADED or (path[0] != "description" and _WEB.match(text)):
            yield path, text


def _below(entry: PushEntry) -> Iterator[tuple[Path, str]]:
    for path in _ALL:
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
    elif isinstance(value, Model):
        yield from _inside(path, value.data(defaults=False))
    elif value and isinstance(value, dict | list):
        for key, item in enumerate(value) if isinstance(value, list) else value.items():
            yield from _inside((*path, key), item)
