"""Stores in a folder, as a command or a crash leaves them."""

from __future__ import annotations

import errno
from pathlib import Path

from pushctl.state.events import CreateBegan
from pushctl.state.file.store import FileStateStore
from pushctl.state.state import Phase
from tests.builders import desired, task


def opened(folder: Path, app: str = "app") -> FileStateStore:
    return FileStateStore(folder, app=app, workspace="workspace")


def began(id: str) -> CreateBegan:
    push = desired(id, title="Tïtle\n\u2028")
    record = task(push, phase=Phase.CREATING)
    return CreateBegan(id, record, push.fingerprint, push.spec, push.meta)


def filled(folder: Path, *ids: str) -> FileStateStore:
    store = opened(folder)
    with store.lock("test") as lease:
        for id in ids or ("a",):
            lease.record(began(id))
    return store


def killed(folder: Path, *ids: str) -> FileStateStore:
    """A store whose last command died before it could fold."""
    with opened(folder).lock("test") as lease:
        for id in ids:
            lease.record(began(id))
        left = {path: path.read_bytes() for path in folder.glob("pushctl.state.*")}
    for path in folder.glob("pushctl.state.*"):
        path.unlink()
    for path, content in left.items():
        path.write_bytes(content)
        path.chmod(0o600)
    return opened(folder)


def ids(store: FileStateStore) -> list[str]:
    found = store.read()
    return sorted(found.pushes) if found else []


def failing(*_: object) -> None:
    raise OSError(errno.EIO, "Input/output error")
