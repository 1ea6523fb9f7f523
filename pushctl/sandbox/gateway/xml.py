"""Writes answers as XML, as the gateway does for clients that sign by parameters."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html import escape

CONTENT_TYPE = "text/xml;charset=utf-8"

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*", re.ASCII)
_NO_NAME = re.compile(r"[^A-Za-z0-9_.-]", re.ASCII)
_NO_CHARACTER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def document(root: str, body: Mapping[str, object]) -> bytes:
    """Returns a JSON object as a document; the items of a list are elements of the same name."""
    text = "".join(_element(root, body))
    return f'<?xml version="1.0" encoding="UTF-8"?>{text}'.encode()


def _element(name: str, value: object) -> Iterator[str]:
    if isinstance(value, list):
        for item in value:
            yield from _element(name, item)
        return
    tag = name if _NAME.fullmatch(name) else "_" + _NO_NAME.sub("_", name)
    yield f"<{tag}>"
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _element(key, item)
    else:
        yield escape(_NO_CHARACTER.sub("\ufffd", _text(value)), quote=False)
    yield f"</{tag}>"


def _text(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)
