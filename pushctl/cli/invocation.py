"""What the global options say."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from pushctl.cli.output import Output


@dataclass(frozen=True, slots=True)
class Invocation:
    """What the global options say."""

    folder: Path
    file: str
    env: str | None
    output: Output
    now: str | None = None
