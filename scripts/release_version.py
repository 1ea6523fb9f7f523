"""Check that a tag may be released: it is the version, which the changelog and `init` know."""

from __future__ import annotations

import re
import sys
from pathlib import Path

VERSION = re.search(r'__version__ = "(.+)"', Path("pushctl/__init__.py").read_text("utf-8"))[1]


def problems(tag: str) -> list[str]:
    """Return what keeps a tag such as `v1.2.3` from being released."""
    found = []
    if tag != f"v{VERSION}":
        found.append(f"The tag is {tag}, and pushctl/__init__.py says {VERSION}.")
    if not re.search(rf"(?m)^## {re.escape(VERSION)}\b", Path("CHANGELOG.md").read_text("utf-8")):
        found.append(f"CHANGELOG.md has no section `## {VERSION}`.")
    if not Path("pushctl/templates/earlier", VERSION).is_dir():
        found.append(f"pushctl/templates/earlier/{VERSION} is not there: `make golden` writes it.")
    return found


if __name__ == "__main__":
    sys.exit("\n".join(problems(sys.argv[1])) or 0)
