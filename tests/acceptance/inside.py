"""The real command line in this process, with virtual time: for stories that need no kill.

The same face as `tests.acceptance.cli.Project`, at a tenth of the cost of a process.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.acceptance.cli import Ran
from tests.faults.simulation import Simulation


class Inside:
    """A folder with a manifest, over a world."""

    def __init__(self, world: Simulation) -> None:
        self.world = world
        world.env["PUSHCTL_FORCE"] = "1"

    @property
    def folder(self) -> Path:
        return self.world.folder

    @property
    def url(self) -> str:
        """Where the service's own books are."""
        return self.world.sandbox.url

    def run(self, *arguments: str) -> Ran:
        ran = self.world.run(*arguments)
        assert ran.code is not None
        assert "has a bug" not in ran.err, ran
        return Ran(ran.code, ran.out, ran.err)

    def write(self, text: str, name: str = "pushctl.yaml") -> None:
        self.world.write(text, name)

    def state(self) -> Any:
        return self.world.state()
