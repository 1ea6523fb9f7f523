"""A table of entries fits its terminal, and one entry is told in full."""

from __future__ import annotations

from typing import Any

import pytest
from msgspec.structs import replace

from pushctl.plan.coverage import Coverage
from pushctl.plan.status import rows
from pushctl.push.push import Meta
from pushctl.render.text import state as state_text
from pushctl.schedule.service_schedule import Immediate
from pushctl.state.state import Phase
from pushctl.text.style import Style
from pushctl.text.width import width
from tests.builders import DAY, NOW, desired, people, recorded, scheduled, state, task
from tests.fakes import ZONE


def shown(cells: int | None, **more: Any) -> list[str]:
    pushes = [desired("a-push-with-a-long-name"), desired("中文"), desired("sent")]
    held = state(
        {
            pushes[0].id: recorded(pushes[0], task(pushes[0])),
            "中文": recorded(pushes[1], task(pushes[1]), stopped=True),
            "sent": recorded(pushes[2], task(pushes[2], phase=Phase.SENT)),
        }
    )
    found = rows(held, now=NOW, zone=ZONE)
    style = Style(cells=cells, **more)
    return state_text.entries(found, zone=ZONE, now=NOW, style=style).splitlines()


def test_a_wide_terminal_gets_everything_in_one_line() -> None:
    assert shown(None) == shown(120)
    assert " ".join(shown(None)[1].split()) == (
        "a-push-with-a-long-name scheduled Sat 30 May 2026 04:26:40 in 1 d 1 1 1"
    )


def test_a_usual_terminal_gets_the_same_lines_without_what_can_be_left_out() -> None:
    assert len(shown(80)) == 4
    assert " ".join(shown(80)[1].split()) == (
        "a-push-with-a-long-name scheduled Sat 30 May 2026 04:26:40 1 1"
    )


@pytest.mark.parametrize("cells", [20, 40, 60])
def test_a_narrow_terminal_gets_everything_on_more_lines(cells: int) -> None:
    lines = shown(cells, color=True)
    assert max(map(width, lines)) <= cells
    text = " ".join(" ".join(lines).split())
    for part in ("Sat 30 May 2026 04:26:40 (in 1 d), 1 left, 1 target, 1 task", "中文", "sent"):
        assert part in text


def test_an_empty_state_is_said_in_words() -> None:
    assert state_text.entries([], zone=ZONE, now=NOW) == "Nothing is recorded yet.\n"


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([], ""),
        ([Coverage("a", NOW, None)], "Everything is scheduled, to the last delivery\n"),
        (
            [Coverage("a", NOW, NOW + DAY), Coverage("b", NOW, NOW), Coverage("c", NOW, None)],
            "Everything before Fri 29 May 2026 04:26:40 Asia/Shanghai is scheduled\n",
        ),
        ([Coverage("a", NOW, NOW + DAY, (NOW,)), Coverage("b", NOW, None)], ""),
    ],
)
def test_until_when_all_is_scheduled(found: list[Coverage], said: str) -> None:
    assert state_text.reach(found, zone=ZONE) == said


def test_an_entry_in_full() -> None:
    meta = Meta("ann\x1b", None, {"team": "crm", "area": "x"}, protect=True)
    push = desired(targets=people(2), meta=meta, extras={"中": [1, None], "id": "\u202e"})
    sent = task(push, schedule=Immediate(), chunk=1)
    open_ = replace(task(push, phase=Phase.CREATING), doubt="timeout")
    text = state_text.entry("promo", recorded(push, open_, sent), zone=ZONE, now=NOW)
    assert text == (
        "promo\n"
        "  generation   1\n"
        f"  fingerprint  {push.fingerprint[:16]}\n"
        "  owner        ann\\x1b\n"
        "  labels       area=x, team=crm\n"
        "  protected    yes\n"
        "  content\n"
        "    title   Title\n"
        "    body    Content\n"
        "    extras:\n"
        "      中  [1, (none)]\n"
        "      id  \\u202e\n"
        "  tasks\n"
        "    chunk 0 segment 0 generation 1: creating, no id, 2 targets, "
        "first Sat 30 May 2026 04:26:40 Asia/Shanghai\n"
        "      in doubt: timeout\n"
        "    chunk 1 segment 0 generation 1: scheduled, T-promo-1-0-1, 2 targets, first at once\n"
    )


def test_the_document_of_a_row_says_how_far_it_reaches_if_known() -> None:
    found = rows(scheduled(desired()), now=NOW, zone=ZONE)
    facts = {
        "id": "promo",
        "state": "scheduled",
        "next_delivery": "2026-05-29T20:26:40Z",
        "last_delivery": "2026-05-29T20:26:40Z",
        "deliveries": 1,
        "targets": 1,
        "tasks": 1,
        "generation": 1,
    }
    assert state_text.rows_document(found) == [facts]
    reach = {"promo": Coverage("promo", NOW, None)}
    more = {"scheduled_until": "2026-05-28T20:26:40Z", "first_unscheduled": None}
    assert state_text.rows_document(found, reach) == [{**facts, **more}]
