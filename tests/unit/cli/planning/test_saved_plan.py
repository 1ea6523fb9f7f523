"""Saved plans: the options travel with them, and none of the options makes a stale one fresh."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import nullcontext
from pathlib import Path

import click
import pytest
from msgspec.structs import replace

from pushctl.cli.commands import apply
from pushctl.cli.commands import plan as planning
from pushctl.cli.planning import saved_plan
from pushctl.cli.planning.plan_options import PlanOptions
from pushctl.cli.planning.saved_plan import clocks
from pushctl.errors import PushctlError, StalePlanError
from pushctl.plan.guards.thresholds import Thresholds
from pushctl.plan.plan import Plan
from pushctl.plan.planner import make_plan
from pushctl.plan.reconcile.listing import Listing
from pushctl.push.identity import digest
from pushctl.render import json_output
from pushctl.schedule.recurrence import Recurrence
from pushctl.schedule.rrule import parse_rrule
from pushctl.time_zones import Edition
from tests.builders import DAY, NOW, desired, people, plan_request, state

NAMES = PlanOptions.__struct_fields__
BOLD = PlanOptions(
    target=("promo",),
    exclude=("other",),
    now_or_never=True,
    send_late=True,
    allow_immediate=True,
    force=True,
    max_cancels=3,
    max_creates=4,
    max_audience=5,
)


SERVICE = {"app": "A", "workspace": "w", "endpoint": "push.example.com"}


def made() -> Plan:
    limits = Thresholds(audience=1, creates=0)
    return make_plan(
        plan_request(desired(targets=people(2)), limits=limits), state(), Listing((), NOW)
    )


def saved(folder: Path, plan: Plan, plan_options: PlanOptions) -> saved_plan.SavedPlan:
    path = folder / "p.json"
    shown = json_output.plan(plan, version="0")
    shown["time_zone_data"] = clocks(plan, plan.created_at)
    document = saved_plan.sealed(shown, plan_options, SERVICE)
    path.write_text(json.dumps(document), "utf-8")
    return saved_plan.read(path)


def test_a_plan_is_for_one_service(tmp_path: Path) -> None:
    kept = saved(tmp_path, made(), BOLD)
    saved_plan.check_service(kept, dict(SERVICE))
    for part in SERVICE:
        with pytest.raises(StalePlanError, match=f"{part}: recorded is .*, meant is other"):
            saved_plan.check_service(kept, {**SERVICE, part: "other"})


def test_every_option_travels_with_a_saved_plan(tmp_path: Path) -> None:
    assert all(getattr(BOLD, name) != getattr(PlanOptions(), name) for name in NAMES)
    assert saved(tmp_path, made(), BOLD).plan_options == BOLD


@pytest.mark.parametrize("more", [{"choices": {"forced": True}}, {"choices": {"force": 1}}])
def test_options_that_nobody_knows_are_refused(tmp_path: Path, more: dict[str, object]) -> None:
    shown = json_output.plan(made(), version="0")
    body = {**saved_plan.sealed(shown, PlanOptions(), SERVICE), **more}
    del body[saved_plan.SEAL]
    path = tmp_path / "p.json"
    path.write_text(json.dumps({**body, saved_plan.SEAL: digest(body)}), "utf-8")
    with pytest.raises(PushctlError, match="cannot be used"):
        saved_plan.read(path)


@pytest.mark.parametrize("command", [planning.command, apply.command])
def test_plan_and_apply_take_every_option_of_a_saved_plan(command: click.Command) -> None:
    assert set(NAMES) <= {item.name for item in command.params}


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"manifest_digest": "x"}, "manifest"),
        ({"policy_digest": "x"}, "policy"),
        ({"serial": 2}, "state #1"),
        ({"created_at": NOW + 86_400}, "valid until"),
        ({"changes": ()}, "what there is to do"),
    ],
)
def test_force_makes_no_stale_plan_fresh(
    tmp_path: Path, changed: dict[str, object], why: str
) -> None:
    plan = made()
    kept = saved(tmp_path, plan, BOLD)
    saved_plan.check(kept, plan, lineage=plan.lineage, serial=plan.serial, overtaken_by="")
    now: Plan = replace(plan, **changed)  # type: ignore[arg-type]
    with pytest.raises(StalePlanError) as refused:
        saved_plan.check(kept, now, lineage=now.lineage, serial=now.serial, overtaken_by="")
    assert why in str(refused.value.detail)


def test_a_plan_that_only_looks_is_not_refused_for_what_it_would_do() -> None:
    plan = made()
    assert {item.code for item in plan.diagnostics} == {"PSH504", "PSH604"}
    looking = saved_plan.without_changes(plan)
    assert (looking.changes, looking.diagnostics) == ((), ())
    assert planning.exit_code(looking, detailed=True, drift_counts=True) == 0


# --- another edition of the time zone data --------------------------------------------------------


class Town(dt.tzinfo):
    """A zone whose clocks go forward some days from now."""

    key = "Europe/Town"

    def __init__(self, change: int) -> None:
        self.change = dt.datetime.fromtimestamp(NOW + change * DAY, dt.UTC).replace(tzinfo=None)

    def __str__(self) -> str:
        return self.key

    def utcoffset(self, moment: dt.datetime | None) -> dt.timedelta:
        late = moment is not None and moment.replace(tzinfo=None) >= self.change
        return dt.timedelta(hours=int(late))

    dst = utcoffset

    def fromutc(self, moment: dt.datetime) -> dt.datetime:
        return moment + self.utcoffset(moment)


def in_town(change: int) -> Plan:
    schedule = Recurrence(parse_rrule("FREQ=DAILY"), (dt.time(9),), Town(change))
    return make_plan(plan_request(desired(schedule=schedule)), state(), Listing((), NOW))


def at_once(plan: Plan) -> Plan:
    """The same plan, of which the service knows something else now."""
    return replace(plan, changes=plan.changes[:0])


@pytest.mark.parametrize(
    ("before", "now", "told"),
    [
        (in_town(60), in_town(60), None),
        (in_town(60), in_town(40), "time zone data 2025b, and this machine has 2026c"),
        (in_town(60), in_town(400), "time zone data 2025b, and this machine has 2026c"),
        (in_town(500), in_town(400), None),  # nobody plans that far ahead
        (made(), made(), None),
        (made(), at_once(made()), "time zone data 2025b, and this machine has 2026c"),
    ],
)
def test_a_plan_of_another_edition_holds_if_its_clocks_do(
    before: Plan, now: Plan, told: str | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(saved_plan, "edition", lambda: Edition("2025b", "here"))
    kept = saved(tmp_path, before, BOLD)
    monkeypatch.setattr(saved_plan, "edition", lambda: Edition("2026c", "here"))
    later = replace(now, created_at=now.created_at + 60)
    here = {"lineage": now.lineage, "serial": now.serial, "overtaken_by": ""}
    with nullcontext() if told is None else pytest.raises(StalePlanError, match=told):
        saved_plan.check(kept, later, **here)  # type: ignore[arg-type]


def test_a_plan_of_the_same_edition_blames_the_service(tmp_path: Path) -> None:
    kept, now = saved(tmp_path, made(), BOLD), at_once(made())
    with pytest.raises(StalePlanError, match="what the service lists"):
        saved_plan.check(kept, now, lineage=now.lineage, serial=now.serial, overtaken_by="")


def test_a_plan_that_names_no_edition_is_read(tmp_path: Path) -> None:
    path, plan = tmp_path / "p.json", made()
    saved(tmp_path, plan, BOLD)
    document = json.loads(path.read_text("utf-8"))
    del document["time_zone_data"], document[saved_plan.SEAL]
    path.write_text(json.dumps({**document, saved_plan.SEAL: digest(document)}), "utf-8")
    kept = saved_plan.read(path)
    assert kept.clocks is None
    saved_plan.check(kept, plan, lineage=plan.lineage, serial=plan.serial, overtaken_by="")
