"""Snapshots: a state as a file with a checksum of its own, read strictly and replaced whole."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

from msgspec import MsgspecError
from msgspec.json import decode

from pushctl.atomic_write import replace_file
from pushctl.errors import StateError, StateFormatError, StateMovedError
from pushctl.regular_file import read_regular
from pushctl.state.codec import VERSION, decode_state, encode_state, readable
from pushctl.state.decoding import FormatError, NewerFormatError, short
from pushctl.state.state import State
from pushctl.text.regex import regex

RESTORE = "pushctl state restore"


def contents(path: Path, what: str, *, follow: bool = True) -> bytes | None:
    """Return what is in a file, None if there is none; raises `StateError` with a way out."""
    try:
        return read_regular(path, follow=follow)
    except FileNotFoundError:
        return None
    except OSError as error:
        detail = f"{path}: {error.strerror}"
        fix = f"make it a file that can be read, or move it away and: {RESTORE}"
        raise StateError(f"The {what} cannot be read", detail, fix=fix) from error


def read(path: Path) -> State | None:
    """Return the state in a file, None if there is no file.

    Raises `StateFormatError` for one that is damaged or newer, `StateError` if it cannot be read.
    """
    raw = contents(path, "state file")
    return None if raw is None else decoded(path, raw)


def decoded(path: Path, raw: bytes, *, sealed: bool = True) -> State:
    """Return the state in what a file holds; raises `StateFormatError`, `StateMovedError`."""
    try:
        document = _parsed(raw)
        if isinstance(document, dict) and isinstance(document.get("moved"), str):
            raise StateMovedError.between(path.name, document["moved"])
        return decode_state(document, sealed=sealed)
    except NewerFormatError as error:
        raise StateFormatError(
            "The state file was written by a newer pushctl",
            f"{path.name}: {error}",
            fix="upgrade pushctl; an older one must not touch this file",
        ) from error
    except (FormatError, ValueError, RecursionError) as error:
        detail = f"{path.name}: {short(str(error)) or 'too deep'}"
        fix = f"{RESTORE} (do not delete it: everything would look new)"
        raise StateFormatError("The state file is damaged", detail, fix=fix) from error


def _parsed(raw: bytes) -> Any:
    """Read JSON; what is usual in half the time, what only Python's reader takes by that."""
    with contextlib.suppress(MsgspecError):
        return decode(raw)
    return json.loads(raw)


def check_here(*paths: Path) -> None:
    """Raise `StateMovedError` if a file says so; whatever else is wrong with it is no matter."""
    for path in paths:
        try:
            read(path)
        except StateMovedError:
            raise
        except StateError:
            continue


HEAD = regex(rb'\s*\{\s*"version": ?\d+,\s*"serial": ?(\d{1,15}),')
"""How a snapshot begins that nobody laid out differently."""


def serial(path: Path) -> int:
    """Return the serial of the snapshot in a file, 0 if there is none. Decodes nothing else."""
    try:
        found = HEAD.match(read_regular(path))
    except OSError:
        return 0
    return int(found[1]) if found else 0


def write_moved(path: Path, state: State, to: str) -> None:
    """Replace the file by one that says where the state is now; raises OSError.

    Earlier versions take it for one of a newer pushctl, and touch nothing.
    """
    told = {"version": VERSION + 1, "serial": state.serial, "lineage": state.lineage, "moved": to}
    replace_file(path, json.dumps(told, indent=2).encode("ascii") + b"\n")


def write(path: Path, state: State) -> None:
    """Replace the file; raises OSError or `StateError`, and leaves the former one."""
    data = readable(state, encode_state, decode_state, indent=2, ensure_ascii=False)
    replace_file(path, data + b"\n")
