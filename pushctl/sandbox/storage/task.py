"""What an accepted push is, before it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Task:
    """An accepted push; `targets` are message keys by target, fire times epoch milliseconds."""

    app: str
    workspace: str
    name: str
    title: str
    content: str
    delivery_type: int
    strategy_type: int
    targets: Mapping[str, str]
    params: Mapping[str, object]
    fire_times_ms: tuple[int, ...]
