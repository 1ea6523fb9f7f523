"""What everybody would get, as text and as JSON."""

from __future__ import annotations

from typing import Any

from msgspec.structs import replace

from pushctl.render.simulation import ALL_SHOWN, ASSUMED, Simulation, document, text
from pushctl.text.style import Style
from pushctl.text.width import width
from pushctl.time_zones import zone

BEGAN = 1_796_086_800
SHOWN: dict[str, Any] = {
    "id": 1, "at_ms": (BEGAN + 39_600) * 1000, "user": "u1", "device": None, "vendor": None,
    "outcome": "shown", "rule": None, "channel": "push", "title": "Digest", "content": "Daily",
    "task_name": "digest",
}  # fmt: skip
RULE = "vivo takes marketing at 07:00-23:00 only, and this was sent in the middle of the night"
REJECTED = {**SHOWN, "device": "X100", "vendor": "vivo", "outcome": "rejected", "rule": RULE}
FOUND = Simulation(
    *("ONEX/test", zone("Asia/Shanghai"), BEGAN, BEGAN + 86_400, 2),
    people={"u1": [SHOWN, REJECTED], "u2": [{**SHOWN, "channel": "sms"}]},
    left={"sale": "no room in time: the quota is 2 tasks"},
    described=True,
)


def test_each_person_has_what_came_and_what_became_of_it() -> None:
    assert text(FOUND).splitlines() == [
        "pushctl simulate · ONEX/test",
        "Tue 1 Dec 2026 09:00 to Wed 2 Dec 2026 09:00 Asia/Shanghai, applied 2 times, as",
        "  a daily job would",
        "",
        "u1 · 2 messages: 1 shown, 1 rejected",
        "  Tue 1 Dec 2026 20:00  shown  digest “Digest”",
        "  Tue 1 Dec 2026 20:00  rejected on X100  digest “Digest”",
        "      vivo takes marketing at 07:00-23:00 only, and this was sent in the middle",
        "        of the night",
        "",
        "u2 · 1 message: 1 shown",
        "  Tue 1 Dec 2026 20:00  shown on SMS  digest “Digest”",
        "",
        "! sale: no room in time: the quota is 2 tasks",
        ASSUMED,
        "2 people, 3 messages: 2 shown, 1 rejected",
    ]


def test_where_no_phones_are_described_that_is_said() -> None:
    assert ALL_SHOWN in text(replace(FOUND, described=False))
    assert document(FOUND)["notes"] == [ASSUMED]


def test_nobody_gets_anything() -> None:
    assert text(replace(FOUND, people={})).endswith("\n0 people, 0 messages\n")


def test_it_is_folded_to_the_terminal_but_never_wider_than_80() -> None:
    for cells, most in ((40, 40), (200, 80), (None, 80)):
        lines = text(FOUND, Style(color=True, cells=cells)).splitlines()
        assert max(map(width, lines)) <= most
        assert max(map(width, lines)) > most - 15


def test_a_title_cannot_command_a_terminal() -> None:
    hostile = {
        **REJECTED,
        "title": "\x1b[2J",
        "task_name": "a\x07",
        "rule": "r\x1b",
        "device": "\n",
    }
    shown = text(replace(FOUND, people={"u\x1b": [hostile]}, left={"\x1b": "\x1b"}, place="\x1b"))
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert "on \\n  a" in shown


def test_programs_read_the_same() -> None:
    found = document(FOUND)
    assert (found["since"], found["until"]) == ("2026-12-01T01:00:00Z", "2026-12-02T01:00:00Z")
    assert found["applies"] == 2
    assert [item["user"] for item in found["people"]] == ["u1", "u2"]
    assert found["people"][0]["messages"][1] == {
        "at": "2026-12-01T12:00:00Z", "push": "digest", "device": "X100", "vendor": "vivo",
        "channel": "push", "outcome": "rejected", "rule": RULE, "title": "Digest",
        "content": "Daily",
    }  # fmt: skip
    assert found["left"] == [{"push": "sale", "reason": "no room in time: the quota is 2 tasks"}]
