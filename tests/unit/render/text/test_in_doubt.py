"""A doubt says what is known, and every command that could end it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from msgspec.structs import replace

from pushctl.plan.reconcile.in_doubt import Doubt
from pushctl.push.task import ActualTask
from pushctl.render.text.in_doubt import doubts
from pushctl.state.state import Phase, TaskRecord
from tests.builders import NOW, actual, desired, recorded, task
from tests.fakes import ZONE

ID = "promo[b]"
CREATING = replace(task(phase=Phase.CREATING, segment=2), doubt="timeout\x1b")
CANCELLING = task(phase=Phase.CANCELLING, task_id="T\x1b")
TYPED = "pushctl --env prod state resolve 'promo[b]' --chunk 0"
BEYOND = """\
  it was not created, and may be called again:
    {0} --not-created
  it was delivered:
    {0} --sent"""


def lines(
    record: TaskRecord, looked: Sequence[Doubt] | None, *rows: ActualTask, id: str = ID
) -> list[str]:
    held = recorded(desired(), record)
    return doubts(id, held, looked, rows, typed="pushctl --env prod", zone=ZONE).splitlines()


def test_without_a_look_every_answer_that_fits_is_offered() -> None:
    assert lines(CREATING, None) == [
        "promo[b] chunk 0 segment 2: was it created? “Title” to 1 target, "
        "first delivery Sat 30 May 2026 04:26:40 Asia/Shanghai",
        "  the call: timeout\\x1b",
        "  nobody looked at the service: what follows is for whoever did",
        "  it was created, and is this task:",
        f"    {TYPED} --segment 2 --created TASK_ID",
        *BEYOND.format(f"{TYPED} --segment 2").splitlines(),
    ]


def test_a_look_names_the_candidates_and_no_other_task() -> None:
    found = Doubt(ID, CREATING.slot, Phase.CREATING, "two look like it", None, ("T1", "T;2"))
    rows = [actual(task(), task_id=id, created_at=NOW) for id in ("T1", "T;2", "T3")]
    rows[1] = replace(rows[1], created_at=0, deliveries=())
    assert lines(CREATING, [found], *rows)[2:8] == [
        "  a look at the service: two look like it",
        "  task T1: created Fri 29 May 2026 04:26:40 Asia/Shanghai, 1 delivery",
        "  task T;2: created at an unknown time, 0 deliveries",
        "  it was created, and is this task:",
        f"    {TYPED} --segment 2 --created T1",
        f"    {TYPED} --segment 2 --created 'T;2'",
    ]


def test_what_a_look_has_decided_needs_nobody() -> None:
    assert lines(CREATING, [])[2:] == [
        "  a look at the service can tell; pushctl apply writes it down"
    ]


def test_a_cancel_has_answers_of_its_own() -> None:
    text = lines(CANCELLING, None)
    assert text[0].startswith("promo[b] chunk 0: was it cancelled? T\\x1b to 1 target")
    assert [line.split()[-1] for line in text if TYPED in line] == [
        *("--cancelled", "--still-scheduled", "--sent")
    ]


@pytest.mark.parametrize(("id", "shown"), [("promo", "promo"), ("a\u202e", "a\\u202e")])
def test_nothing_may_be_in_doubt(id: str, shown: str) -> None:
    assert lines(task(), None, id=id) == [f"Nothing of {shown} is in doubt."]
