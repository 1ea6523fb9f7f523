"""The published JSON Schemas, wherever this copy of pushctl keeps them."""

from __future__ import annotations

from importlib import resources
from pathlib import Path


def read(name: str) -> str:
    """Return the text of a schema: `manifest`, `plan` or `state`.

    A wheel carries them inside the package; a checkout has them in its top folder.
    """
    file = f"{name}.schema.json"
    packaged = resources.files("pushctl") / "_schemas" / file
    if packaged.is_file():
        return packaged.read_text("utf-8")
    return (Path(__file__).parent.parent / "schemas" / file).read_text("utf-8")
