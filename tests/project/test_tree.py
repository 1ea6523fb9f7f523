"""The shape of the tree: small folders, modules and functions, no import circle, mirrored tests."""

from __future__ import annotations

import ast
import statistics
from collections import Counter
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "pushctl").rglob("*.py"))
MOST_MODULES, MOST_STAGES = 22, 12
"""Modules in a folder, and in one of the two packages with stages of the pipeline."""


def functions() -> Iterator[tuple[str, int]]:
    """Yield every function with its place and its length in lines."""
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                assert node.end_lineno is not None
                place = f"{path.relative_to(ROOT)}:{node.lineno} {node.name}"
                yield place, node.end_lineno - node.lineno + 1


def test_folders_stay_small() -> None:
    counted = Counter(path.parent for path in MODULES if path.name != "__init__.py")
    folders = {folder.relative_to(ROOT).as_posix(): count for folder, count in counted.items()}
    staged = ("pushctl/manifest", "pushctl/plan")
    most = {name: MOST_STAGES if name.startswith(staged) else MOST_MODULES for name in folders}
    assert {name: count for name, count in folders.items() if count > most[name]} == {}


def test_modules_stay_small() -> None:
    lines = {path: path.read_text("utf-8").count("\n") for path in MODULES}
    assert {path.name: count for path, count in lines.items() if count > 400} == {}


def test_functions_stay_small() -> None:
    found = dict(functions())
    assert {place: size for place, size in found.items() if size > 50} == {}
    assert statistics.median(found.values()) <= 10


def test_no_module_imports_itself_by_a_detour() -> None:
    """Count every import, also those of type checkers only and those within functions."""
    graph = grimp.build_graph("pushctl", cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


ACCEPTANCE = {
    "adopt": "main_job", "apply": "main_job", "calendar": "calendar", "comment": "comment",
    "doctor": "doctor", "drift": "main_job", "fmt": "fmt", "history": "history",
    "plan": "plan_outputs", "preview": "pages", "resume": "stop", "state/group": "main_job",
    "state/moving": "state_moves", "state/recovery": "disaster", "state/resolve": "concurrency",
    "sent": "sent", "simulate/command": "simulate", "simulate/life": "simulate",
    "status": "main_job", "stop": "stop", "validate": "validate_formats", "when": "when",
}  # fmt: skip
"""Commands are tested by running them: which file of `tests/acceptance` does it for each."""

ELSEWHERE = {
    "cli/planning/base_plan.py": "acceptance/test_base.py",
    "cli/project/policy.py": "unit/cli/project/test_project.py",
    "cli/commands/fleet/command.py": "acceptance/test_fleet.py",
    "cli/commands/init.py": "project/test_ci_files.py",
    "cli/commands/lsp.py": "acceptance/lsp/test_lsp.py",
    **{
        f"cli/commands/sandbox/{name}.py": "acceptance/sandbox/test_commands.py"
        for name in ("clock", "connection", "console", "group", "settings", "snapshot")
    },
    "cli/commands/sandbox/inbox.py": "acceptance/sandbox/test_inbox_command.py",
    "cli/commands/sandbox/server.py": "acceptance/sandbox/test_up_and_exec.py",
    "lint/model.py": "acceptance/test_own_rules.py",
    "lsp/server.py": "acceptance/lsp/test_lsp.py",
    "manifest/schema/policy.py": "property/test_manifest_model.py",
    "manifest/schema/validation_error.py": "unit/manifest/schema/test_messages.py",
    "plan/origin.py": "unit/plan/test_change_origin.py",
    "rule.py": "unit/lint/test_examples.py",
    "state/git_branch/earlier.py": "unit/state/git_branch/test_log.py",
    "state/chain/chain.py": "unit/state/chain/test_store.py",
    "state/chain/waiting.py": "unit/state/chain/test_lease.py",
    "state/chain/writer.py": "unit/state/chain/test_store.py",
    **{
        f"sandbox/control/{name}.py": "unit/sandbox/control/test_control.py"
        for name in ("bodies", "clock", "logs", "routes", "settings", "tasks")
    },
    "sandbox/control/snapshots.py": "unit/sandbox/storage/test_snapshots.py",
    "sandbox/assumptions.py": "unit/sandbox/test_knobs.py",
    **{f"cli/commands/{name}.py": f"acceptance/test_{at}.py" for name, at in ACCEPTANCE.items()},
}
"""Modules whose behaviour is tested at another place, below `tests`."""

VALUES = {
    "apply/result.py", "cli/planning/plan_options.py", "clock.py", "lint/check.py",
    "manifest/resolved.py", "plan/inputs.py", "plan/guards/rules.py", "sandbox/storage/task.py",
    "state/chain/log.py",
}  # fmt: skip
"""Modules that hold nothing but values, and so have no behaviour to test."""


def test_unit_tests_stand_where_their_module_stands() -> None:
    named = {path.relative_to(ROOT / "pushctl") for path in MODULES if path.name[0] != "_"}
    tests = ROOT / "tests"
    without = {
        path.as_posix()
        for path in named
        if not (tests / "unit" / path.parent / f"test_{path.name}").exists()
    }
    assert without == {*ELSEWHERE, *VALUES}
    assert all((tests / place).exists() for place in ELSEWHERE.values())
    assert len(without) <= len(named) / 4


def test_what_holds_only_values_defines_no_function() -> None:
    for name in VALUES:
        tree = ast.parse((ROOT / "pushctl" / name).read_text("utf-8"))
        assert not [node.name for node in tree.body if isinstance(node, ast.FunctionDef)]


def test_only_the_adapter_and_the_emulator_know_the_vendors_names() -> None:
    names = {"Title", "Content", "TargetMsgkey", "StrategyContent", "DeliveryType"}
    knowing = set()
    for path in MODULES:
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Constant) and node.value in names:
                knowing.add(path.relative_to(ROOT / "pushctl").parts[0])
    assert knowing == {"mpaas", "sandbox"}
