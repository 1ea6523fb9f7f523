"""The knobs: switches for behaviour of the real service that is unknown or differs by account."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import tzinfo

from pushctl import time_zones

KnobValue = str | int


class KnobError(ValueError):
    """A knob that does not exist, or a value it does not take."""


@dataclass(frozen=True, slots=True)
class Knob:
    """One switch. Without `choices` it takes a number from `low` to `high`, or a text.

    `verify` says how to find out what the real service does.
    """

    name: str
    default: KnobValue
    choices: tuple[str, ...]
    meaning: str
    verify: str
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
    Knob("quota.limit", 100, (), "unexecuted scheduled or loop tasks per app and workspace",
         "create one more than the cap in a test workspace", 0, _MANY),
    Knob("quota.counts", "tasks", ("tasks", "occurrences"), "whether a loop takes one place or "
         "one per child row", "create a daily loop of 180 days and look whether 99 more fit"),
    Knob("quota.code", "3051", (), "ResultCode above the cap; the published list ends at 3050",
         "create one more than the cap"),
    Knob("month31", "skip", ("skip", "last", "error"), "a monthly day the month does not have",
         "create a monthly loop on 31 over a short month and list its rows"),
    Knob("duplicate_msgkey", "accept", ("accept", "reject", "drop"), "a message key used before "
         "in the same app and workspace; drop answers with the earlier task",
         "send the same TargetMsgkey twice"),
    Knob("window_days", 180, (), "how many days from today a loop may end", "create a loop that "
         "ends on day 180 and one that ends on day 181", 1, 3660),
    Knob("service_timezone", "Asia/Shanghai", (), "the zone of `time` and of day boundaries",
         "create a loop and compare the PushTime of its rows"),
    Knob("cancelled_rows", "hide", ("hide", "keep"), "whether cancelled rows stay listed; keep "
         'shows ExecutedStatus "2"', "cancel a task and list it"),
    Knob("cancel_types", "0=parent,1=child", ("0=parent,1=child", "0=child,1=parent", "any"),
         "what Type means to CancelPushScheduler; omitted is 0", "cancel one child of a loop"),
    Knob("cancel_executed", "zero", ("zero", "error"), "answer to an id that cannot be cancelled: "
         "mapped to 0 in ResultContent, or code 3028", "cancel a task that has fired"),
    Knob("cancel_max_ids", 30, (), "ids in one CancelPushScheduler", "send 31 ids", 1, 10_000),
    Knob("result_shape", "object", ("object", "string"), "PushResult and ResultContent as an "
         "object or as JSON text", "read one raw answer"),
    Knob("past_fixed_time", "error", ("error", "send-now"), "a fixedTime before now",
         "create one with a fixedTime a minute ago"),
    Knob("past_today", "skip", ("skip", "send-now", "error"), "a loop whose time of today has "
         "passed when it is created", "create such a loop and list its rows"),
    Knob("empty_loop", "error", ("error", "accept"), "a loop without a single occurrence",
         "create a weekly loop over a window without that weekday"),
    Knob("time_precision", "floor", ("floor", "strict"), "fixedTime with milliseconds, or window "
         "bounds off midnight: cut down, or refused", "create one with a fixedTime ending in 1"),
    Knob("gmt_create", "second", ("second", "millisecond"), "precision of GmtCreate; the unit "
         "is milliseconds either way", "list a fresh task"),
    Knob("missing_params", "result", ("result", "gateway"), "an absent mandatory parameter: a "
         "3xxx result or a 400 MissingParameter", "leave out TaskName"),
    Knob("require_task_name", "on", _ON_OFF, "TaskName mandatory, as documented; the vendor "
         "libraries treat it as optional", "leave out TaskName"),
    Knob("require_push_style", "on", _ON_OFF, "PushStyle mandatory, as documented; never in "
         "2019-08-21", "leave out PushStyle"),
    Knob("camel_params", "off", _ON_OFF, "accept taskName for TaskName", "send taskName"),
    Knob("expired_seconds_max", 0, (), "bound for code 3026; 0 is none",
         "send 72 hours, then more", 0, 10**9),
    Knob("payload_bytes", 2048, (), "title, content, extended params and uri together (3050); "
         "0 is none", "send 2049 bytes", 0, 10**8),
    Knob("list_unique_id_time", "filter", ("filter", "ignore"), "whether the time bounds still "
         "apply when UniqueId is given", "list a known id with bounds that miss it"),
    Knob("list_order", "newest", ("newest", "oldest", "push_time"), "order of listed rows",
         "list three tasks"),
    Knob("max_page_size", 500, (), "larger PageSize is cut to this", "send 1000", 1, 100_000),
    Knob("strict_auth", "off", _ON_OFF, "on verifies every signature, the date and the nonce; "
         "off verifies only signatures of known keys", "not a question to the service"),
    Knob("unsigned", "refuse", ("refuse", "accept"), "calls without any signature",
         "not a question to the service"),
    Knob("date_window", 900, (), "seconds a strict signature may be off real time; 0 is any",
         "published as 15 minutes for the gateway", 0, 10**9),
    Knob("nonce_seconds", 1860, (), "how long a strict nonce is remembered; 0 is not at all",
         "reported as 31 minutes for the gateway", 0, 10**9),
)  # fmt: skip
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
            raise KnobError(f"no such knob: {str(name)[:60]!r}")
        accepted[knob.name] = knob.accept(value)
    return accepted
