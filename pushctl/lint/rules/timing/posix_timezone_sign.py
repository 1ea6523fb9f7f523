"""Time zones whose names have a sign, and mean the opposite of what people read.

The IANA database (file `etcetera`) keeps the signs of POSIX: `Etc/GMT+8` is behind UTC.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pushctl.lint.rule import Finding, Project, Subject
from pushctl.manifest.schedule.timezones import name_of
from pushctl.manifest.yaml.positions import Path

_SIGNED = re.compile(r"Etc/GMT([+-])([1-9][0-9]?)")


def check(project: Project) -> Iterator[tuple[Subject | None, Finding]]:
    """Yield zones with a sign: those of the manifest, and those of single entries."""
    setting = project.setting
    yield from ((None, item) for item in _zone(name_of(setting.zone), ("timezone",)))
    service = ("app", "service_timezone")
    yield from ((None, item) for item in _zone(name_of(setting.service_zone), service))
    for subject in project.subjects:
        zone = subject.entry.schedule.timezone
        if zone is not None:
            yield from ((subject, item) for item in _zone(zone, ("schedule", "timezone")))


def _zone(name: str, path: Path) -> Iterator[Finding]:
    found = _SIGNED.fullmatch(name)
    if found is None:
        return
    where, other = ("behind", "-") if found[1] == "+" else ("ahead of", "+")
    city = ", or the name of a city such as Asia/Shanghai" if found[2] == "8" else ""
    yield Finding(
        "PSH217",
        path,
        f"`{name}` is {found[2]} hours {where} UTC: in such names the sign is turned round.",
        fix=f"write Etc/GMT{other}{found[2]} if you mean UTC{found[1]}{found[2]}{city}",
    )
