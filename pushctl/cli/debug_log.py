"""What `--debug` adds on stderr: every call, and where an error came from.

It is meant to be attached to bug reports, so it holds no secret and, where targets are hashed,
no target. The last words of a command are cleaned by the same rules.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pushctl import __version__
from pushctl.masking import HIDDEN, mask, spellings, without_words
from pushctl.text.escape import terminal

if TYPE_CHECKING:
    from pushctl.mpaas.call_log import Call


class Debug:
    """The sink of one command; silent until it is switched on. Safe to use from several threads.

    `changed` has, spoken or not, the request ids of all calls that may have changed something.
    """

    def __init__(self) -> None:
        self._on = False
        self.changed: list[str] = []
        self._hidden: set[str] = set()

    def switch_on(self) -> None:
        """Speak from now on, beginning with what is speaking."""
        self._on = True
        self._say(f"pushctl {__version__}, Python {sys.version.split()[0]}, {sys.platform}")

    def hide(self, texts: Iterable[str]) -> None:
        """Never show these words."""
        self._hidden.update(texts)

    def call(self, call: Call) -> None:
        """Take note of one call to the service, and tell of it."""
        self.changed += [call.request_id] if call.effective else []
        if self._on:
            self._say(str(call))

    def error(self, error: BaseException) -> None:
        """Tell where an error came from, and from which other errors."""
        if self._on:
            self._say("\n".join(_story(error)))

    def clean(self, text: str) -> str:
        """Take out of a text what must never be shown, whoever put it there."""
        words = (spelled for word in self._hidden for spelled in spellings(word))
        return without_words(words, HIDDEN)(mask(text))

    def _say(self, text: str) -> None:
        now = datetime.now(UTC).strftime("%H:%M:%S.%f")[:-3]
        shown = terminal(self.clean(text), lines=True)
        lines = "".join(f"debug: {now} {line}\n" for line in shown.split("\n"))
        # One write, so that the lines of several threads do not mix.
        sys.stderr.write(lines)


def _story(error: BaseException) -> Iterator[str]:
    """Yield an error, the way it took, innermost call first, and what it came from.

    Neither source lines nor values: the ways through the program are enough to find the place.
    """
    import traceback  # noqa: PLC0415  (most commands have no error to tell of)

    seen: set[int] = set()
    link: BaseException | None = error
    while link is not None and id(link) not in seen:
        seen.add(id(link))
        yield f"{'from ' if link is not error else ''}{type(link).__name__}: {link}"
        for frame in reversed(traceback.extract_tb(link.__traceback__)):
            yield f"  {'/'.join(Path(frame.filename).parts[-3:])}:{frame.lineno} {frame.name}"
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
