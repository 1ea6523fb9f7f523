"""The list of commands, each imported only when it is called.

`pushctl --help` needs a line about every command and none of their code; a test keeps the lines
here equal to what the commands say about themselves.
"""

from __future__ import annotations

from importlib import import_module

import click

from pushctl.cli.global_options import accept_behind
from pushctl.cli.options import did_you_mean

COMMANDS: dict[str, tuple[str, str]] = {
    "init": ("init:command", "Write a starter manifest."),
    "validate": ("validate:command", "Check the manifest offline."),
    "explain": ("explain:command", "Say what a finding means."),
    "fmt": ("fmt:command", "Lay out the manifest in the one way."),
    "plan": ("plan:command", "Show what apply would do."),
    "apply": ("apply:command", "Make the service do what the manifest says."),
    "drift": ("drift:command", "Show how the service differs from what was applied."),
    "stop": ("stop:command", "The red button: cancel what is scheduled, at once."),
    "resume": ("resume:command", "Let stopped pushes run again."),
    "status": ("status:command", "Show what is scheduled, sent and in doubt."),
    "sent": ("sent:command", "Show what went out, when, and to how many."),
    "history": ("history:command", "Show who applied what, and from which commit."),
    "simulate": ("simulate.command:command", "Live the manifest through, in memory."),
    "when": ("when:command", "Show when a push delivers next."),
    "preview": ("preview:command", "Write a page that shows the pushes on phones."),
    "calendar": ("calendar:command", "Write a calendar to subscribe to."),
    "comment": ("comment:command", "Keep the plan on a pull request up to date."),
    "adopt": ("adopt:command", "Take over a task that was made in the console."),
    "state": ("state.group:group", "Look at and correct what is recorded."),
    "fleet": ("fleet.command:group", "Plan, apply and look at many manifests at once."),
    "doctor": ("doctor:command", "Say what is wrong around here, and what to type."),
    "help": ("help.command:command", "Show a page of the documentation."),
    "lsp": ("lsp:command", "Serve editors: findings, deliveries and fixes while you type."),
    "schema": ("schema:command", "Print a JSON Schema."),
    "sandbox": ("sandbox.group:group", "Emulate the push service on this machine."),
    "completion": ("completion:command", "Print a shell completion script."),
    "version": ("version:command", "Show the version."),
}

ALIASES = {"lint": "validate"}
"""Names that other tools have for commands of ours."""

MEANT = {
    "destroy": "stop --all cancels everything that is scheduled",
    "diff": "plan shows what apply would change",
    "log": "history shows who applied what, `sent` what went out",
    "ls": "status shows every push, `state list` only what is recorded",
    "show": "status ID shows a push, `state show ID` all that is recorded of it",
}
"""What to type instead of what other tools have and we do not."""


class LazyGroup(click.Group):
    """A group whose commands are named in `COMMANDS`."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the names in the order of the table, which is that of a first day with pushctl."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a command; None for a name that is not one."""
        if cmd_name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[cmd_name][0].partition(":")
        found: click.Command = getattr(import_module(f"pushctl.cli.commands.{module}"), attribute)
        accept_behind(found, self.params)
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find a command, suggesting one that is spelled nearly like an unknown name."""
        name = ALIASES.get(args[0], args[0]) if args else ""
        if name and name not in COMMANDS and not name.startswith("-"):
            meant = MEANT.get(name, "").replace(" ", "` ", 1)
            hint = f"`pushctl {meant}." if meant else did_you_mean(name, COMMANDS)
            ctx.fail(f"There is no command {name!r}. {hint}".rstrip())
        return super().resolve_command(ctx, [name, *args[1:]])

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of commands from the table."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])
