"""What one violation of the schema is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from pushctl.manifest.yaml.positions import Path

DAYS = "days"
"""The rule that a list of days breaks as a whole."""


class ValidationError(Struct, frozen=True):
    """A keyword of the schema that data violates: where, and what stands there.

    `expected` is the keyword's value and `schema` the part of the schema that has it; `is_key` if
    the error is about a key of the map at `path`, and `value` is that key.
    """

    rule: str
    path: Path
    value: Any
    expected: Any
    schema: Mapping[str, Any]
    is_key: bool = False

    @property
    def hint(self) -> str | None:
        """Return what the schema itself says to type."""
        hint = self.schema.get("errorMessage")
        return hint[0].lower() + hint[1:].rstrip(".") if isinstance(hint, str) else None
