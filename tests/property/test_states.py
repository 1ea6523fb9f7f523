"""Whatever a state file holds: it is understood, or refused with a sentence. No traceback."""

from __future__ import annotations

import copy
import functools
import json
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pushctl.errors import StateError
from pushctl.manifest.compile import compile_manifest
from pushctl.manifest.read import read_manifest
from pushctl.manifest.schedule.timezones import zone
from pushctl.plan.change import creates_of
from pushctl.plan.diff.diff import diff
from pushctl.plan.guards.thresholds import Thresholds
from pushctl.plan.inputs import DiffOptions, PlanContext
from pushctl.plan.intent import intent
from pushctl.plan.planner import PlanRequest, make_plan
from pushctl.plan.reconcile.listing import Listing
from pushctl.plan.status import rows
from pushctl.push.identity import digest
from pushctl.render import json_output
from pushctl.render.text import in_doubt as in_doubt_text
from pushctl.render.text import plan as plan_text
from pushctl.render.text import state as state_text
from pushctl.schedule.service_schedule import Horizon
from pushctl.state.codec import encode_state
from pushctl.state.events import CreateBegan, CreateConfirmed, advance
from pushctl.state.file.store import FileStateStore
from pushctl.state.state import State
from tests.acceptance.cli import EXAMPLES
from tests.examples import share

NOW = 1796087000
SHANGHAI = zone("Asia/Shanghai")
CONTEXT = PlanContext(NOW, Horizon(SHANGHAI), DiffOptions(moved={}))
APP, WORKSPACE = "ONEX0000000000000", "test"


@functools.cache
def applied() -> tuple[Any, State]:
    """Return the compiled loops example and the state after applying it, one task in doubt."""
    reading = read_manifest(EXAMPLES / "loops")
    compiled = compile_manifest(reading, now=NOW)
    state = State("lineage", APP, WORKSPACE, serial=3)
    for number, change in enumerate(diff(compiled.pushes, state, CONTEXT)):
        push = compiled.pushes[number]
        for task in creates_of(change):
            draft = intent(push, task, now=NOW, known=("x",))
            began = CreateBegan(change.id, draft, push.fingerprint, push.spec, push.meta)
            state = advance(state, began)
            if number:
                done = CreateConfirmed(change.id, draft.slot, f"t{number}", "r", NOW)
                state = advance(state, done)
    return compiled.pushes, state


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=12)
    | st.sampled_from(["9999-12-31T23:59:59Z", "0001-01-01", "24:00:00", "scheduled", "loop"]),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)


def paths(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, item in items:
        if isinstance(item, dict | list):
            found += paths(item, (*path, key))
        else:
            found.append((*path, key))
    return found


def put(document: Any, path: tuple[Any, ...], value: Any) -> None:
    for step in path[:-1]:
        document = document[step]
    document[path[-1]] = value


def outcome(raw: bytes) -> str:
    """Read a state file and do with it what the commands do; says how it ended."""
    pushes, _ = applied()
    with tempfile.TemporaryDirectory() as folder:
        store = FileStateStore(Path(folder), app=APP, workspace=WORKSPACE)
        store.path.write_bytes(raw)
        try:
            state = store.read()
        except StateError as error:
            return "refused" if error.summary and (error.fix or error.detail) else "refused badly"
    assert state is not None
    plan_request = PlanRequest(
        app=APP,
        workspace=WORKSPACE,
        env=None,
        timezone=SHANGHAI,
        desired=pushes,
        context=CONTEXT,
        limits=Thresholds(),
        manifest_digest="",
        policy_digest="",
    )
    for look in (None, Listing((), NOW)):
        plan = make_plan(plan_request, state, look)
        plan_text.plan(plan)
        json_output.text(json_output.plan(plan, version="0"))
    state_text.entries(rows(state, now=NOW, zone=SHANGHAI), zone=SHANGHAI, now=NOW)
    for id, record in state.pushes.items():
        state_text.entry(id, record, zone=SHANGHAI, now=NOW)
        in_doubt_text.doubts(id, record, None, (), typed="pushctl", zone=SHANGHAI)
    json_output.text(encode_state(state))
    return "understood"


@settings(max_examples=share(300), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_state_with_any_value_changed_is_understood_or_refused(data: st.DataObject) -> None:
    document = copy.deepcopy(encode_state(applied()[1]))
    for _ in range(data.draw(st.integers(1, 3))):
        path = data.draw(st.sampled_from(paths(document)))
        put(document, path, data.draw(JSON))
    body = {key: value for key, value in document.items() if key != "sha256"}
    document["sha256"] = digest(json.loads(json.dumps(body)))
    assert outcome(json.dumps(document).encode()) in ("understood", "refused")


@settings(max_examples=share(200), deadline=None)
@given(st.binary(max_size=60), st.integers(0, 10_000), st.integers(0, 200))
def test_a_state_with_damaged_bytes_is_refused(junk: bytes, start: int, length: int) -> None:
    raw = json.dumps(encode_state(applied()[1])).encode()
    start %= len(raw)
    mangled = raw[:start] + junk + raw[start + length :]
    if mangled != raw:
        expected = ("refused",) if json_of(mangled) != json_of(raw) else ("understood",)
        assert outcome(mangled) in expected


def json_of(raw: bytes) -> Any:
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None


def test_the_untouched_state_is_understood() -> None:
    assert outcome(json.dumps(encode_state(applied()[1])).encode()) == "understood"
