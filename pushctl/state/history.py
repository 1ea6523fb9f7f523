"""What commands did to a state, and when: the entries of its history, and their format."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct, field, to_builtins

from pushctl.state.decoding import get, mapping, typed
from pushctl.state.state import State

REQUIRED = ("at", "who", "host", "what")
MOST = 10**15
"""No serial gets there: beyond it, it is damage."""
OPTIONAL = ("run", "env", "commit", "request", "starter", "plan")


class HistoryEntry(Struct, frozen=True):
    """One change of a state.

    `at` is ISO 8601 in UTC; it, `who`, `host`, `run` (URL of the CI run), `request` (URL of the
    pull request) and `starter` (who started the run, if that is not `who`) are filled in by
    `StateStore.append_history`. `commit` is the one that the manifest was at, with `-dirty` behind
    it if the files that were read are not as they are there. `exit` is the exit code. `pushes` are
    the ids of the entries that were changed, by what was done to them. `made` is what `newest` says
    of the state that the command left, and `serial` the one of its snapshot; `append_history` knows
    it where it was the one to write it. `slot` is where it stands in a chain; 0 if it was
    written elsewhere, before the state moved. `plan` is the digest of the plan that was applied;
    `calls` are request ids of calls that changed something at the service, the first hundred at
    most. Lines of earlier versions have only the first five.
    """

    at: str = ""
    who: str = ""
    host: str = ""
    what: str = ""
    run: str = ""
    env: str = ""
    commit: str = ""
    request: str = ""
    starter: str = ""
    exit: int | None = None
    pushes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    made: tuple[int, int] | None = None
    serial: int | None = None
    slot: int | None = None
    plan: str = ""
    calls: Sequence[str] = ()

    def __str__(self) -> str:
        run = f", {self.run}" if self.run else ""
        return f"{self.what} ({self.who}@{self.host}, {self.at}{run})"

    def done_to(self, id: str) -> tuple[str, ...]:
        """Return the words for what was done to an entry, as far as that was written down."""
        return tuple(word for word, ids in self.pushes.items() if id in ids)

    def is_about(self, id: str) -> bool:
        """Tell whether it did something to an entry; earlier versions only had it in `what`."""
        return bool(self.done_to(id)) or (not self.pushes and id in self.what.split())


def encode_entry(entry: HistoryEntry) -> dict[str, Any]:
    """Return an entry as plain data, without what is empty."""
    always = (*REQUIRED, "run")
    return {
        name: value
        for name, value in to_builtins(entry).items()
        if name in always or value not in ("", {}, None, ())
    }


def decode_entry(document: Any) -> HistoryEntry:
    """Return the entry of a document, without what a later version added; raises `FormatError`."""
    data = mapping(document, "the entry")
    code, serial, slot = data.get("exit"), data.get("serial"), data.get("slot")
    return HistoryEntry(
        **{name: get(data, name, str) for name in REQUIRED},
        **{name: typed(data.get(name, ""), str, name) for name in OPTIONAL},
        exit=code if isinstance(code, int) else None,
        pushes={
            word: tuple(typed(id, str, word) for id in typed(ids, list, word))
            for word, ids in mapping(data.get("pushes", {}), "pushes").items()
        },
        made=_pair(data.get("made")),
        serial=serial if isinstance(serial, int) and 0 < serial < MOST else None,
        slot=slot if isinstance(slot, int) else None,
        calls=tuple(typed(id, str, "calls") for id in typed(data.get("calls", []), list, "calls")),
    )


def _pair(value: Any) -> tuple[int, int] | None:
    match value:
        case [int(one), int(other)]:
            return one, other
        case _:
            return None


def newest(state: State) -> tuple[int, int]:
    """Return when the newest live task was begun (epoch seconds), and how many were begun then.

    Grows with every task that is made, and with nothing else.
    """
    begun = [task.began_at for record in state.pushes.values() for task in record.live]
    latest = max(begun, default=0)
    return latest, begun.count(latest)


def is_whole(state: State, entries: Sequence[HistoryEntry]) -> bool:
    """Tell whether the newest tasks were made by an apply that went to its end.

    False where nobody knows: a history that was lost must not forbid to complete anything.
    """
    last = next((item for item in reversed(entries) if item.made is not None), None)
    return (
        last is not None and last.exit == 0 and last.made is not None and newest(state) <= last.made
    )
