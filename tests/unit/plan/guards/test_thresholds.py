"""What forbids a plan as a whole."""

from __future__ import annotations

import pytest
from msgspec.structs import replace

from pushctl.diagnostics import Diagnostic, Severity
from pushctl.plan.change import Change
from pushctl.plan.diff.diff import diff
from pushctl.plan.guards.audience_change import AudienceChange
from pushctl.plan.guards.quota import Quota
from pushctl.plan.guards.thresholds import Thresholds, check_thresholds
from pushctl.plan.plan import Plan
from pushctl.plan.planner import make_plan
from pushctl.plan.reconcile.in_doubt import Doubt
from pushctl.plan.reconcile.listing import Listing
from pushctl.plan.reconcile.refresh import Drift, DriftKind
from pushctl.push.push import Source
from pushctl.push.task import Slot
from pushctl.state.state import Phase
from tests.builders import (
    NOW,
    context,
    desired,
    people,
    plan_request,
    recorded,
    scheduled,
    state,
    task,
)


def plan(
    *changes: Change,
    quota: Quota | None = None,
    entries: int = 0,
    gone: int = 0,
    reach: tuple[AudienceChange, ...] = (),
) -> Plan:
    bare = make_plan(plan_request(), state(), Listing((), NOW))
    return replace(
        bare,
        changes=changes,
        quota=quota or Quota(100, 0, 0, 0),
        recorded={f"p{number}": 1 for number in range(entries)},
        drift=tuple(
            Drift(f"p{number}", Slot(0, 0, 1), DriftKind.GONE, "T", 1, 1) for number in range(gone)
        ),
        wanted=1,
        reach=reach,
    )


def codes(made: Plan, limits: Thresholds | None = None) -> list[str]:
    return [item.code for item in check_thresholds(made, limits or Thresholds())]


def change(size: int = 1, before: int = 1) -> Change:
    held = scheduled(desired(targets=people(before)))
    return diff((desired(targets=people(size), title="New"),), held, context())[0]


def only(made: Plan, limits: Thresholds | None = None) -> Diagnostic:
    (found,) = check_thresholds(made, limits or Thresholds())
    return found


def audience(before: int, after: int, *, id: str = "promo", lately: bool = False) -> AudienceChange:
    joined, left = max(0, after - before), max(0, before - after)
    return AudienceChange(
        id, Source("pushctl.yaml", 7), after, before, before, joined, left, lately
    )


CREATE = diff((desired(),), state(), context())[0]
CREATES = [diff((desired(f"p{n}"),), state(), context())[0] for n in range(6)]
CANCELS = [diff((), scheduled(desired(f"p{n}")), context())[0] for n in range(30)]


@pytest.mark.parametrize(
    ("made", "quota", "found"),
    [
        (CREATE, Quota(100, 99, 100, 100), ["PSH602"]),
        (CREATE, Quota(100, 100, 101, 101), ["PSH601"]),
        (CREATE, Quota(100, 78, 79, 79), []),
        (change(), Quota(100, 120, 120, 120), ["PSH602"]),
        (change(size=11), Quota(100, 100, 99, 101), ["PSH601"]),
        (CANCELS[0], Quota(100, 120, 119, 120), ["PSH602"]),
    ],
)
def test_guard_minds_the_quota(made: Change, quota: Quota, found: list[str]) -> None:
    assert codes(plan(made, quota=quota)) == found


@pytest.mark.parametrize(
    ("cancelled", "entries", "limits", "refused"),
    [
        (3, 10, Thresholds(), False),
        (4, 10, Thresholds(), True),
        (6, 9, Thresholds(), False),
        (4, 10, Thresholds(force=True), False),
        (29, 100, Thresholds(cancel_share=0.29), False),
        (30, 100, Thresholds(cancel_share=0.29), True),
        (1, 10, Thresholds(cancel_share=0), True),
        (2, 100, Thresholds(max_cancels=1), True),
        (4, 10, Thresholds(max_cancels=4), False),
    ],
)
def test_guard_minds_how_much_is_cancelled(
    cancelled: int, entries: int, limits: Thresholds, refused: bool
) -> None:
    found = codes(plan(*CANCELS[:cancelled], entries=entries), limits)
    assert found == (["PSH605"] if refused else [])


@pytest.mark.parametrize(
    ("gone", "entries", "refused"), [(0, 0, False), (1, 1, True), (3, 3, True), (3, 4, False)]
)
def test_guard_does_not_believe_an_empty_list(gone: int, entries: int, refused: bool) -> None:
    (again,) = diff((desired("p0"),), state(), context())
    made = plan(again, gone=gone, entries=entries)
    assert codes(made) == (["PSH606"] if refused else [])
    assert codes(plan(gone=gone, entries=entries)) == []
    assert codes(made, Thresholds(force=True)) == []


def test_guard_counts_a_replaced_entry_once() -> None:
    push = desired(targets=people(11))
    held = state(
        {"promo": recorded(push, task(push, targets=people(10)), task(push, chunk=1, targets="x"))}
    )
    (made,) = diff((desired(targets=people(11), title="New"),), held, context())
    assert codes(plan(made, entries=10), Thresholds(max_cancels=1)) == []


@pytest.mark.parametrize(
    ("cancelled", "limits", "refused"),
    [
        (2, Thresholds(), True),
        (1, Thresholds(), False),
        (2, Thresholds(max_cancels=2), False),
        (2, Thresholds(force=True), False),
    ],
)
def test_guard_does_not_believe_an_empty_manifest(
    cancelled: int, limits: Thresholds, refused: bool
) -> None:
    made = replace(plan(*CANCELS[:cancelled], entries=cancelled), wanted=0)
    assert codes(made, limits) == (["PSH605"] if refused else [])


def test_guard_takes_a_share_of_what_is_scheduled_only() -> None:
    past = {f"old{number}": 0 for number in range(90)}
    made = plan(*CANCELS[:4], entries=10)
    assert codes(replace(made, recorded={**made.recorded, **past})) == ["PSH605"]


def test_guard_does_not_take_a_doubt_for_a_task_that_is_listed() -> None:
    doubt = Doubt("p9", Slot(0, 0, 1), Phase.CREATING, "unknown", None)
    made = plan(*diff((desired("p0"),), state(), context()), gone=3, entries=4)
    assert codes(replace(made, doubts=(doubt,))) == ["PSH606"]


@pytest.mark.parametrize(
    ("limits", "refused"),
    [
        (Thresholds(), False),
        (Thresholds(creates=3), False),
        (Thresholds(creates=2), True),
        (Thresholds(creates=2, max_creates=3), False),
        (Thresholds(creates=9, max_creates=2), True),
        (Thresholds(creates=0, force=True), False),
    ],
)
def test_guard_minds_how_much_is_created(limits: Thresholds, refused: bool) -> None:
    assert codes(plan(*CREATES[:3]), limits) == (["PSH604"] if refused else [])


def test_guard_counts_no_replacement_as_a_creation() -> None:
    assert codes(plan(change(), *CANCELS[:1]), Thresholds(creates=0)) == []


@pytest.mark.parametrize(
    ("before", "after", "limits", "refused"),
    [
        (10, 15, Thresholds(), False),
        (10, 16, Thresholds(), True),
        (10, 5, Thresholds(), False),
        (10, 4, Thresholds(), True),
        (9, 900, Thresholds(), False),
        (0, 900, Thresholds(), False),
        (100, 129, Thresholds(audience_change=0.29), False),
        (100, 130, Thresholds(audience_change=0.29), True),
        (100, 400, Thresholds(audience_change=3), False),
        (10, 16, Thresholds(force=True), False),
        (10, 16, Thresholds(max_audience=16), False),
        (16, 4, Thresholds(max_audience=4), False),
        (0, 501, Thresholds(audience=500), True),
        (0, 500, Thresholds(audience=500), False),
        (500, 501, Thresholds(audience=500), True),
        (0, 501, Thresholds(audience=500, max_audience=501), False),
        (0, 502, Thresholds(max_audience=501), True),
        (0, 502, Thresholds(audience=1, force=True), False),
    ],
)
def test_guard_minds_audiences(before: int, after: int, limits: Thresholds, refused: bool) -> None:
    made = plan(reach=(audience(before, after),))
    assert codes(made, limits) == (["PSH504"] if refused else [])


def test_guard_minds_an_audience_that_was_swapped_for_another() -> None:
    swapped = replace(audience(20, 20), joined=11, left=11)
    assert codes(plan(reach=(swapped,))) == ["PSH504"]


def test_guard_only_warns_of_what_may_be_the_rest_of_an_apply() -> None:
    found = only(plan(reach=(audience(10, 230, lately=True),)))
    assert (found.code, found.severity) == ("PSH504", Severity.WARNING)
    assert "rest of it" in found.detail


def test_guard_excuses_nobody_who_left() -> None:
    assert only(plan(reach=(audience(20, 9, lately=True),))).severity is Severity.ERROR


def test_guard_finds_growth_beside_the_rest_of_an_apply() -> None:
    items = (audience(10, 230, lately=True), audience(10, 100, id="other"))
    found = check_thresholds(plan(reach=items), Thresholds())
    assert [item.severity for item in found] == [Severity.ERROR, Severity.WARNING]


FINDINGS = [
    (
        plan(*CREATES[:3]),
        Thresholds(creates=2),
        "3 pushes would be created, and at most 2 may be (`policy.max_creates`).",
        "--max-creates 3",
    ),
    (
        plan(*CREATES[:1]),
        Thresholds(max_creates=0),
        "1 push would be created, and at most 0 may be (--max-creates).",
        "--max-creates 1",
    ),
    (
        plan(*CANCELS[:4], entries=10),
        Thresholds(),
        "4 pushes would be cancelled or replaced, and at most 3 may be (`policy.max_cancels`, 30% "
        "of 10 that are scheduled).",
        "--max-cancels 4",
    ),
    (
        replace(plan(*CANCELS[:2]), wanted=0),
        Thresholds(),
        "2 pushes would be cancelled or replaced, and at most 1 may be (the manifest has no pushes "
        "at all).",
        "--max-cancels 2",
    ),
    (
        plan(reach=(audience(0, 600), audience(100, 700, id="vip"))),
        Thresholds(audience=650),
        "vip would have 700 targets; at most 650 may be (`policy.max_audience`).",
        "--max-audience 700",
    ),
    (
        plan(reach=(audience(20, 5), audience(0, 40, id="large"))),
        Thresholds(),
        "promo would have 5 targets instead of 20 (0 joined, 15 left); at most 50% may change "
        "(`policy.max_audience_change`).",
        "--max-audience 40",
    ),
]


@pytest.mark.parametrize(("made", "limits", "detail", "option"), FINDINGS)
def test_guard_says_number_limit_origin_and_option(
    made: Plan, limits: Thresholds, detail: str, option: str
) -> None:
    found = only(made, limits)
    assert found.detail == detail
    assert found.fix is not None
    assert f"with {option} " in found.fix


@pytest.mark.parametrize(("made", "limits", "detail", "option"), FINDINGS)
def test_what_guard_says_to_type_is_enough(
    made: Plan, limits: Thresholds, detail: str, option: str
) -> None:
    name, _, number = option.removeprefix("--").partition(" ")
    allowed = replace(limits, **{name.replace("-", "_"): int(number)})
    assert check_thresholds(made, allowed) == ()
    assert check_thresholds(made, replace(limits, force=True)) == ()


def test_guard_names_a_few_and_counts_the_rest() -> None:
    found = only(plan(reach=tuple(audience(10, 90, id=f"p{number}") for number in range(5))))
    assert "p2 would" in found.detail
    assert "p3 would" not in found.detail
    assert "; and 2 more;" in found.detail
    assert found.range is not None
    assert (found.range.filename, found.range.start.line) == ("pushctl.yaml", 7)


def test_force_lifts_no_quota() -> None:
    made = plan(CREATE, quota=Quota(100, 100, 101, 101))
    assert codes(made, Thresholds(force=True)) == ["PSH601"]
