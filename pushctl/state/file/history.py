"""Who changed the state when, by which command: one JSON line per change, for people."""

from __future__ import annotations

import contextlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pushctl.state.file.lock import holder
from pushctl.state.history import Entry, Note


def append(path: Path, what: str, environ: Mapping[str, str], note: Note | None = None) -> None:
    """Add a line. What happened has happened: a full disk must not make it look as if not."""
    me = holder(what, environ)
    known = {
        "at": me.since,
        "who": me.who,
        "host": me.host,
        "what": what,
        "run": me.run,
        "request": request_url(environ),
        "starter": starter(me.who, environ),
        **asdict(note or Note()),
    }
    always = ("at", "who", "host", "what", "run")
    line = {name: value for name, value in known.items() if name in always or value not in ("", {})}
    line = {name: value for name, value in line.items() if value is not None}
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC | os.O_NOFOLLOW
    with contextlib.suppress(OSError):
        descriptor = os.open(path, flags, 0o600)
        try:
            os.write(descriptor, json.dumps(line).encode("ascii") + b"\n")
        finally:
            os.close(descriptor)


def request_url(environ: Mapping[str, str]) -> str:
    """Return the address of the pull request that a CI run is for, or an empty text."""
    if environ.get("PUSHCTL_REQUEST_URL"):
        return environ["PUSHCTL_REQUEST_URL"]
    words = environ.get("GITHUB_REF", "").split("/")
    if words[:2] == ["refs", "pull"] and environ.get("GITHUB_REPOSITORY"):
        server = environ.get("GITHUB_SERVER_URL", "https://github.com")
        return f"{server}/{environ['GITHUB_REPOSITORY']}/pull/{words[2]}"
    project = environ.get("CI_MERGE_REQUEST_PROJECT_URL")
    number = environ.get("CI_MERGE_REQUEST_IID")
    return f"{project}/-/merge_requests/{number}" if project and number else ""


def starter(who: str, environ: Mapping[str, str]) -> str:
    """Return who started a CI run again, or on behalf of somebody else; empty if nobody did.

    GitHub keeps the first one as the actor; whoever presses the button is the triggering actor.
    """
    found = environ.get("GITHUB_TRIGGERING_ACTOR", "")
    return "" if found == who else found


def last(path: Path) -> Entry | None:
    """Return the newest line; None if there is none that can be read."""
    return next(reversed(entries(path)), None)


def entries(path: Path) -> tuple[Entry, ...]:
    """Return all lines that can be read, the newest last."""
    try:
        lines = path.read_text("utf-8", "replace").splitlines()
    except OSError:
        return ()
    found: list[Entry] = []
    for line in lines:
        with contextlib.suppress(ValueError, TypeError, KeyError, RecursionError):
            found.append(_entry(json.loads(line)))
    return tuple(found)


def _entry(line: Any) -> Entry:
    """Read one line; what a later version may have added is left out."""
    said = _map(line)
    code = said.get("exit")
    return Entry(
        **{name: _text(said[name]) for name in ("at", "who", "host", "what")},
        **{
            name: _text(said.get(name, ""))
            for name in ("run", "env", "commit", "request", "starter")
        },
        exit=code if isinstance(code, int) else None,
        made=_pair(said.get("made")),
        pushes={
            word: tuple(_text(id) for id in ids)
            for word, ids in _map(said.get("pushes", {})).items()
        },
    )


def _pair(value: Any) -> tuple[int, int] | None:
    match value:
        case [int(one), int(other)]:
            return one, other
        case _:
            return None


def _map(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError(value)
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(value)
    return value
