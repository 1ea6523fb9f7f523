"""The state as earlier versions kept it on the branch: as files, taken over as a first entry."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from pushctl.state.chain.chain import KEPT_HISTORY
from pushctl.state.chain.entry import Entry, Snapshot, encode
from pushctl.state.file.store import FileStateStore

STATE = "state.json"
OTHERS = ("state.journal", "state.backup.json", "state.backup.journal", "state.history")


def marker(branch: str) -> bytes:
    """Return what stands in the place of the state beside a chain; earlier versions refuse it."""
    return json.dumps({"version": 2, "moved": f"git+origin:#{branch}"}).encode() + b"\n"


def first_entry(files: Mapping[str, bytes], name: str) -> bytes | None:
    """Return the first entry of a chain that goes on from files, by their names; None without any.

    It is the same wherever it is made. Raises what `FileStateStore.read` raises.
    """
    with TemporaryDirectory(prefix="pushctl-state-") as folder:
        for file, content in files.items():
            (Path(folder) / file).write_bytes(content)
        store = FileStateStore(Path(folder), name=name)
        state, history = store.read(), store.history()[-KEPT_HISTORY:]
    if state is None:
        return None
    nonce = hashlib.sha256(b"\n".join(files[file] for file in sorted(files))).hexdigest()[:16]
    at = history[-1].at if history else "1970-01-01T00:00:00Z"
    records = (Snapshot(state, None, history),)
    return encode(Entry(1, state.lineage, state.serial, "", nonce, at, None, records))
