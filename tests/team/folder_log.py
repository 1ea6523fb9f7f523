"""A chain in a folder that processes share: one file for each entry, for tests without a server."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from unittest import mock

from pushctl.cli import state_engine
from pushctl.state.chain.log import Done, PutOutcome, SlotLog, Stored, Taken

SCHEME = "folder:"


class FolderLog:
    """The contract is `pushctl.state.chain.log.SlotLog`."""

    poll = 0.05

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.address = f"{SCHEME}{folder}"
        folder.mkdir(parents=True, exist_ok=True)

    def _path(self, slot: int) -> Path:
        return self._folder / f"{slot:08d}"

    def read(self, after: int | None) -> Sequence[Stored]:
        slots = sorted(int(path.name) for path in self._folder.iterdir() if path.name.isdigit())
        wanted = [slot for slot in slots if slot > (after or 0)]
        return [Stored(slot, self._path(slot).read_bytes()) for slot in wanted]

    def put(self, slot: int, body: bytes) -> PutOutcome:
        descriptor, name = tempfile.mkstemp(dir=self._folder, prefix=".")
        try:
            with open(descriptor, "wb") as file:
                file.write(body)
            os.link(name, self._path(slot))
        except FileExistsError:
            return Taken()
        finally:
            os.unlink(name)
        return Done()

    def trim(self, slot: int) -> None:
        return None


def known() -> Any:
    """Let commands of this process know the engine."""
    real = state_engine.open_log

    def open_log(address: str, *more: Any) -> SlotLog:
        if address.startswith(SCHEME):
            return FolderLog(Path(address.removeprefix(SCHEME)))
        return real(address, *more)

    return mock.patch.object(state_engine, "open_log", open_log)


if __name__ == "__main__":
    from pushctl.__main__ import main

    with known():
        sys.exit(main())
