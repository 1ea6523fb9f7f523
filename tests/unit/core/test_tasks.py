"""Which tasks an entry needs anew."""

from __future__ import annotations

from pushctl.core.state import Phase, TaskRecord
from pushctl.core.tasks import membership, superseded, torn
from tests.builders import DAY, NOW, context, daily, days, desired, once, recorded, task

PUSH = desired()


def test_membership_joins_the_windows_of_a_chunk() -> None:
    tasks = [task(targets="ab"), task(segment=1, targets="bc"), task(chunk=4, targets="d")]
    assert membership(tasks) == {0: frozenset("abc"), 4: frozenset("d")}


def doubled(*tasks: TaskRecord) -> list[int]:
    return sorted(slot.generation for slot in superseded(tasks, PUSH.fingerprint))


def test_superseded_is_the_older_of_two_for_the_same_people_and_time() -> None:
    assert doubled(task(), task(generation=2)) == [1]
    assert doubled(task(), task(generation=2), task(generation=3)) == [1, 2]


def test_superseded_are_not_other_people_nor_other_times() -> None:
    assert doubled(task(), task(generation=2, targets=["bob"])) == []
    assert doubled(task(), task(generation=2, schedule=once(2 * DAY))) == []


def test_superseded_is_not_decided_by_another_content() -> None:
    other = desired(title="Old")
    assert doubled(task(other), task(generation=2)) == [1]
    assert doubled(task(), task(other, generation=2)) == []


def test_torn_is_what_lacks_deliveries_that_were_cancelled() -> None:
    push = desired(schedule=daily())
    early = task(
        push, schedule=daily("09:00", days(0), days(3)), phase=Phase.CANCELLED, over_at=NOW
    )
    late = task(push, segment=1, schedule=daily("09:00", days(4), days(9)))
    whole = task(push, generation=2, schedule=daily("09:00", days(0), days(9)))
    assert torn(push, recorded(push, early, late), [late], 0, context())
    assert not torn(push, recorded(push, early, late, whole), [late, whole], 0, context())
    assert not torn(push, recorded(push, early), [], 0, context())
    assert not torn(push, recorded(push, early, late), [late], 0, context(NOW + 5 * DAY))


def test_torn_is_not_what_is_held_back_until_tomorrow() -> None:
    push, other = desired(schedule=daily("18:00")), desired(schedule=daily("03:00"))
    first = task(
        push, schedule=daily("18:00", days(0), days(9)), phase=Phase.CANCELLED, over_at=NOW - DAY
    )
    between = task(
        other,
        generation=2,
        schedule=daily("03:00", days(0), days(9)),
        phase=Phase.CANCELLED,
        over_at=NOW,
    )
    back = task(push, generation=3, schedule=daily("18:00", days(1), days(9)))
    assert not torn(push, recorded(push, first, between, back), [back], 0, context())
