"""Where lines went that no version takes in any more: files beside the manifest that it leaves out.

Whoever renames a file so that no `include` fits it cancels what is in it, and the edit looks as if
nothing was taken out.
"""

from __future__ import annotations

import glob
from collections.abc import Callable, Collection, Iterator
from pathlib import PurePosixPath

from pushctl.manifest.diff.written import Spot, bare, bare_lines_of, find, lines_of
from pushctl.manifest.files.reader import FileProblem, Files
from pushctl.plan.origin import LEFT_OUT, Lines

MOST = 200
"""Files that are looked at."""


class LeftOut:
    """Looks for entries in files that a manifest does not take in.

    `included` are the names of those that it does; `text` returns what a file holds.
    """

    def __init__(
        self, files: Files, included: Collection[str], text: Callable[[str], str | None]
    ) -> None:
        self._files = files
        self._included = included
        self._text = text
        self._known: dict[str, tuple[str, ...]] = {}

    def find(self, entry: Spot) -> Lines | None:
        """Return where an entry that is gone stands now, if it stands anywhere.

        Somewhere else all of it has to be there; in a file of the same name but for the ending, its
        first line is enough.
        """
        wanted = bare(entry.lines)
        for name in self._beside(entry.file):
            text = self._text(name) or ""
            alike = _stem(name) == _stem(entry.file)
            if find(wanted[:1] if alike else wanted, bare_lines_of(text)) is not None:
                number = next(
                    at for at, line in enumerate(lines_of(text), 1) if line.strip() == wanted[0]
                )
                return Lines(name, number, number, LEFT_OUT)
        return None

    def _beside(self, name: str) -> tuple[str, ...]:
        """Return the files that may hold what was in another one."""
        if name not in self._known:
            folder = glob.escape(str(PurePosixPath(name).parent))
            near = "*" if folder == "." else f"{folder}/*"
            found = dict.fromkeys(
                item
                for pattern in (near, f"**/{glob.escape(_stem(name))}*", "**/*.y*ml*")
                for item in self._matching(pattern)
            )
            self._known[name] = tuple(found)[:MOST]
        return self._known[name]

    def _matching(self, pattern: str) -> Iterator[str]:
        try:
            names = self._files.matches(pattern)
        except FileProblem:
            return  # there are too many to look at
        yield from (
            name for name in names if name not in self._included and not name.startswith(".git/")
        )


def _stem(name: str) -> str:
    """Return the name of a file up to its first ending, without a dot that hides it."""
    return PurePosixPath(name).name.lstrip(".").partition(".")[0]
