"""Saved plans: the options travel with them, and none of the options makes a stale one fresh."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from pathlib import Path

import click
import pytest

from pushctl.cli import saved_plan
from pushctl.cli.commands import apply
from pushctl.cli.commands import plan as planning
from pushctl.cli.options import PlanOptions
from pushctl.errors import StalePlanError
from pushctl.plan.guards.thresholds import Thresholds
from pushctl.plan.plan import Plan
from pushctl.plan.planner import make_plan
from pushctl.plan.reconcile.listing import Listing
from pushctl.render import json_output
from tests.builders import NOW, desired, people, plan_request, state

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
    document = saved_plan.sealed(plan, json_output.plan(plan, version="0"), plan_options, SERVICE)
    path.write_text(json.dumps(document), "utf-8")
    return saved_plan.read(path)


def test_a_plan_is_for_one_service(tmp_path: Path) -> None:
    kept = saved(tmp_path, made(), BOLD)
    saved_plan.check_service(kept, dict(SERVICE))
    for part in SERVICE:
        with pytest.raises(StalePlanError, match=f"{part}: recorded is .*, meant is other"):
            saved_plan.check_service(kept, {**SERVICE, part: "other"})


def test_every_option_travels_with_a_saved_plan(tmp_path: Path) -> None:
    assert all(getattr(BOLD, item.name) != item.default for item in fields(PlanOptions))
    assert saved(tmp_path, made(), BOLD).plan_options == BOLD


@pytest.mark.parametrize("command", [planning.command, apply.command])
def test_plan_and_apply_take_every_option_of_a_saved_plan(command: click.Command) -> None:
    assert {item.name for item in fields(PlanOptions)} <= {item.name for item in command.params}


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
