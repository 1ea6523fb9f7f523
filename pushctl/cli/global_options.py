"""What the global options say, wherever on the command line they stand."""

from __future__ import annotations

import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from pushctl import __version__
from pushctl.cli.debug_log import Debug
from pushctl.cli.output import Output
from pushctl.errors import ConfigError
from pushctl.text.messages import ENGLISH, choose

MANIFEST = "pushctl.yaml"
"""What the root manifest is called where nobody says otherwise."""


@dataclass(frozen=True, slots=True)
class GlobalOptions:
    """What the global options say. `file` is the root manifest, relative to `folder`.

    `lang` is None where the manifest decides about the language.
    """

    folder: Path
    file: str
    env: str | None
    output: Output
    now: str | None = None
    debug: Debug = field(default_factory=Debug)
    lang: str | None = None

    @classmethod
    def of(cls, said: Mapping[str, Any], debug: Debug) -> GlobalOptions:
        """Return what the options say, by their names; from now on their language is spoken."""
        choose(said["lang"] or ENGLISH)
        output = Output(said["color"], said["quiet"], said["verbose"])
        return cls(
            said["chdir"], said["file"], said["env"], output, said["now"], debug, said["lang"]
        )

    def json(self, document: Mapping[str, Any]) -> str:
        """Return what a command prints as JSON, behind what `schemas/output.schema.json` asks."""
        from pushctl.render import json_output  # noqa: PLC0415  (most commands write none)

        begin = {
            "format_version": json_output.FORMAT_VERSION,
            "pushctl_version": __version__,
            "command": click.get_current_context().command_path.partition(" ")[2],
            "env": self.env,
        }
        return json_output.text({**begin, **document})

    @property
    def existing_folder(self) -> Path:
        """The folder; raises `ConfigError` if there is none."""
        if not self.folder.is_dir():
            raise ConfigError("There is no such folder", str(self.folder), fix="correct -C")
        return self.folder

    @property
    def state_name(self) -> str:
        """What the state is called; an environment has a state of its own."""
        return f"pushctl.{self.env}" if self.env else "pushctl"

    @property
    def typed(self) -> str:
        """How a command for the same place begins, ready to paste into a shell."""
        words = ["pushctl"]
        if self.folder != Path("."):
            words += ["-C", str(self.folder)]
        if self.file != MANIFEST:
            words += ["-f", self.file]
        if self.env:
            words += ["--env", self.env]
        return shlex.join(words)


BEHIND = "global_"  # a command may have a parameter of the same name


class OptionBehind(click.Option):
    """A global option that stands behind the command, where `--help` does not repeat it."""

    def get_help_record(self, ctx: click.Context) -> None:
        """Return nothing to show."""


def accept_behind(command: click.Command, options: Iterable[click.Parameter]) -> None:
    """Let a command and those below it take global options, but for names that are its own."""
    if command.context_settings.get(
        "ignore_unknown_options"
    ):  # what is typed there is for another program
        return
    taken = {name for item in command.params for name in item.opts}
    for item in options:
        names = [name for name in item.opts if name not in taken]
        if isinstance(item, click.Option) and item.expose_value and names and item.name:
            kind: Any = {"type": item.type, "is_flag": item.is_flag or None, "help": item.help}
            behind: Any = {"multiple": not item.is_flag, "expose_value": False, "callback": _say}
            behind["hidden"] = item.hidden
            command.params.append(OptionBehind([BEHIND + item.name, *names], **kind, **behind))
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            accept_behind(inner, options)


def _say(context: click.Context, option: click.Parameter, values: Any) -> None:
    """Take in what stands behind the command; two values that differ are refused."""
    if not values:
        return
    root, name = context.find_root(), str(option.name).removeprefix(BEHIND)
    said = list(values) if isinstance(values, tuple) else [values]
    if root.get_parameter_source(name) is ParameterSource.COMMANDLINE:
        said.insert(0, root.params[name])
    if any(value != said[-1] for value in said):
        values = " and ".join(map(str, said))
        raise click.UsageError(f"{option.opts[-1]} is given twice: {values}", context)
    root.params[name] = said[-1]
    root.set_parameter_source(name, ParameterSource.COMMANDLINE)
    if name == "debug":
        context.obj.debug.switch_on()
    context.obj = GlobalOptions.of(root.params, context.obj.debug)
