"""What commands did to a state, as people look it up later: values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Note:
    """What a command knows of itself.

    `commit` is the one that the manifest was at, with `-dirty` behind it if the files that were
    read are not as they are there. `exit` is the exit code. `pushes` holds the ids of the entries
    that were changed, by what was done to them.
    """

    env: str = ""
    commit: str = ""
    exit: int | None = None
    pushes: Mapping[str, Sequence[str]] = field(default_factory=dict)


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

    def __str__(self) -> str:
        run = f", {self.run}" if self.run else ""
        return f"{self.what} ({self.who}@{self.host}, {self.at}{run})"

    def done_to(self, id: str) -> tuple[str, ...]:
        """Return the words for what was done to an entry, as far as that was written down."""
        return tuple(word for word, ids in self.pushes.items() if id in ids)

    def is_about(self, id: str) -> bool:
        """Tell whether it did something to an entry; earlier versions only had it in `what`."""
        return bool(self.done_to(id)) or (not self.pushes and id in self.what.split())
