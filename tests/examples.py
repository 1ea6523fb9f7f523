"""How many examples a property is tried with: half of them where longer proofs are left out."""

from __future__ import annotations

from hypothesis import settings


def share(examples: int) -> int:
    """Return the number of examples for this run, of a number that is meant for `make prove`."""
    return examples * settings.default.max_examples // 100
