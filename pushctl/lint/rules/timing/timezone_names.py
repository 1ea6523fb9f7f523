"""Time zones whose names mean something else than what people read in them."""

from __future__ import annotations

from collections.abc import Iterator

from pushctl.lint.check import Finding, LintTarget, Project
from pushctl.manifest.schedule.timezones import ABBREVIATIONS
from pushctl.manifest.yaml.positions import Path
from pushctl.text.regex import regex
from pushctl.text.timestamps import zone_name

_SIGNED = regex(r"Etc/GMT([+-])([1-9][0-9]?)")
_FIXED = {"EST": 5, "MST": 7, "HST": 10}  # hours behind UTC


def check_project(project: Project) -> Iterator[tuple[LintTarget | None, Finding]]:
    """Yield zones that are easily misread: those of the manifest, and those of single entries."""
    context = project.context
    yield from ((None, item) for item in _zone(zone_name(context.zone), ("timezone",)))
    service = ("app", "service_timezone")
    yield from ((None, item) for item in _zone(zone_name(context.service_zone), service))
    for subject in project.subjects:
        zone = subject.entry.schedule.timezone
        if zone is not None:
            yield from ((subject, item) for item in _zone(zone, ("schedule", "timezone")))


def _zone(name: str, path: Path) -> Iterator[Finding]:
    if name in _FIXED:
        detail = f"`{name}` is {_FIXED[name]} hours behind UTC all year, in summer too."
        yield Finding("PSH217", path, detail, fix=f"write {ABBREVIATIONS[name]} if you mean that")
    found = _SIGNED.fullmatch(name)
    if found is None:
        return
    where, other = ("behind", "-") if found[1] == "+" else ("ahead of", "+")
    city = ", or the name of a city such as Asia/Shanghai" if found[2] == "8" else ""
    detail = f"`{name}` is {found[2]} hours {where} UTC: in such names the sign is turned round."
    fix = f"write Etc/GMT{other}{found[2]} if you mean UTC{found[1]}{found[2]}{city}"
    yield Finding("PSH217", path, detail, fix=fix)
