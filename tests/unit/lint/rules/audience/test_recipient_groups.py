"""People sorted by the entries that they get."""

from __future__ import annotations

import random
from collections import defaultdict
from pathlib import Path

from pushctl.lint.context import project
from pushctl.lint.rules.audience.recipient_groups import groups
from pushctl.manifest.compile import compile_manifest
from pushctl.manifest.read import read_manifest
from tests.unit.lint.manifests import APP, HEAD, NOW, entry


def test_people_are_sorted_by_what_they_get(tmp_path: Path) -> None:
    """Against counting everybody one by one."""
    chance = random.Random(7)
    names = [f"u{number}" for number in range(12)]
    text = HEAD + APP + "pushes:\n"
    for number in range(12):
        kind = chance.choice(["users", "users", "android"])
        people = ", ".join(chance.sample(names, chance.randrange(1, 6)))
        text += entry(f"e{number}", "at: 2026-12-24T20:00", to=f"{{{kind}: [{people}]}}")
    (tmp_path / "pushctl.yaml").write_text(text, "utf-8")
    reading = read_manifest(tmp_path)
    made = project(reading, compile_manifest(reading, now=NOW), now=NOW)
    assert made is not None
    expected: dict[tuple[str, str], list[int]] = defaultdict(list)
    for at, subject in enumerate(made.subjects):
        for target in subject.push.targets:
            expected[subject.push.dimension, target].append(at)
    counted: dict[tuple[str, tuple[int, ...]], int] = defaultdict(int)
    for (kind, _), members in expected.items():
        counted[kind, tuple(members)] += 1
    kinds = {at: subject.push.dimension for at, subject in enumerate(made.subjects)}
    shown = {(kinds[item.members[0]], item.members): item.size for item in groups(made.subjects)}
    assert shown == counted
