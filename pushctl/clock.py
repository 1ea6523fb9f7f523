"""The time that a command goes by."""

from __future__ import annotations

from typing import Protocol


class Clock(Protocol):
    """The time that a command goes by."""

    def now(self) -> float:
        """Return epoch seconds."""

    def sleep(self, seconds: float) -> None:
        """Let time pass, until the end or until somebody asks to stop."""
