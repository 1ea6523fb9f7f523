"""What commands did to a state, as people look it up later: values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from pushctl.state.state import State


@dataclass(frozen=True, slots=True)
class Note:
    """What a command knows of itself.

    `commit` is the one that the manifest was at, with `-dirty` behind it if the files that were
    read are not as they are there. `exit` is the exit code. `pushes` holds the ids of the entries
    that were changed, by what was done to them. `made` is what `newest` says of the state that it
    left.
    """

    env: str = ""
    commit: str = ""
    exit: int | None = None
    pushes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    made: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One change. `at` is ISO 8601 in UTC.

    `run` is the URL of the CI run, if any, `request` that of the pull request, and `starter` is who
    started the run where that is not `who`. The rest is as in `Note`. Lines of earlier versions
    have only the first five.
    """

    at: str
    who: str
    host: str
    what: str
    run: str = ""
    env: str = ""
    commit: str = ""
    request: str = ""
    starter: str = ""
    exit: int | None = None
    pushes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    made: tuple[int, int] | None = None

    def __str__(self) -> str:
        run = f", {self.run}" if self.run else ""
        return f"{self.what} ({self.who}@{self.host}, {self.at}{run})"

    def done_to(self, id: str) -> tuple[str, ...]:
        """Return the words for what was done to an entry, as far as that was written down."""
        return tuple(word for word, ids in self.pushes.items() if id in ids)

    def is_about(self, id: str) -> bool:
        """Tell whether it did something to an entry; earlier versions only had it in `what`."""
        return bool(self.done_to(id)) or (not self.pushes and id in self.what.split())


def newest(state: State) -> tuple[int, int]:
    """Return when the newest live task was begun (epoch seconds), and how many were begun then.

    Grows with every task that is made, and with nothing else.
    """
    begun = [task.began_at for record in state.pushes.values() for task in record.live]
    latest = max(begun, default=0)
    return latest, begun.count(latest)


def is_whole(state: State, entries: Sequence[Entry]) -> bool:
    """Tell whether the newest tasks were made by an apply that went to its end.

    False where nobody knows: a history that was lost must not forbid to complete anything.
    """
    last = next((item for item in reversed(entries) if item.made is not None), None)
    return (
        last is not None and last.exit == 0 and last.made is not None and newest(state) <= last.made
    )
