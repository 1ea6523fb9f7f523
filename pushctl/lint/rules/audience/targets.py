"""Targets that look wrong, do not belong here, or want no marketing.

PSH506 itself is in `manifest/rules.toml`: reading an audience file finds other cases of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from msgspec import Struct

from pushctl.diagnostics import Severity
from pushctl.lint.check import Finding, LintContext, LintTarget, Project
from pushctl.manifest.checks.target_formats import TargetFormatError, fits, target_format
from pushctl.manifest.resolve.audience_values import common_shape
from pushctl.manifest.yaml.positions import Path
from pushctl.text.plural import also
from pushctl.text.quote import quoted
from pushctl.text.regex import regex

_EMAIL = regex(r"^[^@\s]+@[^@\s]+\.[A-Za-z]{2,}$", re.MULTILINE)
_PHONE = regex(r"^\+[1-9](?:[ -]?[0-9]){6,14}$", re.MULTILINE)
_MOBILE = regex(r"^1[3-9][0-9]{9}$", re.MULTILINE)
_SPACE = regex(r"^.*[^\S\n].*$", re.MULTILINE)
_COMMA = regex(r"^.*[，、；,;].*$", re.MULTILINE)
_NO_TOKEN = regex(r"^(?![0-9A-Fa-f]{64}$).*$", re.MULTILINE)


class Unusual(Struct, frozen=True):
    """Something odd about some targets: the first of them, and how many there are.

    `personal` tells that the target itself is a person's address.
    """

    code: str
    first: str
    number: int
    what: str
    fix: str
    severity: Severity | None = None
    personal: bool = False


def check_project(project: Project) -> Iterator[tuple[LintTarget, Finding]]:
    """Yield what is wrong with the targets of all entries; every audience is looked at once."""
    known: dict[tuple[int, str], tuple[Unusual, ...]] = {}
    look = common_shape(project.context.suppressed)
    for subject in project.subjects:
        targets, dimension = subject.push.targets, subject.push.dimension
        key = (id(targets), dimension)
        if key not in known:
            known[key] = (
                *_looks(targets, dimension),
                *_of_another_workspace(targets, dimension, project.context),
                *_suppressed(targets, dimension, project.context, look),
            )
        for odd in known[key]:
            if odd.code not in ("PSH509", "PSH516") or subject.marketing:
                yield subject, _finding(subject, odd, project.context)


# --- what each of them looks at -------------------------------------------------------------------


def _looks(targets: Sequence[str], dimension: str) -> Iterator[Unusual]:
    """Look at all of them in one go: a search over one text is much faster than many."""
    text = "\n".join(target for target in targets if "\n" not in target)  # those are errors
    fix = "name people by the ids that your app gives them"
    error, warning = Severity.ERROR, Severity.WARNING
    if found := _EMAIL.findall(text) if "@" in text else []:
        yield Unusual("PSH506", found[0], len(found), "is an e-mail address", fix, error, True)
    if found := _PHONE.findall(text) if "+" in text else []:
        yield Unusual("PSH506", found[0], len(found), "is a telephone number", fix, error, True)
    elif found := _SPACE.findall(text):
        what, mend = "has white space in it", "take it out, or write one target a line"
        yield Unusual("PSH506", found[0], len(found), what, mend, warning)
    if found := _COMMA.findall(text):
        what = "has a comma or semicolon in it, so that several targets may have become one"
        yield Unusual("PSH506", found[0], len(found), what, "write each of them alone", warning)
    if found := _MOBILE.findall(text):
        what = "looks like a mobile number"
        yield Unusual("PSH506", found[0], len(found), what, fix, warning, True)
    if dimension == "ios" and (found := _NO_TOKEN.findall(text)):
        what = "is no device token of an iPhone, which has 64 digits of 0-9 and a-f"
        mend = "take the token that the app got from the system"
        yield Unusual("PSH506", found[0], len(found), what, mend, warning)


def _of_another_workspace(
    targets: Sequence[str], dimension: str, context: LintContext
) -> Iterator[Unusual]:
    pattern = getattr(context.policy.targets, dimension)
    if pattern is None:
        return
    try:
        wanted = target_format(pattern)
    except TargetFormatError:
        return  # there is a finding about that already
    found = [target for target in targets if not fits(target, wanted)]
    if found:
        kind = dimension.replace("_", " ")
        what = f"does not look like the {kind} of this app, {quoted(pattern)}"
        fix = "check that these are targets of this workspace and not of another one"
        yield Unusual("PSH507", found[0], len(found), what, fix)


def _suppressed(
    targets: Sequence[str], dimension: str, context: LintContext, look: str | None
) -> Iterator[Unusual]:
    """Look for people who want no marketing; `look` is the shape that all of those have."""
    found = [target for target in targets if target in context.suppressed]
    if found:
        what = "wants no marketing (`policy.suppressed`)"
        yield Unusual("PSH509", found[0], len(found), what, "take them out of the audience")
    kind = dimension.replace("_", " ")
    if targets and dimension in context.not_suppressed:
        what = f"cannot be on the list of `policy.suppressed`, which holds no {kind}"
    elif look and not found and common_shape(targets) not in (None, look):
        what = "looks unlike everybody on the list of `policy.suppressed`"
    else:
        return
    fix = f"export `policy.suppressed` with the {kind} of this app"
    yield Unusual("PSH516", targets[0], len(targets), what, fix)


# --- the words ------------------------------------------------------------------------------------


def _finding(subject: LintTarget, odd: Unusual, context: LintContext) -> Finding:
    field = subject.entry.to.field
    name = _name(odd, context.label)
    return Finding(
        odd.code,
        place(subject, odd.first),
        f"{name} in `to.{field}` {odd.what}.{also(odd.number - 1, 'more of them')}",
        fix=odd.fix,
        severity=odd.severity,
        hidden=odd.personal,
    )


def _name(odd: Unusual, label: Callable[[str], str]) -> str:
    """Name a target; of a person's address no more than it takes to find it."""
    name = label(odd.first)
    if odd.personal and name == odd.first:
        name = name[:3] + "*" * min(8, len(name) - 3)
    return quoted(name)


def place(subject: LintTarget, target: str) -> Path:
    """Return the path to one target, or to the file that it is in."""
    field = subject.entry.to.field
    listed = getattr(subject.entry.to, field)
    if field.endswith("_from") or listed is None:
        return ("to", field)
    return ("to", field, listed.index(target))
