"""An engine without a server: a folder that processes share, with a file for each entry.

`python -m tests.servers.folder_log` is `pushctl` that knows it.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from pushctl.cli.project import state_engine
from pushctl.state.chain.log import Done, PutOutcome, Stored, Taken

SCHEME = "folder"


@dataclass
class FolderLog:
    """The contract is `pushctl.state.chain.log.SlotLog`."""

    folder: Path
    poll: float = 0.01

    @property
    def address(self) -> str:
        return f"{SCHEME}:{self.folder}"

    def read(self, after: int | None) -> Sequence[Stored]:
        paths = sorted(self.folder.glob("[0-9]*"))
        return [Stored(int(p.name), p.read_bytes()) for p in paths if int(p.name) > (after or 0)]

    def put(self, slot: int, body: bytes) -> PutOutcome:
        self.folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=self.folder, prefix="new-") as file:
            file.write(body)
            file.flush()
            try:
                os.link(file.name, self.folder / f"{slot:06}")
            except FileExistsError:
                return Taken()
        return Done()

    def trim(self, slot: int) -> None:
        pass


def open_log(address: str, *, suffix: str, folder: Path, environ: Mapping[str, str]) -> FolderLog:
    """Open the folder of an address, beside the manifest if it is relative."""
    return FolderLog(folder / (address.removeprefix(f"{SCHEME}:") + suffix))


def register() -> None:
    """Let `folder:PATH` be the address of a state in this process."""
    state_engine.ENGINES[SCHEME] = SCHEME
    sys.modules["pushctl.state.folder.log"] = sys.modules[__name__]


@pytest.fixture
def folder_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `folder:PATH` be the address of a state, for one test."""
    monkeypatch.setitem(state_engine.ENGINES, SCHEME, SCHEME)
    monkeypatch.setitem(sys.modules, "pushctl.state.folder.log", sys.modules[__name__])


if __name__ == "__main__":
    from pushctl.__main__ import main

    register()
    sys.exit(main())
