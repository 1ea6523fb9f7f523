"""What a bad disk, an editor or a merge makes of a file, as strategies of its bytes.

`damaged` knows nothing of the format. `reshaped` changes values and makes checksums fit, so that
what reads the values behind the checksum is reached.
"""

from __future__ import annotations

import copy
import hashlib
import json
import operator
from collections.abc import Callable
from functools import reduce
from typing import Any

from hypothesis import strategies as st

from pushctl.push.identity import digest

Bytes = st.SearchStrategy[bytes]
Path = tuple[Any, ...]

JUNK = (b"\0", b"\xff", b"\xed\xa0\x80", b"\n", b"{", b"[" * 5000, b"9" * 5000, b"NaN", b'"', b",")
WHOLE: tuple[Callable[[bytes], bytes], ...] = (
    lambda raw: b"",
    lambda raw: b"\n",
    lambda raw: b"\xef\xbb\xbf" + raw,
    lambda raw: raw.replace(b"\n", b"\r\n"),
    lambda raw: raw.decode("utf-8", "replace").encode("utf-16"),
    lambda raw: raw + raw,
    lambda raw: b"[" * 100_000,
    lambda raw: b'{"a":' * 100_000,
    lambda raw: b"1" * 10_000,
    lambda raw: b"<<<<<<< HEAD\n" + raw + b"=======\n" + raw + b">>>>>>> main\n",
)


def damaged(raw: bytes) -> Bytes:
    """Draw what chance makes of a file."""
    place = st.integers(0, len(raw))
    return st.one_of(
        st.sampled_from(WHOLE).map(lambda change: change(raw)),
        place.map(lambda at: raw[:at]),
        st.tuples(place, st.integers(0, 7)).map(
            lambda item: (
                raw[: item[0]]
                + bytes(byte ^ 1 << item[1] for byte in raw[item[0] : item[0] + 1])
                + raw[item[0] + 1 :]
            )
        ),
        st.tuples(place, st.integers(0, 300), st.sampled_from(JUNK) | st.binary(max_size=9)).map(
            lambda item: raw[: item[0]] + item[2] + raw[item[0] + item[1] :]
        ),
    )


def deep(depth: int) -> Any:
    return reduce(lambda value, _: [value], range(depth), 1)


SHAPES = st.recursive(
    st.sampled_from([None, True, False, 0, -1, 1.5, 2**53 + 1, 10**4000, "", "x", [], {}])
    | st.sampled_from(["3000-01-01T00:00:00Z", "-999-01-01", "24:00", "now", "loop", "\ud800", "9"])
    | st.sampled_from([float("nan"), float("inf"), "y" * 100_000, "2026-01-01T00:00:00"])
    | st.integers()
    | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
    ),
    max_leaves=5,
) | st.just(100).map(deep)


def places(value: Any, path: Path = ()) -> list[Path]:
    """Return the way to everything within a document."""
    inside = value.items() if isinstance(value, dict) else enumerate(value)
    found: list[Path] = []
    for key, item in inside:
        found.append((*path, key))
        if isinstance(item, dict | list):
            found += places(item, (*path, key))
    return found


@st.composite
def other(draw: st.DrawFn, document: Any) -> Any:
    """Draw a document with some values exchanged, gone, or under another name."""
    document = copy.deepcopy(document)
    for _ in range(draw(st.integers(1, 3))):
        found = places(document)
        if not found:
            return document
        *parents, last = draw(st.sampled_from(found))
        place = reduce(operator.getitem, parents, document)
        match draw(st.sampled_from(["change", "change", "remove", "rename", "swap"])):
            case "change":
                place[last] = draw(SHAPES)
            case "remove":
                del place[last]
            case "rename" if isinstance(place, dict):
                place[draw(st.text(max_size=5))] = place.pop(last)
            case _:
                place[last] = copy.deepcopy(
                    reduce(operator.getitem, draw(st.sampled_from(found))[:1], document)
                )
    return document


def sealed(document: Any, name: str) -> bytes:
    """Write a document with a checksum that fits, under the name that its kind of file uses."""
    if isinstance(document, dict):
        body = {key: value for key, value in document.items() if key != name}
        document = {**body, name: digest(json.loads(json.dumps(body)))}
    return json.dumps(document).encode()


def line(document: Any) -> bytes:
    """Write a line of a journal with a checksum that fits."""
    text = json.dumps(document).encode()
    return hashlib.sha256(text).hexdigest()[:16].encode() + b" " + text + b"\n"


def reshaped_json(raw: bytes, name: str) -> Bytes:
    """Draw what a state file (`sha256`) or a saved plan (`seal`) may hold, its checksum right."""
    return other(json.loads(raw)).map(lambda document: sealed(document, name))


@st.composite
def reshaped_journal(draw: st.DrawFn, raw: bytes) -> bytes:
    documents = [json.loads(item.partition(b" ")[2]) for item in raw.splitlines()]
    return b"".join(map(line, draw(other(documents))))


@st.composite
def reshaped_history(draw: st.DrawFn, raw: bytes) -> bytes:
    documents = [json.loads(item) for item in raw.splitlines()]
    return b"".join(json.dumps(item).encode() + b"\n" for item in draw(other(documents)))


def reshaped(name: str, raw: bytes) -> Bytes:
    """Draw what a file of a state may hold, by its name."""
    if name.endswith(".journal"):
        return reshaped_journal(raw)
    if name.endswith(".history"):
        return reshaped_history(raw)
    return reshaped_json(raw, "sha256")
