"""Snapshots: a state as a file with a checksum of its own, read strictly and replaced whole."""

from __future__ import annotations

import json
from pathlib import Path

from pushctl.atomic_write import replace_file
from pushctl.errors import StateError, StateFormatError
from pushctl.state.codec import decode_state, encode_state
from pushctl.state.decoding import FormatError, NewerFormatError
from pushctl.state.state import State

RESTORE = "pushctl state restore"


def read(path: Path) -> State | None:
    """Return the state in a file, None if there is no file.

    Raises `StateFormatError` for one that is damaged or newer, `StateError` if it cannot be read.
    """
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise StateError("The state file cannot be read", f"{path}: {error.strerror}") from error
    try:
        return decode_state(json.loads(raw))
    except NewerFormatError as error:
        raise StateFormatError(
            "The state file was written by a newer pushctl",
            f"{path.name}: {error}",
            fix="upgrade pushctl; an older one must not touch this file",
        ) from error
    except (FormatError, ValueError, RecursionError) as error:
        raise StateFormatError(
            "The state file is damaged",
            f"{path.name}: {_short(error)}",
            fix=f"{RESTORE} (do not delete it: everything would look new)",
        ) from error


def write(path: Path, state: State) -> None:
    """Replace the file; raises OSError and leaves the former one. See `replace_file`."""
    text = json.dumps(encode_state(state), indent=2, ensure_ascii=False) + "\n"
    replace_file(path, text.encode("utf-8", "surrogatepass"))


def _short(error: Exception) -> str:
    return str(error).splitlines()[0][:200] if str(error) else type(error).__name__
