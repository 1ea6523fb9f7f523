"""What the global options say."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, field
from pathlib import Path

from pushctl.cli.debug_log import Debug
from pushctl.cli.output import Output
from pushctl.errors import ConfigError

MANIFEST = "pushctl.yaml"
"""What the root manifest is called where nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class GlobalOptions:
    """What the global options say. `file` is the root manifest, relative to `folder`.

    `lang` is None where the manifest decides about the language.
    """

    folder: Path
    file: str
    env: str | None
    output: Output
    now: str | None = None
    debug: Debug = field(default_factory=Debug)
    lang: str | None = None

    @property
    def existing_folder(self) -> Path:
        """The folder; raises `ConfigError` if there is none."""
        if not self.folder.is_dir():
            raise ConfigError("There is no such folder", str(self.folder), fix="correct -C")
        return self.folder

    @property
    def state_name(self) -> str:
        """What the state is called; an environment has a state of its own."""
        return f"pushctl.{self.env}" if self.env else "pushctl"

    @property
    def typed(self) -> str:
        """How a command for the same place begins, ready to paste into a shell."""
        words = ["pushctl"]
        if self.folder != Path("."):
            words += ["-C", str(self.folder)]
        if self.file != MANIFEST:
            words += ["-f", self.file]
        if self.env:
            words += ["--env", self.env]
        return shlex.join(words)
