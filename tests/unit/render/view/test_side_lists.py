"""What a plan tells besides its changes is said once, with the texts of others marked."""

from __future__ import annotations

from msgspec.structs import replace

from pushctl.plan.change import NoOp
from pushctl.plan.guards.quota import Waiting
from pushctl.plan.reconcile.refresh import Drift, DriftKind
from pushctl.push.task import Slot
from pushctl.render.view.side_lists import Quoted, Sentence, SideList, Topic, side_lists
from tests.builders import DAY, NOW, actual, desired, task
from tests.unit.render.view.plans import planned

SLOT = Slot(0, 0, 1)


def text(parts: Sentence) -> str:
    return "".join(part if isinstance(part, str) else f"<{part.text}>" for part in parts)


def test_a_plan_with_nothing_to_add_has_no_lists() -> None:
    assert side_lists(planned(desired())) == ()


def test_every_list_says_what_it_is_about() -> None:
    made = replace(
        planned(),
        changes=(NoOp("told", "delivered already", telling=True), NoOp("kept", "as it is")),
        waiting=(Waiting("late", 2, NOW + DAY),),
        drift=(
            Drift("gone", SLOT, DriftKind.GONE, "T1", 3, 3),
            Drift("less", SLOT, DriftKind.PARTLY, "T2", 1, 3),
        ),
        unmanaged=(replace(actual(task(desired())), task_id="T3", title="By hand"),),
    )
    found = {
        item.topic: [(id, text(parts)) for id, parts in item.lines] for item in side_lists(made)
    }
    due = "Sat 30 May 2026 04:26:40 Asia/Shanghai"
    assert found == {
        Topic.UNCHANGED: [("told", "<delivered already>")],
        Topic.WAITING: [("late", f"2 tasks wait for room, the first due {due}")],
        Topic.DRIFT: [
            ("gone", "task <T1> is not on the service any more"),
            ("less", "task <T2> lost 1 of 3 deliveries on the service"),
        ],
        Topic.UNMANAGED: [
            ("T3", f"“<By hand>”, due {due}, not in the manifest (pushctl adopt ID TASK)")
        ],
    }
    assert [item.counted for item in side_lists(made)] == [
        "1 unchanged push with something to say",
        "1 waiting for room",
        "2 tasks not as the state says",
        "1 task on the service and not in the manifest",
    ]


def test_tasks_in_doubt_are_counted() -> None:
    assert SideList(Topic.IN_DOUBT, (("a", ()), ("b", ()))).counted == "2 tasks in doubt"


def test_an_id_can_be_copied_and_a_title_cannot() -> None:
    made = replace(planned(), drift=(Drift("gone", SLOT, DriftKind.GONE, "T1", 3, 3),))
    ((_, parts),) = side_lists(made)[0].lines
    assert Quoted("T1", code=True) in parts


def test_what_waits_is_not_told_of_twice() -> None:
    made = replace(
        planned(),
        changes=(NoOp("late", "no room", telling=True),),
        waiting=(Waiting("late", 1, NOW + DAY),),
    )
    assert [item.topic for item in side_lists(made)] == [Topic.WAITING]
