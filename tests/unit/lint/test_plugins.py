"""Rules of installed packages: what they must be, and what is said of those that are not."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from pushctl.errors import ConfigError
from pushctl.lint.check import Project
from pushctl.lint.context import project
from pushctl.lint.plugins import own_checks, packages
from pushctl.manifest.compile import compile_manifest
from pushctl.manifest.read import read_manifest
from tests.unit.lint.manifests import APP, HEAD, NOW

CODE = """\
from pushctl.lint.check import Finding

def check(project):
    yield None, Finding(%s, ("vars",), "Detail.")
"""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    info = tmp_path / "own_rules-1.2.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: own-rules\nVersion: 1.2\n")
    (info / "entry_points.txt").write_text("[pushctl.lints]\nours = own_rules_of_tests:check\n")
    monkeypatch.syspath_prepend(tmp_path)
    yield tmp_path / "own_rules_of_tests.py"
    sys.modules.pop("own_rules_of_tests", None)


@pytest.fixture
def looked_at(tmp_path: Path) -> Project:
    (tmp_path / "pushctl.yaml").write_text(f"{HEAD}{APP}pushes: {{}}\n")
    reading = read_manifest(tmp_path)
    made = project(reading, compile_manifest(reading, now=NOW), now=NOW)
    assert made is not None
    return made


def test_without_packages_there_are_no_own_rules() -> None:
    assert (own_checks(), packages()) == ((), ())


def test_a_package_brings_its_rules(installed: Path, looked_at: Project) -> None:
    installed.write_text(CODE % '"ACME001"')
    assert packages() == ("own-rules 1.2 (own_rules_of_tests:check)",)
    (check,) = own_checks()
    assert [(target, item.code) for target, item in check(looked_at)] == [(None, "ACME001")]


@pytest.mark.parametrize("code", ["PSH301", "acme", "ACME1\\n", ""])
def test_codes_are_its_own(code: str, installed: Path, looked_at: Project) -> None:
    installed.write_text(CODE % f'"{code}"')
    (check,) = own_checks()
    with pytest.raises(ConfigError, match=r"ours: ValueError: .* is no code of your own"):
        list(check(looked_at))


def test_one_that_cannot_be_loaded_is_named(installed: Path) -> None:
    installed.write_text("1 / 0\n")
    with pytest.raises(ConfigError) as raised:
        own_checks()
    assert raised.value.detail == "ours: ZeroDivisionError: division by zero"


def test_where_no_package_names_the_group_nothing_is_loaded_to_look(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(sys.modules, "importlib.metadata", None)  # importing it would fail
    assert own_checks() == ()
    archive = tmp_path / "rules.zip"
    archive.write_bytes(b"")
    monkeypatch.syspath_prepend(archive)
    with pytest.raises(ImportError):
        own_checks()
