"""The file of commands and options that shells complete by is what the commands say."""

from __future__ import annotations

import json
from typing import Any

import click

from pushctl.cli import completions
from pushctl.cli.global_options import OptionBehind
from pushctl.cli.main import cli
from pushctl.cli.registry import ALIASES

VALUES = {
    **dict.fromkeys(("id", "ids", "before", "what", "target", "exclude"), "pushes"),
    **dict.fromkeys(("env", "envs"), "environments"),
    "labels": "labels",
    "code": "codes",
    "chdir": "dir",
    "file": "file",
    "paths": "file",
    "sandbox fault add kind": "faults",
    "sandbox fault add op": "operations",
    "sandbox knob settings": "knobs",
    "sandbox snapshot load name": "snapshots",
    "sandbox snapshot delete name": "snapshots",
}
"""What completes an option or an argument, by its name or with the command before it."""


def parameter(item: click.Parameter, command: str) -> dict[str, Any]:
    own = VALUES.get(f"{command} {item.name}")
    named = None if command.startswith("sandbox") else VALUES.get(item.name or "")
    typed = "file" if isinstance(item.type, click.Path | click.File) else None
    found: dict[str, Any] = {"names": [item.name, *item.opts], "values": own or named or typed}
    if isinstance(item, click.Argument):
        found = {**found, "names": [item.name], "nargs": item.nargs, "required": item.required}
    elif isinstance(item, click.Option):
        assert not item.secondary_opts
        found |= {"help": item.help, "is_flag": item.is_flag, "multiple": item.multiple}
        found["hidden"] = item.hidden
    if isinstance(item.type, click.Choice):
        found["choices"] = list(item.type.choices)
    return {key: value for key, value in found.items() if value not in (None, False)}


def described(command: click.Command, path: tuple[str, ...] = ()) -> dict[str, Any]:
    context = click.Context(command)
    own = [item for item in command.params if not isinstance(item, OptionBehind)]
    found: dict[str, Any] = {
        "help": command.get_short_help_str(100),
        "params": [parameter(item, " ".join(path)) for item in own if item.expose_value],
    }
    if isinstance(command, click.Group):
        names = command.list_commands(context)
        inner = {name: command.get_command(context, name) for name in names}
        found["commands"] = {
            name: described(item, (*path, name)) for name, item in inner.items() if item
        }
    return found


def written() -> str:
    whole = described(cli)
    for alias, name in ALIASES.items():
        whole["commands"][alias] = {**whole["commands"][name], "hidden": True}
    rows = (
        f"{json.dumps(name)}: {json.dumps(data)}" for name, data in whole.pop("commands").items()
    )
    return json.dumps(whole)[:-1] + ', "commands": {\n' + ",\n".join(rows) + "\n}}\n"


def test_the_file_is_what_the_commands_say(update_golden: bool) -> None:
    if update_golden:
        completions.COMMANDS.write_text(written(), "utf-8")
    assert completions.COMMANDS.read_text("utf-8") == written()
