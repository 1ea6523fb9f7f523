"""Values of a manifest in a sentence."""

from __future__ import annotations

import json

SHOWN = 60


def quoted(text: str) -> str:
    """Put a text in double quotes, shortened to 60 characters; control characters are escaped."""
    short = text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"
    return json.dumps(short, ensure_ascii=False)
