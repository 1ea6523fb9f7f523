"""What the options of plan and apply say, as a value."""

from __future__ import annotations

from msgspec import Struct


class PlanOptions(Struct, frozen=True):
    """What the options of plan and apply say: `selection` and `allowances`, by their names."""

    target: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    now_or_never: bool = False
    send_late: bool = False
    allow_immediate: bool = False
    force: bool = False
    max_cancels: int | None = None
    max_creates: int | None = None
    max_audience: int | None = None
