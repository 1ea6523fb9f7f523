"""Where text goes: results to stdout, talk to stderr; colour and width of the terminal."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TextIO

from pushctl.masking import masked
from pushctl.text.style import Style


@dataclass(frozen=True, slots=True)
class Output:
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

    def talk(self, text: str) -> None:
        """Write what a person may like to know meanwhile."""
        if not self.quiet:
            self.alarm(text)

    def alarm(self, text: str) -> None:
        """Write what a person must know."""
        sys.stdout.flush()
        sys.stderr.write(text if text.endswith("\n") else text + "\n")
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
    return shutil.get_terminal_size().columns if stream.isatty() else None


def make_streams_safe() -> None:
    """Write UTF-8 whatever the locale says, never fail on a lone surrogate, show no credential."""
    # A stream that was closed before we started is None; writing nowhere is what was asked for.
    sys.stdout = sys.stdout or open(os.devnull, "w")  # noqa: SIM115  (as long as we live)
    sys.stderr = sys.stderr or open(os.devnull, "w")  # noqa: SIM115  (as long as we live)
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(encoding="utf-8", errors="backslashreplace")
    sys.stdout, sys.stderr = masked(sys.stdout), masked(sys.stderr)
