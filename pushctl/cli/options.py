"""Options that several commands share. Every option can also be set as `PUSHCTL_<NAME>`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import Any, TypeVar

import click

from pushctl.text.duration import seconds
from pushctl.text.plural import some

F = TypeVar("F", bound=Callable[..., Any])

PATH = click.Path(path_type=Path)

SEE_LIST = "See `pushctl state list`."


def duration(text: str) -> float:
    """Read a length of time such as `30s` or `5m` as seconds."""
    try:
        return float(seconds(text))
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def option(*names: str, **settings: Any) -> Callable[[F], F]:
    """Declare an option that the environment can set as well."""
    long = next(name for name in names if name.startswith("--"))
    name = long.split("/")[0].lstrip("-").replace("-", "_").upper()
    settings.setdefault("envvar", f"PUSHCTL_{name}")
    return click.option(*names, **settings)


def together(*decorators: Callable[[F], F]) -> Callable[[F], F]:
    """Apply several options, in the order in which they are written."""

    def decorate(function: F) -> F:
        for decorator in reversed(decorators):
            function = decorator(function)
        return function

    return decorate


def format_option(*choices: str, **settings: Any) -> Callable[[F], F]:
    """Declare `--format` with text as the default."""
    return option(
        "--format",
        "format_",
        type=click.Choice(choices),
        default=choices[0],
        show_default=True,
        help="How the result is written.",
        **settings,
    )


def output_option(help: str) -> Callable[[F], F]:
    """Declare `--output`, the file to write the result to."""
    return option("--output", "-o", type=PATH, metavar="FILE", help=help)


def family(id: str) -> str:
    """Return the id that stands for all instances of an entry: `promo` for `promo[zh]`."""
    return id.partition("[")[0]


def check_ids(
    ids: Iterable[str],
    known: Collection[str],
    where: str = "manifest",
    *,
    exact: bool = False,
    otherwise: str = "",
) -> None:
    """Refuse an id that names nothing: a typo must not look like a success.

    `promo` means every instance `promo[...]`, unless it has to be the `exact` id of one push.
    Raises `click.UsageError`, with the known ids that are spelled most alike, `otherwise` a hint.
    """
    names = set(known) if exact else {*known, *map(family, known)}
    for id in ids:
        if id not in names:
            hint = did_you_mean(id, names) or otherwise
            raise click.UsageError(f"There is no push {id!r} in the {where}. {hint}".rstrip())


def did_you_mean(id: str, names: Collection[str]) -> str:
    """Return the sentence `Did you mean sale?`, or an empty text if no name is alike."""
    from pushctl.text.suggest import closest  # noqa: PLC0415  (only after a mistake)

    near = closest(family(id), set(map(family, names))) or ""
    alike = [near] if near in names else sorted(name for name in names if family(name) == near)
    return f"Did you mean {some(alike)}?" if near else ""


SLOT = click.IntRange(min=1)
"""The number of an entry, as `pushctl history` tells it."""

selection = together(
    option(
        "--target",
        multiple=True,
        metavar="ID",
        help="Only this push (repeatable; `promo` means all `promo[…]`).",
    ),
    option("--exclude", multiple=True, metavar="ID", help="All but this push (repeatable)."),
)

allowances = together(
    option(
        "--now-or-never",
        is_flag=True,
        help="Change or cancel even right before a delivery (the danger window).",
    ),
    option("--send-late", is_flag=True, help="Send at once what should have gone out already."),
    option("--allow-immediate", is_flag=True, help="Allow pushes that say `now: true`."),
    option("--force", is_flag=True, help="Override thresholds; nothing else."),
    option(
        "--max-creates", type=click.IntRange(min=0), metavar="N", help="Create at most N pushes."
    ),
    option(
        "--max-cancels",
        type=click.IntRange(min=0),
        metavar="N",
        help="Cancel or replace at most N pushes.",
    ),
    option(
        "--max-audience",
        type=click.IntRange(min=1),
        metavar="N",
        help="Take audiences of up to N targets, however they changed.",
    ),
)

lock_timeout = option(
    "--lock-timeout",
    type=duration,
    default="0s",
    metavar="DURATION",
    show_default=True,
    help="How long to wait for the state lock, such as 30s or 5m.",
)

parallelism_option = option(
    "--parallelism",
    type=click.IntRange(1, 64),
    default=8,
    show_default=True,
    help="Calls at a time.",
)
