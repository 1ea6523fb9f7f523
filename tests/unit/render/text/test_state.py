"""A table of entries fits its terminal, and one entry is told in full."""

from __future__ import annotations

from typing import Any

import pytest

from pushctl.plan.status import rows
from pushctl.render.text import state as state_text
from pushctl.state.state import Phase
from pushctl.text.style import Style
from pushctl.text.width import width
from tests.builders import NOW, desired, recorded, state, task
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
