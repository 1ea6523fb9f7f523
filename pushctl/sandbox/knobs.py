"""The knobs: switches for behaviour of the real service that is unknown or differs by account."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from pathlib import Path

from pushctl import time_zones
from pushctl.sandbox.errors import nearest

KnobValue = str | int


class KnobError(ValueError):
    """A knob that does not exist, or a value it does not take."""


@dataclass(frozen=True, slots=True)
class Knob:
    """One switch, as `knobs.toml` describes it; `assumptions.toml` says what it decides."""

    name: str
    default: KnobValue
    choices: Sequence[str] = ()
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


_FACTS = tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))
KNOBS = tuple(Knob(name, **facts) for name, facts in _FACTS.items())
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
