"""The commands as a page of the documentation and as manual pages."""

from __future__ import annotations

import re
from collections.abc import Iterator
from inspect import cleandoc

import click

from pushctl.cli.main import cli
from pushctl.cli.registry import COMMANDS
from tests.project.schema_tables import table

HEAD = """\
# Commands

Made from the commands by `make golden`. Options of all commands stand before the command's name or
behind it, as in `pushctl plan --env prod`; every option can also be set as a variable: `--dry-run`
as `PUSHCTL_DRY_RUN`, and some by the name that stands with them. `pushctl help COMMAND` shows the
same in a terminal.
"""


def root() -> click.Context:
    return click.Context(cli, info_name="pushctl")


def top() -> list[click.Context]:
    """Return the commands below `pushctl`, in the order of its list."""
    parent, found = root(), []
    for name in COMMANDS:
        command = cli.get_command(parent, name)
        assert command is not None
        found.append(click.Context(command, info_name=name, parent=parent))
    return found


def with_inner(context: click.Context) -> Iterator[click.Context]:
    """Yield a command, and if it is a group what is in it."""
    yield context
    if isinstance(context.command, click.Group):
        for name, command in context.command.commands.items():
            if not command.hidden:
                yield from with_inner(click.Context(command, info_name=name, parent=context))


def usage(context: click.Context) -> str:
    return " ".join([context.command_path, *context.command.collect_usage_pieces(context)])


def paragraphs(context: click.Context) -> list[str]:
    text = cleandoc(context.command.help or "").split("\f")[0]
    return [" ".join(part.split()) for part in text.split("\n\n")]


def options(context: click.Context) -> Iterator[tuple[str, str]]:
    """Yield how each option is written, and what it does."""
    for item in context.command.get_params(context):
        record = item.get_help_record(context)
        if record is not None and isinstance(item, click.Option) and "--help" not in item.opts:
            text = " ".join(record[1].split())
            regular = {
                f"PUSHCTL_{name.lstrip('-').replace('-', '_').upper()}" for name in item.opts
            }
            named = (
                "" if not item.envvar or item.envvar in regular else f" Variable: {item.envvar}."
            )
            yield record[0], text + named


def section(context: click.Context) -> Iterator[str]:
    heading = context.command_path.removeprefix("pushctl ")
    yield f"{'##' if ' ' not in heading else '###'} {heading}\n"
    yield f"```\n{usage(context)}\n```\n"
    yield "\n\n".join(paragraphs(context)) + "\n"
    yield from option_table(context)


def option_table(context: click.Context) -> Iterator[str]:
    rows = [(f"`{name}`", text) for name, text in options(context)]
    if rows:
        yield "\n".join(table(("option", "what it does"), iter(rows))) + "\n"


def markdown() -> str:
    parts = [HEAD, "## Options of all commands\n", *option_table(root())]
    for context in top():
        for inner in with_inner(context):
            parts += section(inner)
    return "\n".join(parts)


def roff(text: str) -> str:
    """Escape a line for the man macros."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return re.sub(r"^([.'])", r"\\&\1", escaped)


def man_section(context: click.Context) -> Iterator[str]:
    yield f".B {roff(usage(context))}"
    for text in paragraphs(context):
        yield f".PP\n{roff(text)}"
    for name, text in options(context):
        yield f".TP\n.B {roff(name)}\n{roff(text)}"


def man_page(context: click.Context) -> str:
    """Return the manual page of a command; what is in a group has a section in it."""
    name = context.command_path.replace(" ", "-")
    lines = [f'.TH "{name.upper()}" "1" "" "pushctl" "pushctl"', ".SH NAME"]
    lines += [f"{roff(name)} \\- {roff(context.command.get_short_help_str(100).rstrip('.'))}"]
    lines += [".SH DESCRIPTION", *man_section(context)]
    inner = [] if context.parent is None else list(with_inner(context))[1:]
    for item in inner:
        lines += [f'.SH "{roff(item.command_path.upper())}"', *man_section(item)]
    if context.parent is None:
        lines += [".SH COMMANDS"]
        lines += [
            f".TP\n.BR pushctl\\-{key} (1)\n{roff(text)}" for key, (_, text) in COMMANDS.items()
        ]
    lines += [".SH SEE ALSO", "\\fBpushctl help\\fR lists the pages of the documentation."]
    return "\n".join(lines) + "\n"


def man_pages() -> dict[str, str]:
    return {
        f"{context.command_path.replace(' ', '-')}.1": man_page(context)
        for context in (root(), *top())
    }
