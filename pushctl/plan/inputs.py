"""What a diff is made under: the time, what the manifest asks for, what is allowed this time."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from pushctl.schedule.service_schedule import Horizon


class DiffOptions(Struct, frozen=True):
    """What the manifest says besides its entries, and what the person allows this time.

    `moved` maps the former id to the new one; `let_run` holds ids whose tasks run out uncancelled.
    `danger_window` and `renew_before` are in seconds.
    """

    moved: Mapping[str, str]
    let_run: frozenset[str] = frozenset()
    danger_window: int = 600
    renew_before: int = 30 * 86400
    now_or_never: bool = False
    send_late: bool = False
    allow_immediate: bool = False

    @property
    def margin(self) -> int:
        """Seconds before a delivery within which it is left alone this time."""
        return 0 if self.now_or_never else self.danger_window


class PlanContext(Struct, frozen=True):
    """Everything the diff needs to know about the moment. `now` is in epoch seconds.

    `label` turns a target into the name it has in the state: itself, or a salted digest.
    `zone_data` says by which time zone data the tasks were made, if by another edition.
    """

    now: int
    horizon: Horizon
    options: DiffOptions
    label: Callable[[str], str] = str
    zone_data: str | None = None
