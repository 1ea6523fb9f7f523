"""Whole plans, as text, as a Markdown comment and as JSON, one folder a story.

`before.yaml` is what was applied (at `applied`, in `case.json`), `after.yaml` what is wanted at
`now`. The task ids in `missing` are no longer on the service, `strangers` are tasks that somebody
made in the console. `--update-golden` writes the expected files anew; read the difference.
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from msgspec.structs import replace

from pushctl.manifest.compile import compile_manifest
from pushctl.manifest.read import read_manifest
from pushctl.manifest.schedule.timezones import zone
from pushctl.plan.change import creates_of, push_of
from pushctl.plan.guards.thresholds import Thresholds
from pushctl.plan.inputs import DiffOptions, PlanContext
from pushctl.plan.intent import intent
from pushctl.plan.plan import Plan
from pushctl.plan.planner import PlanRequest, make_plan
from pushctl.plan.reconcile.in_doubt import Timeouts
from pushctl.plan.reconcile.listing import Listing
from pushctl.push.task import ActualTask, Delivery, strategy_type
from pushctl.render import json_output
from pushctl.render.markdown import plan as plan_markdown
from pushctl.render.text import plan as plan_text
from pushctl.schedule.service_schedule import Horizon, deliveries
from pushctl.state.codec import encode_state
from pushctl.state.events import CreateBegan, CreateConfirmed, advance
from pushctl.state.state import State
from pushctl.text.style import Style

CASES = sorted(path.parent for path in Path(__file__).parent.glob("*/case.json"))
SHANGHAI = zone("Asia/Shanghai")
SCHEMAS = Path(__file__).parents[3] / "schemas"
PLAN_SCHEMA = json.loads((SCHEMAS / "plan.schema.json").read_text("utf-8"))
LINEAGE = "11111111-2222-3333-4444-555555555555"


def at(text: str) -> int:
    return int(dt.datetime.fromisoformat(text).timestamp())


def plan_request(folder: Path, now: int, state: State, options: dict[str, Any]) -> PlanRequest:
    reading = read_manifest(folder)
    manifest = reading.manifest
    assert manifest is not None, reading.diagnostics
    compiled = compile_manifest(reading, now=now, recorded=frozenset(state.pushes))
    wanted = DiffOptions(moved={item.from_: item.to for item in manifest.moved})
    return PlanRequest(
        app=manifest.app.id,
        workspace=manifest.app.workspace,
        env=None,
        timezone=zone(manifest.timezone),
        desired=compiled.pushes,
        context=PlanContext(now, Horizon(SHANGHAI), replace(wanted, **options)),
        limits=Thresholds(
            cancel_share=manifest.policy.max_cancels,
            creates=manifest.policy.max_creates,
            audience=manifest.policy.max_audience,
            audience_change=manifest.policy.max_audience_change,
        ),
        manifest_digest="0" * 64,
        policy_digest="1" * 64,
        timeouts=Timeouts(0.0),
        diagnostics=(*reading.diagnostics, *compiled.diagnostics),
    )


def after_applying(plan: Plan, state: State, now: int) -> State:
    """Return the state as if every create of a plan had succeeded at once."""
    number = 0
    for change in plan.changes:
        push = push_of(change)
        for task in creates_of(change):
            assert push is not None
            number += 1
            draft = intent(push, task, now=now)
            state = advance(
                state, CreateBegan(change.id, draft, push.fingerprint, push.spec, push.meta)
            )
            state = advance(
                state, CreateConfirmed(change.id, draft.slot, f"task-{number:04d}", "req", now)
            )
    return replace(state, serial=1)


def listed(state: State, now: int, missing: list[str]) -> tuple[ActualTask, ...]:
    """Return what the service would list of a state."""
    return tuple(
        ActualTask(
            task.task_id,
            str(record.spec["message"]["title"]),
            str(record.spec["message"]["body"]),
            3,
            strategy_type(task.schedule),
            task.began_at,
            tuple(
                Delivery(moment, moment <= now) for moment in deliveries(task.schedule, SHANGHAI)
            ),
        )
        for record in state.pushes.values()
        for task in record.tasks
        if task.task_id not in missing
    )


def strangers(rows: list[dict[str, Any]]) -> tuple[ActualTask, ...]:
    return tuple(
        ActualTask(
            row["task_id"], row["title"], row["body"], 3, 1, 0, (Delivery(at(row["at"]), False),)
        )
        for row in rows
    )


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_plan_is_what_it_was(case: Path, tmp_path: Path, update_golden: bool) -> None:
    facts = json.loads((case / "case.json").read_text("utf-8"))
    now, applied = at(facts["now"]), at(facts.get("applied", facts["now"]))
    state = State(LINEAGE, "ONEX0000000000000", "prod")
    if (case / "before.yaml").exists():
        folder = tmp_path / "before"
        folder.mkdir()
        shutil.copy(case / "before.yaml", folder / "pushctl.yaml")
        first = make_plan(plan_request(folder, applied, state, {}), state, Listing((), applied))
        state = after_applying(first, state, applied)
    folder = tmp_path / "after"
    folder.mkdir()
    shutil.copy(case / "after.yaml", folder / "pushctl.yaml")
    actual = listed(state, now, facts.get("missing", [])) + strangers(facts.get("strangers", []))
    look = None if facts.get("offline") else Listing(actual, now)
    plan = make_plan(plan_request(folder, now, state, facts.get("options", {})), state, look)
    expect(case / "plan.txt", plan_text.plan(plan), update_golden)
    narrow = plan_text.plan(plan, Style(color=True, cells=60))
    expect(case / "plan.narrow.txt", narrow, update_golden)
    document = json_output.plan(plan, version="0.0.0", with_noops=True)
    expect(case / "plan.json", json_output.text(document), update_golden)
    jsonschema.validate(document, PLAN_SCHEMA)
    comment = plan_markdown.plan(plan, version="0.0.0")
    expect(case / "plan.md", comment, update_golden)
    expect(case / "state.json", json_output.text(encode_state(state)), update_golden)


def expect(path: Path, text: str, update: bool) -> None:
    if update:
        path.write_text(text, "utf-8")
    assert path.read_text("utf-8") == text


def test_there_are_stories() -> None:
    assert len(CASES) >= 6
