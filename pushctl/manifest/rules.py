"""The rules that reading and compiling a manifest check, as `rules.toml` describes them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from pushctl.diagnostics import Diagnostic, Edit, Range, Severity
from pushctl.rule import Rule, read_rules


@cache
def rules() -> Mapping[str, Rule]:
    """Return the rules by their codes."""
    return read_rules(files(__package__).joinpath("rules.toml").read_text("utf-8"))


def diagnostic(
    code: str,
    detail: str,
    where: Range | None,
    fix: str | None = None,
    severity: Severity | None = None,
    edits: tuple[Edit, ...] = (),
) -> Diagnostic:
    """Return a finding of a rule; it counts what the rule does if no severity is given."""
    rule = rules()[code]
    counts = severity or rule.severity
    return Diagnostic(counts, code, rule.title, detail, where, fix=fix, edits=edits)
