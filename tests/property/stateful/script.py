"""A story as a script that tells it again."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from pathlib import Path

FOLDER = Path(os.environ.get("PUSHCTL_STORIES") or Path(tempfile.gettempdir()) / "pushctl-stories")
"""Where scripts are kept. Read at once, because tests clean the environment."""

NAME = "story.py"

HEAD = '''\
"""{reason}

Tell it again, in the root of the repository: python -m tests.property.stateful.replay FILE
"""

from tests.property.stateful.story import Story

with Story() as story:
'''


def call(name: str, arguments: Sequence[object], options: dict[str, object]) -> str:
    """Write one step as code; its arguments are plain values."""
    given = [repr(item) for item in arguments]
    given += [f"{key}={value!r}" for key, value in options.items()]
    return f"story.{name}({', '.join(given)})"


def text(calls: Sequence[str], reason: str) -> str:
    """Write the whole script."""
    line = " ".join(reason.split()).replace("\\", "/").replace('"', "'")
    body = calls or ["pass"]
    return HEAD.format(reason=line[:90]) + "".join(f"    {item}\n" for item in body)


def kept(script: str) -> Path:
    """Write a script to a file; the newest of a run takes the place of those before it."""
    path = FOLDER / NAME
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(script, "utf-8")
    return path
