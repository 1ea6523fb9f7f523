"""Where text goes: results to stdout, talk to stderr; colour and width of the terminal."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
from collections.abc import Callable, Mapping
from typing import NamedTuple, TextIO, cast

from pushctl.masking import masked
from pushctl.text.style import Style
from pushctl.text.width import fold


class Output(NamedTuple):
    """The two streams of a command. `quiet` silences talk, never results or errors."""

    color: str = "auto"
    quiet: bool = False
    verbose: bool = False

    @property
    def style(self) -> Style:
        """How to decorate what goes to stdout."""
        return Style(colored(self.color, sys.stdout, os.environ), cells(sys.stdout))

    @property
    def talk_style(self) -> Style:
        """How to decorate what goes to stderr."""
        return Style(colored(self.color, sys.stderr, os.environ), cells(sys.stderr))

    def result(self, text: str) -> None:
        """Write what the command was asked for."""
        sys.stdout.write(text)
        sys.stdout.flush()

    def show(self, text: str) -> None:
        """Write what the command was asked for, for people: folded to their terminal."""
        self.result(fold(text, cells(sys.stdout)))

    def talk(self, text: str) -> None:
        """Write what a person may like to know meanwhile."""
        if not self.quiet:
            self.alarm(text)

    def alarm(self, text: str) -> None:
        """Write what a person must know, folded to the terminal."""
        sys.stdout.flush()
        shown = fold(text, cells(sys.stderr))
        sys.stderr.write(shown if shown.endswith("\n") else shown + "\n")
        sys.stderr.flush()


def colored(choice: str, stream: TextIO, environ: Mapping[str, str]) -> bool:
    """Decide about colour: the flag, then NO_COLOR, FORCE_COLOR, CLICOLOR_FORCE, the terminal."""
    if choice != "auto":
        return choice == "always"
    if environ.get("NO_COLOR"):
        return False
    if environ.get("FORCE_COLOR") or environ.get("CLICOLOR_FORCE", "0") != "0":
        return True
    return stream.isatty() and environ.get("TERM") != "dumb" and environ.get("CLICOLOR") != "0"


def cells(stream: TextIO) -> int | None:
    """Return how wide a terminal is; None for anything that is not one."""
    return columns(stream) if stream.isatty() else None


def columns(stream: TextIO) -> int:
    """Return the width of a stream's terminal; 80 for what is none, and `COLUMNS` before all."""
    with contextlib.suppress(ValueError, OSError):
        wanted = int(os.environ.get("COLUMNS") or 0)
        return wanted or os.get_terminal_size(stream.fileno()).columns
    return 80


class Unfailing:
    """A text stream that never fails: once something cannot be written, all of it is dropped.

    A command that has begun to change something must go on to its end without a reader. `failure`
    is why it is dropped; that the reader went away is no reason.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.failure: OSError | None = None

    def write(self, text: str) -> int:
        """Write, or drop."""
        self._try(self._stream.write, text)
        return len(text)

    def flush(self) -> None:
        """Flush, or drop."""
        if not self._stream.closed:  # as the language server leaves it
            self._try(self._stream.flush)

    def _try(self, do: Callable[..., object], *what: str) -> None:
        try:
            do(*what)
        except OSError as error:
            self.failure = self.failure if error.errno == errno.EPIPE else error
            # What is buffered goes nowhere, too: at the end of the process it would fail again.
            with contextlib.suppress(OSError):
                descriptor = self._stream.fileno()
                os.dup2(os.open(os.devnull, os.O_WRONLY), descriptor)

    def __getattr__(self, name: str) -> object:
        return getattr(self._stream, name)


def make_streams_safe() -> None:
    """Write UTF-8 whatever the locale says, never fail, show no credential."""
    # A stream that was closed before we started is None; writing nowhere is what was asked for.
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115  (as long as we live)
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115  (as long as we live)
    if sys.platform == "win32":
        from colorama import just_fix_windows_console  # noqa: PLC0415  (click brings it there)

        just_fix_windows_console()
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace", newline="\n")
    sys.stdout = masked(cast(TextIO, Unfailing(sys.stdout)))
    sys.stderr = masked(cast(TextIO, Unfailing(sys.stderr)))
