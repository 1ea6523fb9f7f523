"""What an accepted push is, before it is stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

SIMPLE, TEMPLATE, BATCH, BROADCAST = range(4)


class Task(NamedTuple):
    """An accepted push; `targets` are message keys by target, fire times epoch milliseconds.

    `texts` are the parameters that differ for a target of a batch, by target. A broadcast has no
    targets and one message key.
    """

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
    message_keys: tuple[str, ...]
    kind: int = SIMPLE
    template: int | None = None
    texts: Mapping[str, Mapping[str, object]] = {}
