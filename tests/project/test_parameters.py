"""Everything that PushSimple takes can be said in a manifest."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from pushctl.manifest.compile import compile_manifest
from pushctl.manifest.read import read_manifest
from pushctl.manifest.schedule.timezones import zone
from pushctl.mpaas.encode import parameters
from pushctl.plan.change import creates_of
from pushctl.plan.diff.diff import diff
from pushctl.plan.inputs import DiffOptions, PlanContext
from pushctl.schedule.service_schedule import Horizon
from pushctl.state.state import State

EXAMPLES = Path(__file__).parents[2] / "examples"
NOW = 1796087000  # 2026-12-01T01:03:20Z, just after the moment at which the examples stand still

PAGE = (Path(__file__).parent / "pushsimple.json").read_text("utf-8")
TABLE: dict[str, Any] = json.loads(PAGE)


def requests(folder: Path) -> list[dict[str, Any]]:
    """Return the complete parameters of every call that a folder's manifest leads to."""
    reading = read_manifest(folder)
    assert reading.manifest is not None, reading.diagnostics
    compiled = compile_manifest(reading, now=NOW)
    assert not [item for item in compiled.diagnostics if item.severity == "error"]
    shanghai = zone("Asia/Shanghai")
    context = PlanContext(NOW, Horizon(shanghai), DiffOptions(moved={}, allow_immediate=True))
    app = reading.manifest.app
    found = []
    for change in diff(compiled.pushes, State("lineage", app.id, app.workspace), context):
        push = getattr(change, "push", None)
        for task in creates_of(change):
            made = parameters(push, task, zone=shanghai)
            found.append({"AppId": app.id, "WorkspaceId": app.workspace, **made})
    return found


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    extra = tmp_path_factory.mktemp("extra")
    (extra / "pushctl.yaml").write_text(
        """
version: 1
app: {id: A, workspace: w, tenant: T1}
timezone: Asia/Shanghai
pushes:
  at-once:
    schedule: {now: true}
    to: {users: [u1]}
    via: mps
    message:
      title: t
      body: b
      style: big-text
      silent: true
      transparent_payload: {a: 1}
      transparent_urgency: HIGH
    vendors: {template: tpl, vivo: {class: system}, huawei: {category: finance, level: low}}
    sms: {mode: concurrent, sign: s, template: T, params: {code: "1"}}
  novel:
    schedule: {at: 2026-12-24T20:00}
    to: {users: [u1]}
    message: {title: t2, body: b}
    raw: {BrandNew: {x: [1]}, Silent: 1}
""",
        "utf-8",
    )
    folders = sorted(path.parent for path in EXAMPLES.glob("*/pushctl.yaml"))
    return [call for folder in (*folders, extra) for call in requests(folder)]


@pytest.mark.parametrize("name", sorted(TABLE["parameters"]))
def test_parameter_of_the_vendors_page_is_reachable(name: str, seen: list[dict[str, Any]]) -> None:
    wire = name[0].upper() + name[1:]
    values = [call[wire] for call in seen if wire in call]
    assert values, f"no manifest leads to {wire}"
    kind = int if TABLE["parameters"][name] == "number" else str
    assert all(type(value) is kind for value in values)


@pytest.mark.parametrize("name", sorted(TABLE["strategy_content"]))
def test_field_of_strategy_content_is_reachable(name: str, seen: list[dict[str, Any]]) -> None:
    contents = [json.loads(call["StrategyContent"]) for call in seen if "StrategyContent" in call]
    assert any(name in content for content in contents)


@pytest.mark.parametrize("name", TABLE["client_libraries_only"])
def test_parameter_of_the_client_libraries_is_reachable(
    name: str, seen: list[dict[str, Any]]
) -> None:
    assert name == "TenantId" or any(name in call for call in seen)


@pytest.mark.parametrize(("name", "values"), sorted(TABLE["values"].items()))
def test_every_value_of_an_enumeration_is_reachable(
    name: str, values: list[Any], seen: list[dict[str, Any]]
) -> None:
    assert {call[name] for call in seen if name in call} >= set(values)


def test_raw_passes_on_what_the_language_has_no_word_for(seen: list[dict[str, Any]]) -> None:
    (call,) = [call for call in seen if "BrandNew" in call]
    assert call["BrandNew"] == '{"x":[1]}'
    assert call["Silent"] == 1


def test_the_table_is_complete() -> None:
    assert len(TABLE["parameters"]) == 29
    assert len(TABLE["strategy_content"]) == 6
