"""The report of `stop`: whether anything can still go out comes first."""

from __future__ import annotations

from typing import Any

from pushctl.plan.stop import Delivered, Revocation, StoppedPush, StopReport
from pushctl.render.text.stop import document, report
from pushctl.text.style import Style
from tests.builders import DAY, HOUR, NOW
from tests.fakes import ZONE


def stopped(**changes: Any) -> StoppedPush:
    quiet: dict[str, Any] = {
        "id": "promo",
        "title": "Sale",
        "owner": None,
        "stopped_at": NOW,
        "cancelled": (),
        "people": 0,
        "prevented": 0,
        "next_prevented": None,
        "delivered": (),
        "left": (),
        "withdrawn": {},
    }
    return StoppedPush(**{**quiet, **changes})


def reported(*pushes: StoppedPush) -> StopReport:
    return StopReport("app", "prod", "https://mpaas.example", NOW, pushes)


def lines(*pushes: StoppedPush) -> list[str]:
    return report(reported(*pushes), zone=ZONE).splitlines()


def test_a_push_that_is_stopped() -> None:
    push = stopped(
        owner="ann\x1b",
        cancelled=("T1", "T2"),
        people=12,
        prevented=3,
        next_prevented=NOW + HOUR,
        delivered=tuple(Delivered(NOW - day * DAY, 12) for day in range(4, 0, -1)),
        withdrawn={Revocation.ACCEPTED: 1, Revocation.HASHED: 11},
    )
    assert lines(push) == [
        "Stop complete! 1 push stopped. (2 tasks cancelled, 3 deliveries)",
        "app/prod on https://mpaas.example, Fri 29 May 2026 04:26:40 Asia/Shanghai",
        "",
        "  promo  “Sale”   owner ann\\x1b",
        "    will not happen: 3 deliveries to 12 targets, the next on "
        "Fri 29 May 2026 05:26:40 Asia/Shanghai",
        "    had gone out: Tue 26 May 2026 04:26:40 Asia/Shanghai to 12 targets",
        "    had gone out: Wed 27 May 2026 04:26:40 Asia/Shanghai to 12 targets",
        "    had gone out: Thu 28 May 2026 04:26:40 Asia/Shanghai to 12 targets",
        "    and 1 delivery before",
        "    withdrawing: 1 message accepted by the service",
        "    withdrawing: 11 messages to people whom the state knows only by digests",
    ]


def test_a_push_of_which_nothing_was_there() -> None:
    assert lines(stopped(title="\u202e"))[3:] == [
        "  promo  “\\u202e”",
        "    nothing of it was scheduled",
        "    had gone out: nothing that is recorded",
    ]


def test_what_is_left_is_the_headline() -> None:
    bad = stopped(left=("T\x1b", ""))
    found = lines(stopped(id="fine"), bad)
    assert found[0] == "Stop incomplete. 1 push may still be delivered."
    assert found[-2:] == [
        "    NOT STOPPED: task T\\x1b",
        "    NOT STOPPED: a call without an answer",
    ]
    assert report(reported(bad), zone=ZONE, style=Style(color=True)).startswith(
        "\x1b[31;1mStop inc"
    )
    assert (document(reported(bad))["clean"], document(reported())["clean"]) == (False, True)


def test_the_document_counts_people_and_names_none() -> None:
    push = stopped(
        cancelled=("T1",),
        people=2,
        prevented=1,
        next_prevented=NOW + HOUR,
        delivered=(Delivered(NOW - DAY, 2),),
        withdrawn={Revocation.NO_KEY: 2},
    )
    assert document(reported(push)) == {
        "at": "2026-05-28T20:26:40Z",
        "app": "app",
        "workspace": "prod",
        "endpoint": "https://mpaas.example",
        "clean": True,
        "pushes": [
            {
                "id": "promo",
                "title": "Sale",
                "owner": None,
                "stopped_at": "2026-05-28T20:26:40Z",
                "cancelled_tasks": ["T1"],
                "targets": 2,
                "deliveries_prevented": 1,
                "next_prevented": "2026-05-28T21:26:40Z",
                "delivered": [{"at": "2026-05-27T20:26:40Z", "targets": 2}],
                "still_scheduled": [],
                "withdrawn": {"no key": 2},
            }
        ],
    }
