"""`pushctl explain CODE`: what a finding means, and what to do about it."""

from __future__ import annotations

from difflib import get_close_matches

import click

from pushctl.cli.invocation import Invocation
from pushctl.errors import PushctlError
from pushctl.render import rule_page


@click.command("explain", short_help="Say what a finding means.")
@click.argument("code", required=False)
@click.pass_obj
def command(invocation: Invocation, code: str | None) -> None:
    """Say what a finding means, why it matters, and what to do about it.

    Without a CODE, list them all.
    """
    from pushctl.rules.catalogue import rules  # noqa: PLC0415  (`--help` needs none of it)

    output = invocation.output
    known = rules()
    if code is None:
        for rule in known.values():
            output.result(f"{rule.code}  {rule.severity:<7}  {rule.title}\n")
        return
    name = code.strip().upper()
    name = name if name.startswith("PSH") else f"PSH{name}"
    if name not in known:
        near = get_close_matches(name, known, n=1)
        fix = f"pushctl explain {near[0]}" if near else "pushctl explain lists all codes"
        raise PushctlError("There is no such rule", code, fix=fix)
    output.result(rule_page.text(known[name], output.style))
