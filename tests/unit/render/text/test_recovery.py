"""What was restored or rebuilt, the sure things first."""

from __future__ import annotations

import pytest

from pushctl.plan.reconcile.rebuild_state import Certainty, Claim, Rebuilt, Unclear
from pushctl.render.text.recovery import rebuilt, restored
from tests.builders import actual, desired, people, recorded, state, task
from tests.fakes import ZONE


def test_a_restored_state_tells_what_it_is_made_of() -> None:
    held = state({"a": recorded()}, serial=7)
    assert restored(held, ["snapshot: whole", "journal: 3\x1b"], complete=True) == (
        "Restored: state #7 with 1 push.\n"
        "  snapshot: whole\n"
        "  journal: 3\\x1b\n"
        "It has all that these files tell of. What the service has: pushctl plan\n"
    )


def test_a_restored_state_with_a_gap_is_not_to_be_applied_blindly() -> None:
    assert restored(state(), [], complete=False) == (
        "Restored: state #1 with 0 pushes.\n"
        "Something may be missing. Look before you apply: pushctl plan\n"
        "If it shows tasks of nobody (?), take them over: pushctl state rebuild\n"
    )


def test_a_rebuilt_state_in_full() -> None:
    sure, unsure = desired("sure", targets=people(12)), desired("中文")
    stranger = actual(task(), task_id="T\x1b", title="Sale\u202e")
    found = Rebuilt(
        (
            Claim(unsure, (task(unsure),), Certainty.PEOPLE_UNKNOWN),
            Claim(sure, (task(sure), task(sure, chunk=1)), Certainty.SEEN),
        ),
        (Unclear("twice", "two look like it", "cancel one"),),
        ("gone",),
        (stranger,),
    )
    assert rebuilt(found, zone=ZONE) == (
        "  + sure   2 tasks, 12 users: found; its people are taken from the manifest\n"
        "  ~ 中文   1 task, 1 user: taken over; the next apply cancels and re-creates it\n"
        "  ? twice  not sure: two look like it\n"
        "    fix: cancel one\n"
        "  · gone   nothing on the service looks like it\n"
        "  ? task T\\x1b is nobody's: “Sale\\u202e” Sat 30 May 2026 04:26:40 Asia/Shanghai\n"
        "Rebuild: 2 found, 1 not sure, 1 not there, 1 task of nobody.\n"
    )


@pytest.mark.parametrize("certainty", Certainty)
def test_only_what_was_seen_is_sure(certainty: Certainty) -> None:
    push = desired()
    text = rebuilt(Rebuilt((Claim(push, (task(push),), certainty),), (), (), ()), zone=ZONE)
    assert text.startswith("  + " if certainty is Certainty.SEEN else "  ~ ")
    assert text.endswith("Rebuild: 1 found, 0 not sure, 0 not there, 0 tasks of nobody.\n")
