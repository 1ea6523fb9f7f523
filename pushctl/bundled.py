"""Files that a wheel carries inside the package and a checkout has in its top folder."""

from __future__ import annotations

from pathlib import Path


def read(path: str) -> str:
    """Return the text of a file by its path from the top folder, such as `schemas/x.json`."""
    from importlib import resources  # noqa: PLC0415  (not free, and few commands need it)

    packaged = resources.files("pushctl") / "_bundled" / path
    if packaged.is_file():
        return packaged.read_text("utf-8")
    return (Path(__file__).parent.parent / path).read_text("utf-8")
