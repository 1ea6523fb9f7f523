"""The formats of the state file and the journal: strict, and pinned."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from msgspec.structs import replace

from pushctl.cli.service import settings as service_settings
from pushctl.push.identity import digest
from pushctl.push.push import Meta, OnRemove, schedule_facts
from pushctl.schedule.service_schedule import Immediate
from pushctl.state.codec import (
    EVENTS,
    FormatError,
    NewerFormatError,
    decode_event,
    decode_state,
    encode_event,
    encode_state,
    read_schedule,
)
from pushctl.state.events import CreateBegan, PushForgotten
from pushctl.state.state import Phase, State
from tests.builders import NOW, daily, days, desired, once, recorded, state, task


def full() -> State:
    push = desired(
        meta=Meta("me", "why", {"a": "b"}, protect=True, on_remove=OnRemove.FORBID),
        schedule=daily("09:00", days(0), days(9)),
        nested={"list": [1, "x", None]},
    )
    tasks = (
        task(push, phase=Phase.CREATING, known=["T1"]),
        task(push, chunk=1, phase=Phase.SENT, schedule=Immediate(), over_at=NOW),
        task(push, chunk=2, schedule=once()),
    )
    return state({"promo": recorded(push, *tasks, stopped=True)}, retired={"gone": 3})


def document(**changes: Any) -> dict[str, Any]:
    """A document with a checksum that fits whatever was changed."""
    body = {**encode_state(full()), **changes}
    del body["sha256"]
    return {**body, "sha256": digest(body)}


def test_encode_state_round_trip() -> None:
    assert decode_state(json.loads(json.dumps(encode_state(full())))) == full()


def test_encode_state_is_sorted() -> None:
    pushes = {id: recorded() for id in "cab"}
    assert list(encode_state(state(pushes))["pushes"]) == ["a", "b", "c"]


def test_decode_state_notices_any_change() -> None:
    damaged = encode_state(full())
    damaged["serial"] += 1
    with pytest.raises(FormatError, match="checksum"):
        decode_state(damaged)


def test_decode_state_refuses_a_newer_version() -> None:
    with pytest.raises(NewerFormatError, match="format version 2"):
        decode_state({"version": 2, "anything": []})


@pytest.mark.parametrize(
    "wrong",
    [None, [], "x", 1, {}, {"version": "1"}, {"version": True}, {"version": 1}],
)
def test_decode_state_refuses_other_shapes(wrong: object) -> None:
    with pytest.raises(FormatError):
        decode_state(wrong)


def spoiled(path: str, value: object) -> dict[str, Any]:
    whole = json.loads(json.dumps(encode_state(full())))
    *parents, last = path.split(".")
    place = whole
    for part in parents:
        place = place[int(part)] if isinstance(place, list) else place[part]
    place[last] = value
    del whole["sha256"]
    return {**whole, "sha256": digest(whole)}


TASK = "pushes.promo.tasks.0"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("serial", "1"),
        ("serial", True),
        ("lineage", None),
        ("pushes", []),
        ("retired", {"a": "1"}),
        ("pushes.promo", 1),
        ("pushes.promo.tasks", {}),
        ("pushes.promo.spec", []),
        ("pushes.promo.stopped", 1),
        ("pushes.promo.labels", []),
        ("pushes.promo.on_remove", "explode"),
        ("pushes.promo.on_remove", []),
        (f"{TASK}.phase", "limbo"),
        (f"{TASK}.chunk", 1.5),
        (f"{TASK}.targets", {"a": 1}),
        (f"{TASK}.window", None),
        (f"{TASK}.began_at", None),
        (f"{TASK}.began_at", "2026-05-29T00:00:00"),
        (f"{TASK}.began_at", "yesterday"),
        (f"{TASK}.match", {"title": 1}),
        (f"{TASK}.schedule", {"type": "never"}),
        (f"{TASK}.schedule", {"type": "once"}),
        (f"{TASK}.schedule", {"type": "loop", "every": 9, "on": [], "time": "09:00"}),
        (f"{TASK}.schedule", {"type": "loop", "every": 1, "on": [], "time": "25:00"}),
        (f"{TASK}.schedule", {"type": "loop", "every": 1, "on": ["x"], "time": "09:00"}),
        (f"{TASK}.doubt", 7),
    ],
)
def test_decode_state_says_where_it_is_wrong(path: str, value: object) -> None:
    with pytest.raises(FormatError):
        decode_state(spoiled(path, value))


def test_decode_state_reads_what_has_no_retired_ids() -> None:
    old = document()
    del old["retired"]
    assert decode_state(document() | {}).retired == {"gone": 3}
    body = {key: value for key, value in old.items() if key != "sha256"}
    assert decode_state({**body, "sha256": digest(body)}).retired == {}


@pytest.mark.parametrize(
    "change",
    [
        lambda data: data.update(event="create.guess"),
        lambda data: data.update(event=[]),
        lambda data: data.pop("id"),
        lambda data: data.update(extra=1),
        lambda data: data.update(id=1),
        lambda data: data.update(task=None),
        lambda data: data.update(spec=[]),
        lambda data: data.update(meta=[]),
        lambda data: data.update(fingerprint=None),
    ],
)
def test_decode_event_refuses_other_shapes(change: Callable[[dict[str, Any]], object]) -> None:
    push = desired()
    event = CreateBegan("promo", task(push), push.fingerprint, push.spec, push.meta)
    data = json.loads(json.dumps(encode_event(event)))
    assert decode_event(data) == event
    change(data)
    with pytest.raises(FormatError):
        decode_event(data)


@pytest.mark.parametrize("slot", [[1], [1, 2, 3, 4], None, 5, ["a", 0, 0], [True, 0, 0]])
def test_decode_event_refuses_other_slots(slot: object) -> None:
    with pytest.raises(FormatError):
        decode_event({"event": "cancel.intent", "id": "a", "slot": slot})


@pytest.mark.parametrize("at", [None, "2026", 1.5, True])
def test_decode_event_refuses_other_instants(at: object) -> None:
    data = {"event": "cancel.cancelled", "id": "a", "slot": [0, 0, 1], "at": at}
    with pytest.raises(FormatError):
        decode_event(data)


@pytest.mark.parametrize("wrong", [None, [], 3, {"id": "x"}])
def test_decode_event_refuses_what_is_no_event(wrong: object) -> None:
    with pytest.raises(FormatError):
        decode_event(wrong)


def test_event_names_are_a_contract() -> None:
    assert encode_event(PushForgotten("a")) == {"event": "push.forgotten", "id": "a"}
    assert sorted(EVENTS) == [
        "cancel.cancelled",
        "cancel.failed",
        "cancel.intent",
        "create.created",
        "create.failed",
        "create.intent",
        "create.unknown",
        "push.forgotten",
        "push.noted",
        "push.renamed",
        "push.resumed",
        "push.stopped",
        "site.noted",
        "task.adopted",
        "task.observed",
    ]


def test_read_schedule_of_now() -> None:
    assert read_schedule({"type": "now"}) == Immediate()
    again = Immediate("2026-12-01")
    assert read_schedule(schedule_facts(again)) == again
    assert schedule_facts(Immediate()) == {"type": "now"}


@pytest.mark.parametrize(
    ("every", "on"), [(1, [1]), (2, [0]), (2, [8]), (2, [-7]), (3, [32]), (3, [-1])]
)
def test_a_loop_on_days_that_there_are_not_is_damage(every: int, on: list[int]) -> None:
    data = {"type": "loop", "every": every, "on": on, "time": "09:00:00"}
    with pytest.raises(FormatError, match="no days for such a loop"):
        read_schedule({**data, "first": "2026-12-01", "last": "2026-12-31"})


@pytest.mark.parametrize("edition", ["2026c", None])
def test_the_edition_of_the_time_zone_data_is_written_where_it_is_known(
    edition: str | None,
) -> None:
    settings = replace(service_settings.defaults({}), time_zone_data=edition)
    document = encode_state(replace(full(), settings=settings))
    assert document["site"].get("time_zone_data") == edition
    assert ("time_zone_data" in document["site"]) is (edition is not None)
    read = decode_state(json.loads(json.dumps(document))).settings
    assert read == settings
    assert read is not None
    assert read.time_zone_data == edition
