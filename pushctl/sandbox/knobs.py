"""The knobs: switches for behaviour of the real service that is unknown or differs by account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo

from pushctl import time_zones
from pushctl.sandbox.errors import nearest

KnobValue = str | int


class KnobError(ValueError):
    """A knob that does not exist, or a value it does not take."""


@dataclass(frozen=True, slots=True)
class Knob:
    """One switch. Without `choices` it takes a number from `low` to `high`, or a text.

    `assumptions.toml` says what it decides.
    """

    name: str
    default: KnobValue
    choices: tuple[str, ...] = ()
    low: int = 0
    high: int = 0

    def accept(self, value: object) -> KnobValue:
        """Returns the value as it is stored; raises KnobError."""
        if isinstance(self.default, int):
            return self._number(value)
        if isinstance(value, bool):
            value = "on" if value else "off"
        if self.choices and value not in self.choices:
            raise KnobError(f"{self.name} takes one of {', '.join(self.choices)}")
        if not isinstance(value, str) or len(value) > 64:
            raise KnobError(f"{self.name} takes a short text")
        if self.name == "service_timezone":
            try:
                time_zones.zone(value)
            except (KeyError, ValueError, OSError) as error:
                raise KnobError(f"unknown time zone: {value!r}") from error
        return value

    def _number(self, value: object) -> int:
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 12:
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int):
            raise KnobError(f"{self.name} takes a whole number")
        if not self.low <= value <= self.high:
            raise KnobError(f"{self.name} takes {self.low} to {self.high}")
        return value


_ON_OFF = ("on", "off")
_MANY = 1_000_000
KNOBS: tuple[Knob, ...] = (
    Knob("quota.limit", 100, high=_MANY),
    Knob("quota.counts", "tasks", ("tasks", "occurrences")),
    Knob("quota.code", "3051"),
    Knob("month31", "skip", ("skip", "last", "error")),
    Knob("duplicate_msgkey", "accept", ("accept", "reject", "drop")),
    Knob("window_days", 180, low=1, high=3660),
    Knob("service_timezone", "Asia/Shanghai"),
    Knob("cancelled_rows", "hide", ("hide", "keep")),
    Knob("cancel_types", "0=parent,1=child", ("0=parent,1=child", "0=child,1=parent", "any")),
    Knob("cancel_executed", "zero", ("zero", "error")),
    Knob("cancel_max_ids", 30, low=1, high=10_000),
    Knob("result_shape", "object", ("object", "string")),
    Knob("past_fixed_time", "error", ("error", "send-now")),
    Knob("past_today", "skip", ("skip", "send-now", "error")),
    Knob("empty_loop", "error", ("error", "accept")),
    Knob("time_precision", "floor", ("floor", "strict")),
    Knob("gmt_create", "second", ("second", "millisecond")),
    Knob("require_task_name", "on", _ON_OFF),
    Knob("require_bind_period", "on", _ON_OFF),
    Knob("analysis_waiting", "hide", ("hide", "show")),
    Knob("camel_params", "off", _ON_OFF),
    Knob("expired_seconds_max", 0, high=10**9),
    Knob("payload_bytes", 2048, high=10**8),
    Knob("list_unique_id_time", "filter", ("filter", "ignore")),
    Knob("list_order", "newest", ("newest", "oldest", "push_time")),
    Knob("max_page_size", 500, low=1, high=100_000),
    Knob("undeclared_class", "marketing", ("marketing", "service")),
    Knob("strict_auth", "off", _ON_OFF),
    Knob("unsigned", "refuse", ("refuse", "accept")),
    Knob("date_window", 900, high=10**9),
    Knob("old_version_strategy", "refuse", ("refuse", "send-now")),
)
_BY_NAME: Mapping[str, Knob] = {knob.name.replace(".", "_"): knob for knob in KNOBS}


class Knobs(dict[str, KnobValue]):
    """The value of every knob by name: the defaults with some overridden."""

    def __init__(self, overrides: Mapping[str, KnobValue]) -> None:
        super().__init__({knob.name: overrides.get(knob.name, knob.default) for knob in KNOBS})

    def number(self, name: str) -> int:
        """Returns the value of a numeric knob."""
        return int(self[name])

    def on(self, name: str) -> bool:
        """Returns whether an on/off knob is on."""
        return self[name] == "on"

    @property
    def zone(self) -> tzinfo:
        """The time zone of the service."""
        return time_zones.zone(str(self["service_timezone"]))


def accept_knobs(changes: Mapping[str, object]) -> dict[str, KnobValue]:
    """Returns checked overrides by knob name; dots may be written as underscores.

    Raises KnobError.
    """
    accepted: dict[str, KnobValue] = {}
    for name, value in changes.items():
        knob = _BY_NAME.get(str(name).replace(".", "_"))
        if knob is None:
            near = nearest(str(name), [knob.name for knob in KNOBS])
            raise KnobError(f"no such knob: {str(name)[:60]!r}{near}")
        accepted[knob.name] = knob.accept(value)
    return accepted
