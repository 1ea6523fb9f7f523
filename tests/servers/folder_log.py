"""An engine without a server: one file per entry, which only one writer can create."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from pushctl.cli import state_engine
from pushctl.state.chain.log import Done, PutOutcome, Stored, Taken


@dataclass
class FolderLog:
    """The contract is `pushctl.state.chain.log.SlotLog`."""

    folder: Path
    poll: float = 0.01

    @property
    def address(self) -> str:
        return f"folder:{self.folder}"

    def read(self, after: int | None) -> Sequence[Stored]:
        paths = sorted(self.folder.glob("[0-9]*"))
        return [Stored(int(p.name), p.read_bytes()) for p in paths if int(p.name) > (after or 0)]

    def put(self, slot: int, body: bytes) -> PutOutcome:
        self.folder.mkdir(parents=True, exist_ok=True)
        try:
            with (self.folder / f"{slot:06}").open("xb") as file:
                file.write(body)
        except FileExistsError:
            return Taken()
        return Done()

    def trim(self, slot: int) -> None:
        pass


def open_log(address: str, *, suffix: str, folder: Path, environ: Mapping[str, str]) -> FolderLog:
    return FolderLog(folder / (address.removeprefix("folder:") + suffix))


@pytest.fixture
def folder_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let `folder:NAME` be the address of a state, beside the manifest."""
    monkeypatch.setitem(state_engine.ENGINES, "folder", "folder")
    monkeypatch.setitem(sys.modules, "pushctl.state.folder.log", sys.modules[__name__])
