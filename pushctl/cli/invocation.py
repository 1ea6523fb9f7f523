"""What the global options say."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from pushctl.cli.debug import Debug
from pushctl.cli.output import Output


@dataclass(frozen=True, slots=True)
class Invocation:
    """What the global options say."""

    folder: Path
    file: str
    env: str | None
    output: Output
    now: str | None = None
    debug: Debug = field(default_factory=Debug)
