"""Says in plain words which field of a document is wrong, and why."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any


def explained(mistake: Mapping[str, Any]) -> str:
    """Returns the place of a mistake as pydantic describes it, parted by dots, and what it is."""
    words = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    facts = mistake.get("ctx", {})
    said = words.get(facts.get("pattern", mistake["type"]), "cannot be read").format(**facts)
    return ": ".join(filter(None, (".".join(map(str, mistake["loc"])), said)))
