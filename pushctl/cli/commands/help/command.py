"""`pushctl help [TOPIC]`: pages of the documentation, and what a command does."""

from __future__ import annotations

import sys

import click

from pushctl.cli.commands.help import topics
from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.options import did_you_mean
from pushctl.cli.output import Output, columns
from pushctl.cli.registry import COMMANDS

MAX_WIDTH = 100
"""Columns of text that a terminal may have more of."""


@click.command("help", short_help="Show a page of the documentation.")
@click.argument("topic", nargs=-1)
@click.pass_context
def command(context: click.Context, topic: tuple[str, ...]) -> None:
    """Show a page of the documentation, or the options of a command.

    Without a TOPIC, list them all.
    """
    invocation: GlobalOptions = context.obj
    name = " ".join(topic)
    if not name:
        return invocation.output.show(_listed())
    if name in topics.names():
        return _page(name, invocation.output)
    return invocation.output.result(_command(context.find_root(), topic) + "\n")


def _listed() -> str:
    """Return all topics with a line about each, below their chapters."""
    found = topics.chapters()
    width = max(len(name) for name in topics.names())
    lines = ["Pages, shown by `pushctl help TOPIC`; `pushctl help COMMAND` shows its options."]
    for chapter, named in found.items():
        lines += ["", chapter, *(f"  {name:<{width}}  {line}" for name, line in named.items())]
    return "\n".join(lines) + "\n"


def _page(name: str, output: Output) -> None:
    """Write a page; on a terminal, through the pager."""
    from pushctl.cli.commands.help.terminal import rendered  # noqa: PLC0415  (of this command alone)

    color = output.style.color
    text = rendered(topics.page(name), min(columns(sys.stdout), MAX_WIDTH), color=color)
    if sys.stdout.isatty():
        click.echo_via_pager(text, color=color)
    else:
        output.result(text)


def _command(root: click.Context, path: tuple[str, ...]) -> str:
    """Return the help of a command, such as `state list`."""
    context = root
    for word in path:
        group = context.command
        found = group.get_command(context, word) if isinstance(group, click.Group) else None
        if found is None:
            raise click.UsageError(f"There is no topic {' '.join(path)!r}. {_hint(path)}")
        context = click.Context(found, info_name=word, parent=context)
    return context.get_help()


def _hint(path: tuple[str, ...]) -> str:
    """Say what an unknown topic may have meant."""
    code = path[0].upper()
    if code.startswith("PSH"):
        return f"See `pushctl explain {code}`."
    known = [*topics.names(), *COMMANDS]
    return did_you_mean(" ".join(path), known) or "`pushctl help` lists all topics."
