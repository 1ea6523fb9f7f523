"""`pushctl explain CODE`: what a finding means, and what to do about it."""

from __future__ import annotations

import click

from pushctl import schemas
from pushctl.cli.global_options import GlobalOptions
from pushctl.errors import PushctlError
from pushctl.lint import docs
from pushctl.text.suggest import closest


@click.command("explain", short_help="Say what a finding means.")
@click.argument("code", required=False)
@click.pass_obj
def command(invocation: GlobalOptions, code: str | None) -> None:
    """Say what a finding means, why it matters, and what to do about it.

    Without a CODE, list them all.
    """
    from pushctl.lint.registry import rule, rules  # noqa: PLC0415  (`--help` needs none of it)

    output = invocation.output
    if code is None:
        for item in rules().values():
            output.show(f"{item.code}  {item.severity:<7}  {item.title}\n")
        return
    name = code.strip().upper()
    if schemas.matches("rule_code", name) and not name.startswith("PSH"):
        output.show(_own(name))
        return
    name = name if name.startswith("PSH") else f"PSH{name}"
    known = rule(name)
    if known is None:
        near = closest(name, (item for item in rules() if item[:4] == name[:4]), 0.8)
        fix = f"pushctl explain {near}" if near else "pushctl explain lists all codes"
        raise PushctlError("There is no such rule", code, fix=fix)
    output.show(docs.text(known, output.style))


def _own(code: str) -> str:
    """Say where a rule comes from that is a team's own."""
    from pushctl.lint.plugins import packages  # noqa: PLC0415  (looks at all that is installed)

    found = packages()
    if not found:
        detail = f"{code} would be a rule of a team, and no package with such rules is installed"
        fix = "install the package that brings it, or pushctl explain lists all codes"
        raise PushctlError("There is no such rule", detail, fix=fix)
    lines = "".join(f"  {package}\n" for package in found)
    return (
        f"{code} is a rule of this team, so nothing is known about it here.\n"
        f"Rules of this team are brought by:\n\n{lines}"
    )
