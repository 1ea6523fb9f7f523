"""Progress on the terminal: live lines where there is one, a line per task elsewhere."""

from __future__ import annotations

import sys
import threading

from pushctl.apply.observe import Emit
from pushctl.apply.result import Progress
from pushctl.cli.output import Output
from pushctl.plan.change import cancels_of, creates_of
from pushctl.plan.plan import Plan
from pushctl.render import json_output
from pushctl.render.text import apply as apply_text
from pushctl.render.text.apply import Board
from pushctl.text.escape import terminal


def reporter(plan: Plan | None, output: Output, format: str) -> Emit:
    """Return what is told about every event of an apply. Safe to call from several threads."""
    mutex = threading.Lock()
    tell = _teller(plan, output, format)

    def emit(item: Progress) -> None:
        with mutex:
            tell(item)

    return emit


def _teller(plan: Plan | None, output: Output, format: str) -> Emit:
    if format == "jsonl":
        return lambda item: output.result(json_output.line(json_output.progress(item)))
    if output.quiet:
        return lambda item: None
    if sys.stderr.isatty() and plan is not None and not output.verbose:
        return LiveBoard(plan, output).take
    return lambda item: output.talk(text) if (text := apply_text.line(item)) else None


class LiveBoard:
    """A few lines at the bottom of the terminal that are drawn again at every event."""

    def __init__(self, plan: Plan, output: Output) -> None:
        self._output = output
        self._board = Board(
            {
                item.id: calls
                for item in plan.effective
                if (calls := len(creates_of(item)) + len(cancels_of(item)))
            }
        )
        self._drawn = 0

    def take(self, item: Progress) -> None:
        """Take one event in and draw."""
        self._board.update(item)
        if self._drawn:
            sys.stderr.write(f"\x1b[{self._drawn}A\x1b[J")
            self._drawn = 0
        # A lasting line for an entry that is done, and for everything unusual.
        if item.type == "entry.done":
            sys.stderr.write(f"{terminal(item.id or '')}: {item.data.get('action')} done\n")
        elif item.type in ("entry.failed", "task.create.unknown", "task.settled"):
            sys.stderr.write((apply_text.line(item) or "") + "\n")
        if item.type == "run.end":
            return
        lines = self._board.lines(self._output.talk_style)
        sys.stderr.write("".join(line + "\n" for line in lines))
        sys.stderr.flush()
        self._drawn = len(lines)
