"""`pushctl sent`: what went out, when, to how many, and what the service says of it."""

from __future__ import annotations

from pathlib import Path

from tests.acceptance.inside import Inside
from tests.faults.simulation import Simulation

MANIFEST = (
    "version: 1\napp: {id: ONEX0000000000000, workspace: test}\ntimezone: Asia/Shanghai\n"
    "defaults: {expires_after: 4h}\npushes:\n"
    "  sale:\n    schedule: {at: 2026-12-01T20:00}\n    to: {users: [ann, bob, cy]}\n"
    "    message: {title: Sale, body: Text}\n"
    '  loop:\n    schedule: {every: day, at: "12:00"}\n    to: {users: [ann]}\n'
    "    message: {title: Loop, body: Text}\n"
)


def test_what_went_out_is_told_with_its_time_and_its_people(tmp_path: Path) -> None:
    with Simulation(tmp_path) as world:
        project = Inside(world)
        project.write(MANIFEST)
        assert project.run("apply", "--yes").code == 0
        nothing = project.run("sent")
        assert nothing.out.startswith("Nothing went out since ")
        world.advance(20 * 3600)
        found = project.run("sent", "--format", "json").json["sent"]
        assert [(item["id"], item["at"], item["targets"]) for item in found] == [
            ("loop", "2026-12-01T04:00:00Z", 1),
            ("sale", "2026-12-01T12:00:00Z", 3),
        ]
        assert {item["service"] for item in found} == {"delivered"}
        _, line = project.run("sent", "sale").out.splitlines()
        assert line.split()[-4:] == ["sale", "3", "delivered", "“Sale”"]
        assert line.startswith("Tue 1 Dec 2026 20:00")
        since = project.run("sent", "--since", "2026-12-01T13:00", "--format", "json").json
        assert [item["id"] for item in since["sent"]] == ["sale"]
        assert project.run("sent", "--since", "1h").out.startswith("Nothing went out")
        for wrong in (("sal",), ("--since", "soon"), ("--since", "2026-13-01")):
            assert project.run("sent", *wrong).code == 64
