"""The history in a terminal."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from pushctl.render.text import history as history_text
from pushctl.state.history import HistoryEntry

SHANGHAI = ZoneInfo("Asia/Shanghai")


def test_a_change_is_one_line() -> None:
    entry = HistoryEntry(
        at="2026-11-01T00:00:00Z",
        who="lin",
        host="h",
        what="apply: Apply complete!",
        run="https://ci.example/1",
        commit="0123456789abcdef-dirty",
        starter="mei",
        exit=4,
        pushes={"create": ("a",), "failed": ("a",)},
    )
    whole = (
        "Sun 1 Nov 2026 08:00 Asia/Shanghai  lin@h (started by mei)  apply: Apply complete!  "
        "exit 4  commit 012345678 and edits  https://ci.example/1\n"
    )
    assert history_text.lines([entry], zone=SHANGHAI) == whole
    assert history_text.lines([entry], "a", zone=SHANGHAI) == whole.replace(
        "apply: Apply complete!", "created, failed"
    )
