"""Says in plain words which field of a document is wrong, and why."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pydantic import ValidationError


def explained(error: ValidationError) -> str:
    """Returns the place of the first mistake, parted by dots, and what is wrong there."""
    first = error.errors(include_url=False, include_input=False)[0]
    words = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
    facts = first.get("ctx", {})
    said = words.get(facts.get("pattern", first["type"]), "cannot be read").format(**facts)
    return ": ".join(filter(None, (".".join(map(str, first["loc"])), said)))
