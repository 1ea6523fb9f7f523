"""What an apply reports while it runs, and what it amounts to in the end. Pure data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec import Struct, field

from pushctl.plan.change import Action


class Progress(Struct, frozen=True):
    """One thing that just happened. `type` is stable: scripts read it from the JSON lines.

    `at` is in epoch seconds. `task` is the service's id where it is known. `data` holds what only
    some types have.
    """

    type: str
    at: float
    id: str | None = None
    task: str | None = None
    data: Mapping[str, Any] = field(default_factory=dict)


class Failure(Struct, frozen=True):
    """A change that did not happen, or only in part; nothing about it is in doubt."""

    id: str
    reason: str
    fix: str | None = None


class ApplyResult(Struct, frozen=True):
    """What an apply did. `done` counts entries, as the plan does."""

    done: Mapping[Action, int]
    failures: tuple[Failure, ...]
    in_doubt: tuple[Failure, ...]
    interrupted: bool
    denied: bool
    tasks_created: int
    tasks_cancelled: int
