"""Every command that prints JSON does so with `--format json`, as its schema says."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import jsonschema
import pytest
from referencing import Registry, Resource

from pushctl import __version__, schemas
from pushctl.cli.main import cli
from tests.acceptance.cli import Here, example
from tests.project.json_page import shapes

OUTPUT = json.loads(schemas.read("output"))
COMMANDS = OUTPUT["properties"]["command"]["enum"]
LISTS = ("doctor", "history", "state history", "state list", "stop --dry-run")
"""Commands whose `--format json` was a list, or a map of ids, before there was an envelope."""

STATE = ("state show",)
"""Commands that print what `state.schema.json` describes."""

ENV = {"PUSHCTL_NOW": "2026-12-01T09:00:00+08:00"}
CREATE = "sandbox console create --title T --content B --target u --at 2026-12-05T20:00"
LINES = (
    "version",
    "validate",
    "simulate --until 2026-12-03",
    "plan",
    "apply --yes",
    "plan",
    "drift",
    "status",
    "when stand-up",
    "sandbox clock next",
    "sandbox clock",
    "sandbox clock freeze",
    "sandbox clock advance 1h",
    "sandbox clock to 2026-12-03T09:00",
    "sandbox clock run --speed 2x",
    "sandbox inbox",
    "sandbox requests",
    "sent",
    "status --offline",
    "doctor",
    "history",
    "state history",
    "state list",
    "state show",
    "state show stand-up",
    "sandbox knob month31=last",
    "sandbox fault add slow --times 1",
    "sandbox fault list",
    "sandbox fault clear",
    "sandbox snapshot save one",
    "sandbox snapshot list",
    "sandbox snapshot load one",
    "sandbox snapshot delete one",
    CREATE,
    "fleet plan",
    "fleet drift",
    "fleet status",
    "fleet apply --yes",
    "stop --all --dry-run",
    "stop --from-service --title T --yes",
    "stop stand-up",
    CREATE,
    "sandbox console cancel TASK",
    "sandbox reset",
)


def checked(document: Any, command: str) -> None:
    plan = Resource.from_contents(json.loads(schemas.read("plan")))
    registry = Registry().with_resource("https://pushctl.dev/schemas/plan-1.json", plan)
    whole = dict(OUTPUT)
    if command in LISTS:
        name = command.removeprefix("state ") if command == "state history" else command
        whole = {"$id": OUTPUT["$id"], "$defs": OUTPUT["$defs"], **OUTPUT["$defs"][name]}
    else:
        assert (document["command"], document["pushctl_version"]) == (command, __version__)
        assert list(document)[:4] == ["format_version", "pushctl_version", "command", "env"]
        (rule,) = (
            x for x in OUTPUT["allOf"] if command in x["if"]["properties"]["command"]["enum"]
        )
        named = {name for names in shapes(rule["then"]) for name in names}
        assert set(document) - named == set(OUTPUT["properties"])
    jsonschema.Draft202012Validator(whole, registry=registry).validate(document)


def command_of(line: str) -> str:
    if "--dry-run" in line:
        return "stop --dry-run"
    words, command = line.split(), cli
    for number, word in enumerate(words):
        found = isinstance(command, click.Group) and command.get_command(click.Context(cli), word)
        if not found:
            return " ".join(words[:number])
        command = found
    return line


def printing_json(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[str]:
    for name in group.list_commands(click.Context(group)):
        command = group.get_command(click.Context(group), name)
        assert command is not None
        for option in command.params:
            if "--format" in option.opts and "json" in getattr(option.type, "choices", ()):
                yield " ".join((*path, name))
        if isinstance(command, click.Group):
            yield from printing_json(command, (*path, name))


def test_every_command_that_prints_json_has_a_schema_and_is_run_here() -> None:
    there = {*printing_json(cli)}
    assert there == {*COMMANDS, *LISTS, *STATE} - {"stop --dry-run"}
    assert {command_of(line) for line in LINES} == {*COMMANDS, *LISTS, *STATE} - {"sandbox up"}


def test_what_commands_print_is_what_their_schema_says(tmp_path: Path) -> None:
    here, task = example("quickstart", tmp_path, Here), ""
    for line in LINES:
        ran = here.run(*line.replace("TASK", task).split(), "--format", "json", env=ENV)
        assert ran.code in (0, 2), (line, ran)
        if command_of(line) not in STATE:
            checked(ran.json, command_of(line))
        task = ran.json["id"] if line == CREATE else task


@pytest.mark.parametrize("command", ["validate", "lint", "plan"])
def test_findings_come_in_the_envelope_too(command: str, tmp_path: Path) -> None:
    here = example("quickstart", tmp_path, Here)
    here.write("version: 1\n")
    ran = here.run(command, "--format", "json")
    assert (ran.code, ran.json["valid"]) == (1, False)
    checked(ran.json, "validate" if command == "lint" else command)


def test_a_schema_notices_what_is_missing_or_other(tmp_path: Path) -> None:
    found = Here(tmp_path).run("version", "--format", "json").json
    checked(found, "version")
    for wrong in ({"command": "none"}, {"env": 1}, {"python_version": 3}, {"format_version": "2"}):
        with pytest.raises((jsonschema.ValidationError, AssertionError)):
            checked({**found, **wrong}, "version")


def test_the_environment_is_named(tmp_path: Path) -> None:
    ran = Here(tmp_path).run("version", "--env", "prod", "--format", "json")
    assert ran.json["env"] == "prod"


def test_a_sandbox_that_runs_tells_its_address(tmp_path: Path) -> None:
    words = ("sandbox", "up", "--port", "0", "--format", "json")
    command = [sys.executable, "-m", "pushctl", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        lines = iter(process.stdout.readline, b"}\n")
        document = json.loads(b"".join(lines) + b"}")
        process.send_signal(signal.SIGINT)
    checked(document, "sandbox up")


@pytest.mark.parametrize(
    ("line", "name"),
    [("version", ""), ("sandbox knob", "knobs"), ("sandbox requests", "requests")],
)
def test_the_spelling_of_before_stays_as_it_was(line: str, name: str, tmp_path: Path) -> None:
    here = example("quickstart", tmp_path, Here)
    before = here.run(*line.split(), "--json").json
    now = here.run(*line.split(), "--format", "json").json
    if not name:
        assert before == {key: now[key] for key in before}
        assert "command" not in before
    else:
        assert before == now[name]
