"""What needs attention is said with what to type."""

from __future__ import annotations

import pytest

from pushctl.plan.status import Attention, AttentionReason, Status
from pushctl.render.text import status as status_text
from pushctl.text.style import Style
from pushctl.text.width import width
from tests.builders import NOW
from tests.fakes import ZONE

MANY = [Attention(AttentionReason.DIFFERS, f"p{number}") for number in range(30)]


@pytest.mark.parametrize(
    ("concern", "said", "typed"),
    [
        (
            Attention(AttentionReason.IN_DOUBT, "a", None, 2),
            "? a  2 tasks: the outcome",
            "state resolve a",
        ),
        (
            Attention(AttentionReason.LAPSED, "a", NOW, 1),
            "! a  fell silent on Fri 29 May 2026",
            "plan",
        ),
        (
            Attention(AttentionReason.LAPSING, "a", NOW),
            "! a  is not scheduled on Fri 29 May 2026",
            "plan",
        ),
        (
            Attention(AttentionReason.WAITING, "a", NOW, 3),
            "… a  waits for room: 3 tasks, first due",
            "plan",
        ),
        (Attention(AttentionReason.STOPPED, "a[b]"), "■ a[b]  is stopped", "resume 'a[b]'"),
        (Attention(AttentionReason.DIFFERS, "a"), "~ 1 push is not as the manifest says", "plan"),
    ],
)
def test_every_concern_says_what_to_type(concern: Attention, said: str, typed: str) -> None:
    text = status_text.attention([concern], typed="pushctl --env prod", zone=ZONE)
    assert said in text
    assert text.endswith(f"  type: pushctl --env prod {typed}\n")


def test_many_are_counted_and_what_to_type_is_said_once() -> None:
    stopped = [Attention(AttentionReason.STOPPED, f"s{number}") for number in range(25)]
    text = status_text.attention([*stopped, *MANY], typed="pushctl", zone=ZONE)
    assert "and 5 more" in text
    assert "~ 30 pushes are not as the manifest says" in text
    assert text.count("type: pushctl plan\n") == 1
    assert status_text.attention([], typed="pushctl", zone=ZONE) == "Nothing needs attention.\n"


def test_the_summary_counts_how_they_stand() -> None:
    counted = {Status.SCHEDULED: 2, Status.STOPPED: 1}
    assert status_text.summary(counted) == "3 pushes: 2 scheduled, 1 stopped\n"


def test_a_concern_cannot_obey_or_break_its_line() -> None:
    text = status_text.attention(
        [Attention(AttentionReason.STOPPED, "a\n\x1b[2J")], typed="pushctl", zone=ZONE
    )
    assert text == (
        "Needs attention\n■ a\\n\\x1b[2J  is stopped\n  type: pushctl resume 'a\\n\\x1b[2J'\n"
    )


def test_a_narrow_terminal_gets_folded_lines() -> None:
    concern = Attention(AttentionReason.LAPSED, "a-push-with-a-long-name", NOW, 2)
    text = status_text.attention([concern], typed="pushctl", zone=ZONE, style=Style(cells=30))
    assert max(map(width, text.splitlines())) <= 30
    assert "2 deliveries did not happen" in " ".join(text.split())


def test_the_document_has_nulls_for_what_a_concern_does_not_have() -> None:
    assert status_text.document(
        [Attention(AttentionReason.LAPSED, "a", NOW, 2), Attention(AttentionReason.STOPPED, "b")]
    ) == [
        {"id": "a", "need": "lapsed", "at": "2026-05-28T20:26:40Z", "count": 2},
        {"id": "b", "need": "stopped", "at": None, "count": None},
    ]
