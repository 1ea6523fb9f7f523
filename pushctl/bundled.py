"""Files that a wheel carries inside the package and a checkout has in its top folder."""

from __future__ import annotations

from pathlib import Path


def read(path: str) -> str:
    """Return the text of a file by its path from the top folder, such as `schemas/x.json`."""
    here = Path(__file__).parent
    packaged = here / "_bundled" / path
    return (packaged if packaged.is_file() else here.parent / path).read_text("utf-8")
