"""Nothing happens that the plan did not show, and `--force` changes nothing that it shows."""

from __future__ import annotations

import contextlib
import dataclasses
import threading
from collections import Counter
from typing import Any

from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from pushctl.apply.observe import observe
from pushctl.diagnostics import Severity
from pushctl.errors import ServiceError
from pushctl.mpaas.encode import parameters
from pushctl.plan.change import cancels_of, creates_of, push_of
from pushctl.plan.guards.thresholds import Thresholds
from pushctl.plan.plan import Plan
from pushctl.plan.planner import make_plan
from pushctl.push.identity import canonical_json
from pushctl.push.push import Push
from pushctl.render import json_output
from pushctl.render.text import plan as plan_text
from tests.builders import DAY, context, desired, once, people, plan_request
from tests.examples import share
from tests.fakes import ZONE
from tests.faults.crashing_service import Crash, CrashingService, Effects
from tests.in_memory import Bench
from tests.property.histories import Act, acts, manifests

SLOW = settings(
    max_examples=share(40),
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
THRESHOLDS = {"PSH504", "PSH604", "PSH605", "PSH606"}

allowances = st.fixed_dictionaries(
    {
        "now_or_never": st.booleans(),
        "send_late": st.booleans(),
        "allow_immediate": st.booleans(),
    }
)


def happen(bench: Bench, act: Act, allowed: dict[str, bool]) -> list[tuple[str, Any]]:
    """Let an act happen; return the calls that it made, except looks."""
    before = len(bench.service.calls)
    bench.service.lag = act.lag
    bench.through = CrashingService(
        bench.service, Effects(at=act.dies_at, mode=act.dies), act.answers
    )
    with contextlib.suppress(Crash, ServiceError):
        bench.apply(*act.pushes, **allowed)
    calls = [call for call in bench.service.calls[before:] if call[0] != "list"]
    bench.through, bench.stop = None, threading.Event()
    bench.service.forget_faults()
    bench.service.advance(act.passes)
    return calls


def planned(plan: Plan) -> tuple[set[str], set[str]]:
    """Return every request that a plan holds: creates, to the last parameter, and cancels."""
    creates = {
        canonical_json(parameters(push, new, zone=ZONE))
        for change in plan.changes
        if (push := push_of(change)) is not None
        for new in creates_of(change)
    }
    return creates, {task.task_id for change in plan.changes for task in cancels_of(change)}


def check_shown(plan: Plan) -> None:
    """What is about to be called is in the JSON, and at the head of a block of the text."""
    shown = {item["id"]: item["tasks"] for item in json_output.plan(plan, version="0")["changes"]}
    text = plan_text.plan(plan).splitlines()
    for change in plan.changes:
        creates, cancels = len(creates_of(change)), len(cancels_of(change))
        if not creates and not cancels:
            continue
        assert shown[change.id]["create"] == creates
        assert shown[change.id]["cancel"] == cancels
        heads = [line.split() for line in text if line.startswith("  ") and line[2:3] != " "]
        (head,) = [" ".join(words) for words in heads if words[1] == change.id]
        assert (f"create {creates}" in head) is bool(creates)
        assert (f"cancel {cancels}" in head) is bool(cancels)


@SLOW
@given(st.lists(st.tuples(acts(), allowances), min_size=1, max_size=5))
def test_every_call_belongs_to_a_task_of_the_plan(
    history: list[tuple[Act, dict[str, bool]]],
) -> None:
    bench = Bench()
    for act, allowed in history:
        bench.plans.clear()
        calls = happen(bench, act, allowed)
        creates, cancels = planned(bench.plans[-1]) if bench.plans else (set(), set())
        made = [canonical_json(about) for method, about in calls if method == "create"]
        cancelled = [about for method, about in calls if method == "cancel"]
        assert set(made) <= creates
        assert set(cancelled) <= cancels
        assert len(made) + len(cancelled) == len(calls)
        for plan in bench.plans:
            check_shown(plan)


@SLOW
@given(st.lists(st.tuples(acts(), allowances), max_size=3), manifests(), allowances)
def test_force_changes_no_plan(
    history: list[tuple[Act, dict[str, bool]]],
    last: tuple[Push, ...],
    allowed: dict[str, bool],
) -> None:
    bench = Bench()
    for act, other in history:
        happen(bench, act, other)
    assert bench.clock is not None
    seen = observe(bench.service, bench.state, bench.clock, bench.observe_options)
    strict = Thresholds(creates=0, cancel_share=0, audience=1, audience_change=0)
    wanted = plan_request(*last, context=context(int(bench.clock.now()), **allowed), limits=strict)
    asked = make_plan(wanted, bench.state, seen)
    forced = make_plan(replace(wanted, limits=replace(strict, force=True)), bench.state, seen)
    assert replace(forced, diagnostics=asked.diagnostics) == asked
    assert (forced.stopping, forced.actions_digest) == (asked.stopping, asked.actions_digest)
    lifted = Counter(asked.diagnostics) - Counter(forced.diagnostics)
    assert {item.code for item in lifted} <= THRESHOLDS
    assert not {item.code for item in forced.diagnostics} & THRESHOLDS


def refused(plan: Plan) -> set[str]:
    """The codes of the thresholds that forbid a plan; an empty list is no matter of size."""
    codes = {item.code for item in plan.diagnostics if item.severity is Severity.ERROR}
    return codes & (THRESHOLDS - {"PSH606"})


@settings(SLOW, max_examples=share(100))
@given(manifests(), acts(), st.integers(0, 14), st.sampled_from(["before", "after"]))
def test_no_threshold_stands_in_the_way_of_what_was_cut_short(
    before: tuple[Push, ...], act: Act, dies_at: int, dies: str
) -> None:
    bench = Bench()
    bench.apply(*before)
    bench.service.advance(act.passes)
    assume(not refused(bench.plan(*act.pushes)))
    happen(bench, dataclasses.replace(act, dies_at=dies_at, dies=dies, passes=60, lag=0), {})
    assert not refused(bench.plan(*act.pushes))


def test_whoever_was_cancelled_to_be_created_again_is_still_counted() -> None:
    bench = Bench()
    bench.apply(desired(targets=people(12), schedule=once(9 * DAY)))
    bench.service.advance(DAY)
    grown = desired(targets=people(18), schedule=once(9 * DAY))
    assert not refused(bench.plan(grown))
    happen(bench, Act((grown,), passes=60, dies_at=1), {})
    assert (len(bench.service.cancelled), len(bench.service.created)) == (1, 2)
    assert not refused(bench.plan(grown))
    assert refused(bench.plan(desired(targets=people(19), schedule=once(9 * DAY))))
