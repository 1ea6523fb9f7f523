"""An engine for jobs: entries are files beside the objects of the repository that `origin` is.

It stands in for the engines at a code host. What they do is tested with them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pushctl.cli.state_engine import ENGINES
from pushctl.state.chain.log import Done, PutOutcome, Stored, Taken


@dataclass
class FolderLog:
    """The contract is `pushctl.state.chain.log.SlotLog`."""

    folder: Path
    address: str
    poll: float = 0.05

    def read(self, after: int | None) -> Sequence[Stored]:
        paths = sorted(self.folder.glob("[0-9]*"))
        return [Stored(int(path.name), path.read_bytes()) for path in paths][after or 0 :]

    def put(self, slot: int, body: bytes) -> PutOutcome:
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.folder, prefix="new-") as file:
            file.write(body)
            file.flush()
            try:
                os.link(file.name, self.folder / f"{slot:08}")
            except FileExistsError:
                return Taken()
        return Done()

    def trim(self, slot: int) -> None:
        pass


def open_log(address: str, *, suffix: str, folder: Path, environ: Mapping[str, str]) -> FolderLog:
    def git(*arguments: str) -> str:
        done = subprocess.run(["git", *arguments], cwd=folder, capture_output=True, check=True)
        return done.stdout.decode().strip()

    bare = Path(git("config", "remote.origin.url").removeprefix("file://"))
    place = f"{git('rev-parse', '--show-prefix')}{address}{suffix}".replace("/", "-")
    return FolderLog(bare / "state" / place, address)


def install() -> None:
    """Take the place of the engines at code hosts, in this process."""
    ENGINES.update({"git+origin": "shared", "gitlab": "shared"})
    sys.modules["pushctl.state.shared.log"] = sys.modules[__name__]
