"""What a schema cannot say about a policy: days that exist, expressions that can be used."""

from __future__ import annotations

from collections.abc import Iterator

from pushctl.diagnostics import Diagnostic
from pushctl.manifest.checks.entry import is_day
from pushctl.manifest.checks.target_formats import TargetFormatError, target_format
from pushctl.manifest.rules import diagnostic
from pushctl.manifest.schema.models import Policy
from pushctl.manifest.yaml.positions import Path, Provenance
from pushctl.text.quote import quoted

_Problem = tuple[Path, str, str, str]


def check(policy: Policy, provenance: Provenance) -> Iterator[Diagnostic]:
    """Yield what is wrong with a policy; `provenance` is that of the policy itself."""
    for path, code, detail, fix in (*_freezes(policy), *_target_formats(policy)):
        yield diagnostic(code, detail, provenance.locate(*path), fix)


def _freezes(policy: Policy) -> Iterator[_Problem]:
    for at, freeze in enumerate(policy.freezes):
        missing = False
        for name, day in (("from", freeze.from_), ("until", freeze.until)):
            if not is_day(day):
                missing = True
                detail = f"The calendar has no day {day}, which a freeze names."
                yield ("freezes", at, name), "PSH113", detail, "write a day that exists"
        if not missing and freeze.until < freeze.from_:
            detail = f"A freeze ends on {freeze.until}, before it begins on {freeze.from_}."
            yield ("freezes", at, "until"), "PSH115", detail, "exchange the two days"


def _target_formats(policy: Policy) -> Iterator[_Problem]:
    for name in policy.targets.__struct_fields__:
        pattern = getattr(policy.targets, name)
        if pattern is None:
            continue
        try:
            target_format(pattern)
        except TargetFormatError as error:
            detail = f"{quoted(pattern)} is no regular expression that can be used: {error}."
            fix = "write a simpler one, such as [a-z]+-[0-9]{1,12}"
            yield ("targets", name), "PSH113", detail, fix
