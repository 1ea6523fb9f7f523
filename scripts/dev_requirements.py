"""Print the requirements of the `dev` dependency group (PEP 735), for any version of pip."""

from __future__ import annotations

import tomllib
from pathlib import Path

GROUPS = tomllib.loads(Path("pyproject.toml").read_text("utf-8"))["dependency-groups"]


def expanded(name: str) -> list[str]:
    """Return a group's requirements, included groups first."""
    found: list[str] = []
    for item in GROUPS[name]:
        found += expanded(item["include-group"]) if isinstance(item, dict) else [item]
    return found


print("\n".join(dict.fromkeys(expanded("dev"))))
