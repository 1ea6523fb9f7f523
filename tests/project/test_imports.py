"""Who imports whom, and what a light command does not pay for."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.cli import example

ROOT = Path(__file__).parents[2]
SDK = (
    "alibabacloud_tea_openapi",
    "alibabacloud_credentials",
    "darabonba",
    "Tea",
    "aiohttp",
    "requests",
    "urllib3",
    "cryptography",
    "apscheduler",
)
MANIFEST = ("pydantic", "ruamel", "_ruamel_yaml", "jsonschema", "jsonschema_rs")

PROGRAM = """
import sys
from pushctl.__main__ import main
sys.argv = ["pushctl", *{arguments!r}]
try:
    main()
except SystemExit as end:
    code = end.code
else:
    code = 0
loaded = sorted({{".".join(name.split(".")[:end]) for name in sys.modules for end in (1, 2)}})
print("LOADED", code, *loaded)
"""


def loaded(*arguments: str, folder: Path) -> set[str]:
    """Return the packages, two levels deep, that a command has loaded when it ends well."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM.format(arguments=list(arguments))],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    )
    last = next(line for line in done.stdout.splitlines() if line.startswith("LOADED"))
    _, code, *names = last.split()
    assert code in ("0", "None"), done.stdout + done.stderr
    return set(names)


@pytest.mark.parametrize("arguments", [("--version",), ("--help",), ("plan", "--help")])
def test_help_loads_neither_client_nor_manifest_libraries(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    assert not loaded(*arguments, folder=tmp_path) & {*SDK, *MANIFEST}


def test_version_answers_before_click(tmp_path: Path) -> None:
    assert "click" not in loaded("--version", folder=tmp_path)


@pytest.mark.parametrize("arguments", [("validate",), ("plan", "--offline"), ("state", "list")])
def test_offline_commands_load_nothing_of_the_client(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    example("quickstart", tmp_path)
    assert not loaded(*arguments, folder=tmp_path) & {*SDK, "http"} - {"http"}


def test_a_valid_manifest_needs_no_explaining(tmp_path: Path) -> None:
    pytest.importorskip("jsonschema_rs")
    example("quickstart", tmp_path)
    assert not loaded("validate", folder=tmp_path) & {"jsonschema", "re2", "icalendar"}


UNUSED = {
    ("--help",): {"dateutil", "difflib", "html", "importlib.metadata", "subprocess", "wcwidth"}
    | {"pushctl.manifest", "pushctl.plan", "pushctl.render", "pushctl.schemas", "pushctl.state"},
    ("validate",): {"difflib", "html", "pydantic", "subprocess", "wcwidth"}
    | {"pushctl.apply", "pushctl.codehosts", "pushctl.plan", "pushctl.sandbox"},
    ("fmt", "--check"): {
        "html",
        "importlib.metadata",
        "pydantic",
        "subprocess",
        "wcwidth",
    }
    | {"pushctl.apply", "pushctl.lint", "pushctl.plan", "pushctl.push", "pushctl.state"},
    ("plan", "--offline"): {"html", "pydantic", "urllib3"}
    | {"pushctl.credentials", "pushctl.lsp", "pushctl.sandbox"},
}
"""What a command has no use for, however it is asked, and others have."""


@pytest.mark.parametrize("arguments", UNUSED, ids=" ".join)
def test_a_command_loads_nothing_that_it_does_not_use(
    arguments: tuple[str, ...], tmp_path: Path
) -> None:
    example("quickstart", tmp_path)
    assert not loaded(*arguments, folder=tmp_path) & UNUSED[arguments]


def test_import_rules_hold() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "lint-imports"), "--no-cache"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    assert "0 broken" in done.stdout
