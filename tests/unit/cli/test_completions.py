"""What a shell is told: values of manifests as their lines have them, and how fast."""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.shell_completion import get_completion_class

from pushctl.cli import completions
from pushctl.cli.completions import Place, keys
from pushctl.lint.registry import rules
from pushctl.manifest.yaml.loader import load
from tests.acceptance.cli import EXAMPLES

ENTRY = """\
  push-{}:
    schedule: {{at: 2026-12-24T20:00}}
    to: {{users: [ann]}}
    message:
      title: Title
      body: |
        pushes:
          no-push: true
"""


def completed(shell: str, *words: str) -> list[str]:
    """Complete the last word in this process."""
    assert completions.answer("bash_source") == 0  # which makes the shells known
    kind = get_completion_class(shell)
    assert kind is not None
    shown = kind(completions.commands(), {}, "pushctl", "_PUSHCTL_COMPLETE")
    return [item.value for item in shown.get_completions(list(words[:-1]), words[-1])]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "x.yaml").write_text("pushes: {outside: 1}\n")
    tmp_path /= "shop"
    tmp_path.mkdir()
    monkeypatch.chdir(tmp_path)
    root = "include: [./more/*.yaml, ../x.yaml]\nenvironments:\n  dev: {}\npushes:\n  sale:\n"
    root += "    labels: {team: crm}\n"
    (tmp_path / "pushctl.yaml").write_text(root)
    for name in ("environments", "more", ".pushctl/sandbox.db.snapshots"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "environments/prod.yaml").touch()
    (tmp_path / ".pushctl/sandbox.db.snapshots/before.db").touch()
    more = "# more\npushes:\n    # next\n    deal:\n        labels:\n            kind: 'x'\n"
    more += "    hi.2: {}\n"
    (tmp_path / "more/more.yaml").write_text(more)
    state = {"pushes": {"sale": {}, "promo[zh]": {}}}
    (tmp_path / "pushctl.prod.state.json").write_text(json.dumps(state))
    return tmp_path


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("pl",), ["plan"]),
        (("plan", "--targ"), ["--target"]),
        (("plan", "--en"), ["--env"]),
        (("plan", "--target", ""), ["sale", "deal", "hi.2"]),
        (("plan", "--target=d"), ["--target=deal"]),
        (("plan", "--env=prod", "--exclude", "p"), ["promo[zh]"]),
        (("--env", "prod", "state", "show", ""), ["sale", "deal", "hi.2", "promo[zh]"]),
        (("stop", "sale", "de"), ["deal"]),
        (("stop", "--label", ""), ["team=crm", "kind=x"]),
        (("plan", "--env", ""), ["dev", "prod"]),
        (("fleet", "plan", "--env", "p"), ["prod"]),
        (("explain", "PSH30"), sorted(code for code in rules() if code.startswith("PSH30"))),
        (("sandbox", "fault", "add", "los"), ["lost-response"]),
        (("sandbox", "fault", "add", "slow", "--op", "PushS"), ["PushSimple"]),
        (("sandbox", "knob", "month31="), ["month31=skip", "month31=last", "month31=error"]),
        (("sandbox", "snapshot", "load", ""), ["before"]),
        (("sandbox", "console", "cancel", ""), []),
        (("-C", "none", "plan", "--target", ""), []),
        (("validate", "--format", "s"), ["sarif"]),
        (("lint", "--fi"), ["--fix", "--file"]),
    ],
)
def test_what_a_word_may_become(words: tuple[str, ...], expected: list[str], folder: Path) -> None:
    found = completed("fish", *words)
    assert (sorted(found) if words[0] == "explain" else found) == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("plan", "--target", "=", "d"), ["deal"]),
        (("plan", "--target", "="), ["sale", "deal", "hi.2"]),
        (("stop", "--label", "team", "=", "c"), ["crm"]),
        (("stop", "--label", "=", "team", "=", "c"), ["crm"]),
    ],
)
def test_bash_takes_words_apart_at_the_sign(
    words: tuple[str, ...], expected: list[str], folder: Path
) -> None:
    assert completed("bash", *words) == expected


@pytest.mark.parametrize("damage", ["[]", "{", '{"pushes": 3}'])
def test_a_damaged_file_completes_to_nothing(damage: str, folder: Path) -> None:
    (folder / "pushctl.state.json").write_text(damage)
    assert completed("zsh", "sent", "x") == []


@pytest.mark.parametrize("path", sorted(EXAMPLES.rglob("*.yaml")), ids=lambda path: path.name)
def test_keys_are_those_that_the_parser_finds(path: Path) -> None:
    document, _ = load(path.name, path.read_bytes())
    for name in ("pushes", "environments"):
        real = [] if document is None else list(document.data.get(name) or {})
        assert keys(path.read_text("utf-8"), name) == real


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pushes: {a: {x: {y: 1}}, b: {}, 'c': 1}\n", ["a", "b", "c"]),
        ("pushes:\r\n  a: 1\r\n\r\n  b:\r\n    x: 1\r\n", ["a", "b"]),
        ("pushes:\n# none\n\n  a:\n\n# x\n  b:\nx: 1\n", ["a", "b"]),
        ("x:\n  pushes:\n    a: 1\n", []),
        ("pushes:", []),
    ],
)
def test_keys_of_other_layouts(text: str, expected: list[str]) -> None:
    assert keys(text, "pushes") == expected


def test_ids_of_a_thousand_pushes_come_within_150_ms(folder: Path) -> None:
    (folder / "pushctl.yaml").write_text("pushes:\n" + "".join(map(ENTRY.format, range(1000))))
    words = {"COMP_WORDS": "pushctl\nwhen\npush-", "COMP_CWORD": "2"}
    env = {**os.environ, **words, "_PUSHCTL_COMPLETE": "bash_complete"}
    spent = []
    for _ in range(3):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        command = [sys.executable, "-m", "pushctl"]
        ran = subprocess.run(command, env=env, capture_output=True, text=True, check=True)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
        assert ran.stdout.splitlines() == [f"plain,push-{number}" for number in range(1000)]
    assert min(spent) < 0.15


def test_only_what_is_needed_is_loaded() -> None:
    code = "import sys, pushctl.cli.completions; print(*sys.modules)"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    ours = {name for name in ran.stdout.split() if name.startswith("pushctl")}
    assert ours == {"pushctl", "pushctl.cli", "pushctl.cli.completions"}
    assert {"msgspec", "ruamel.yaml", "pydantic"}.isdisjoint(ran.stdout.split())


def test_the_folder_may_come_from_the_environment(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PUSHCTL_ENV", "prod")
    assert completions.place_of(click.Context(completions.commands())) == Place(
        Path("."), "pushctl.yaml", "prod"
    )
