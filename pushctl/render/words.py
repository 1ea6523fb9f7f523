"""The signs, colours and words that `words.toml` holds, by topic."""

from __future__ import annotations

import tomllib
from typing import Any

from pushctl import bundled

WORDS: dict[str, Any] = tomllib.loads(bundled.read("pushctl/render/words.toml"))
