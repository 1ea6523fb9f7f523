"""What the sandbox assumes about the real service, and how to verify it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from pushctl.sandbox.knobs import KNOBS, Knobs


@dataclass(frozen=True, slots=True)
class Assumption:
    """A behaviour built in without evidence, and how to find out."""

    topic: str
    assumed: str
    verify: str


ASSUMPTIONS: tuple[Assumption, ...] = (
    Assumption("status of a refusal", "refusals by result code are HTTP 200",
               "send a PushSimple without Title"),
    Assumption("loop children", "all occurrences exist from the moment of creation",
               "create a loop and list by its Data id"),
    Assumption("loop id", "Data of a loop is the parent id", "list by the returned Data"),
    Assumption("immediate push", "Data is an empty text and the push is never listed",
               "send one with StrategyType 0"),
    Assumption("list bounds", "StartTime and EndTime are both inclusive",
               "list with both set to a known PushTime"),
    Assumption("list retention", "executed rows stay listed for ever",
               "list a year back"),
    Assumption("ExecutedStatus", "0 waiting, 1 executed, 2 cancelled",
               "list after a delivery and after a cancellation"),
    Assumption("CreateType", "0 is the API, 1 is the console", "create one task in the console"),
    Assumption("weekdays", "circleValue 1 is Monday and 7 is Sunday",
               "create a weekly loop and list its rows"),
    Assumption("last day", "a loop may end on the day `window_days` after today",
               "create one that does"),
    Assumption("cancel a parent", "cancelling a parent id cancels every waiting occurrence",
               "cancel a loop and list it"),
    Assumption("cancel answer", "ResultContent is JSON text mapping each id to 1 or 0",
               "cancel one waiting and one unknown id"),
    Assumption("unknown parameters", "are ignored, so a StrategyType sent with version 2019-08-21 "
               "has no effect and the push goes out at once", "send one with a made-up parameter"),
    Assumption("reserved extended params", "are refused with 3044", "set taskId"),
    Assumption("vendor maps", "ThirdChannelCategory and NotifyLevel take text values only",
               'send {"hms": 9}'),
    Assumption("revoke", "a message never delivered, or more than 7 days ago, is refused with "
               "3028; a waiting push is not affected", "revoke before the fire time"),
    Assumption("answer format", "JSON even when a V1 call does not ask for Format=JSON",
               "send one without Format"),
    Assumption("message key on loops", "every occurrence carries the same message key",
               "look at the device"),
)  # fmt: skip


def describe(knobs: Knobs) -> list[dict[str, object]]:
    """Returns every knob, with its value in force, and every assumption as JSON objects."""
    return [
        *(
            {
                "topic": knob.name,
                "assumed": knob.default,
                "meaning": knob.meaning,
                "verify": knob.verify,
                "knob": knob.name,
                "choices": list(knob.choices),
                "now": knobs[knob.name],
            }
            for knob in KNOBS
        ),
        *({**asdict(item), "knob": None} for item in ASSUMPTIONS),
    ]
