"""What the global options say."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from pathlib import Path

from pushctl.cli.debug_log import Debug
from pushctl.cli.output import Output

MANIFEST = "pushctl.yaml"
"""What the root manifest is called where nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class Invocation:
    """What the global options say."""

    folder: Path
    file: str
    env: str | None
    output: Output
    now: str | None = None
    debug: Debug = field(default_factory=Debug)

    @property
    def state_name(self) -> str:
        """What the state files are called; an environment has files of its own."""
        return f"pushctl.{self.env}" if self.env else "pushctl"

    @property
    def typed(self) -> str:
        """How a command for the same place begins, ready to paste into a shell."""
        words = ["pushctl"]
        if self.folder != Path("."):
            words += ["-C", str(self.folder)]
        if self.env:
            words += ["--env", self.env]
        return shlex.join(words)
