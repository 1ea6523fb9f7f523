"""The line of a change says all that matters; what is behind it is whole, escaped and bounded."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from pushctl.push.push import Push
from pushctl.render.markdown.change import NAMED, REQUESTS, Detail, details, row
from pushctl.render.view.plan_view import plan_view
from pushctl.schedule.recurrence import Recurrence
from pushctl.schedule.rrule import parse_rrule
from pushctl.schedule.service_schedule import Immediate
from pushctl.state.state import State
from tests.builders import context, daily, days, desired, people, recorded, state, task
from tests.unit.render.view.plans import WEEK, planned, scheduled

BERLIN = ZoneInfo("Europe/Berlin")
SAID = {"title": "Bye|<i>", "body": "b" * 300}
GONE = scheduled(desired("gone", schedule=WEEK, message=SAID))
ABROAD = Recurrence(parse_rrule("FREQ=DAILY"), (dt.time(9),), BERLIN, days(1), days(3))


def only(*pushes: Push, held: State | None = None, **intent: bool) -> tuple[str, list[str]]:
    """The line of the only change, and its details without previews."""
    made = planned(*pushes, state=held, context=context(**intent) if intent else None)
    (view,) = plan_view(made).with_unchanged()
    return row(view, made), list(details(view, made, Detail(previews=False), "https://x.example/b"))


@pytest.mark.parametrize(
    ("push", "held", "line"),
    [
        (
            desired("new|<b>`", targets=people(3)),
            None,
            "<b>+ create</b> <code>new|&lt;b&gt;&#96;</code> · “Title” · "
            "<b>Sat 30 May 2026 04:26:40</b>, in 1 d · 3 users · create 1 · new",
        ),
        (
            desired("a", schedule=ABROAD),
            None,
            "<b>+ create</b> <code>a</code> · “Title” · <b>Sat 30 May 2026 09:00</b> "
            "Europe/Berlin, in 1 d 10 h, then 2 more · 1 user · create 1 · new",
        ),
        (
            None,
            GONE,
            "<b>- cancel</b> <code>gone</code> · “Bye|&lt;i&gt;” · loses 7 deliveries, due "
            "<b>Sat 30 May 2026 09:00</b>, in 1 d 4 h · 1 target · cancel 1 · not in the manifest",
        ),
    ],
    ids=["new", "another zone", "gone"],
)
def test_the_line(push: Push | None, held: State | None, line: str) -> None:
    assert only(*([] if push is None else [push]), held=held)[0] == line


def edited(before: dict[str, Any], after: dict[str, Any]) -> str:
    """The line of a push that was recorded with one spec and has another now."""
    return only(desired(title="New", **after), held=scheduled(desired(**before)))[0]


def test_the_line_of_an_edit_shows_what_it_was_and_will_be() -> None:
    before, after = {"message": {"title": "A|<b>"}}, {"message": {"title": "B"}}
    line = edited({**before, "icon": "i"}, {**after, "icon": "j"})
    assert "· <code>message.title</code> <del>A|&lt;b&gt;</del> → <ins>B</ins> · " in line


def test_of_a_long_text_the_line_shows_the_words_that_changed() -> None:
    words = "one two three four five six seven eight nine ten " * 4
    line = edited({"message": {"body": f"{words}60 off"}}, {"message": {"body": f"{words}70 off"}})
    assert "</code> …ht nine ten <del>60</del><ins>70</ins> off · " in line


def test_a_reason_that_the_line_shows_already_is_not_repeated() -> None:
    before = desired(schedule=daily("09:00", days(1), days(2)), at="09:00")
    after = desired(schedule=daily("10:00", days(1), days(2)), at="10:00")
    line, _ = only(after, held=scheduled(before))
    assert line.endswith("cancel 1, create 1")


def test_the_line_names_the_owner_and_calls_nobody() -> None:
    push = desired(meta=replace(desired().meta, owner="@acme/crm"))
    line, _ = only(push)
    assert line.endswith("acme/crm")
    assert "@acme" not in line


def test_what_goes_out_at_once_says_so() -> None:
    line, _ = only(desired(schedule=Immediate()), allow_immediate=True)
    assert "<b>sent the moment this is applied</b>" in line


def test_what_is_cancelled_tells_what_will_not_be_sent() -> None:
    _, (facts,) = only(held=GONE)
    assert facts.splitlines() == [
        "- not in the manifest any more",
        r"- title: Bye\|&lt;i&gt;",
        f"- body: {'b' * 199}…",
        "- loses 7 deliveries to 1 target: Sat 30 May 2026 09:00 · Sun 31 May 2026 09:00 · "
        "Mon 1 Jun 2026 09:00 · Tue 2 Jun 2026 09:00 · Wed 3 Jun 2026 09:00 … 2 more",
        "- Cancels `T-gone-0-0-1`",
    ]


def test_what_differs_is_shown_before_and_after() -> None:
    before = desired(content="60%\n<x>", to={"users": ["ann", "bob"]}, targets=("ann", "bob"))
    after = desired(content="70%", targets=("ann", "cy"))
    _, (facts, differences) = only(after, held=scheduled(before))
    assert facts.startswith("- [`pushctl.yaml:1`](https://x.example/b/pushctl.yaml#L1)\n")
    assert differences.splitlines() == [
        "**What changes**",
        "",
        r"- `body` <del>60\%\\n&lt;x&gt;</del> → <ins>70\%</ins>",
        r"- `to.users` <del>\[ann\, bob\]</del> → (none)",
        "- joining: `cy`",
        "- leaving: `bob`",
    ]


def test_of_a_long_text_only_the_words_around_a_change_are_shown() -> None:
    words = "one two three four five six seven eight nine ten " * 4
    before, after = (desired(content=f"{words}{n} off. {words}") for n in (60, 70))
    _, (_, differences) = only(after, held=scheduled(before))
    (line,) = (line for line in differences.splitlines() if line.startswith("- `body`"))
    assert "<del>60</del><ins>70</ins> off" in line
    assert len(line) < 200


@pytest.mark.parametrize(("count", "more"), [(NAMED, ""), (NAMED + 2, " and 2 more tasks")])
def test_only_some_cancelled_tasks_are_named(count: int, more: str) -> None:
    push = desired("gone")
    held = state({"gone": recorded(push, *(task(push, chunk=n) for n in range(count)))})
    (said,) = only(held=held)[1]
    assert said.splitlines()[-1].endswith(f"`T-gone-{NAMED - 1}-0-1`{more}")


def sent(*pushes: Push) -> str:
    made = planned(*pushes)
    (view,) = plan_view(made).with_unchanged()
    return list(details(view, made, Detail()))[-1]


def test_the_calls_that_differ_only_in_people_are_shown_once() -> None:
    text = sent(desired(schedule=WEEK, targets=people(23)))
    assert text.startswith("<details><summary>3 PushSimple calls</summary>")
    assert text.count('"StrategyContent"') == 1
    assert '"TargetMsgkey": "(10 + 10 + 3 targets, each with its own message key)"' in text
    assert "u000" not in text


def test_calls_of_more_than_a_few_schedules_are_counted() -> None:
    rule = parse_rrule("FREQ=DAILY")
    times = tuple(dt.time(hour) for hour in range(9, 9 + REQUESTS + 2))
    push = desired(schedule=Recurrence(rule, times, BERLIN, days(1), days(3)), targets=people(12))
    text = sent(push)
    assert text.startswith("<details><summary>10 PushSimple calls</summary>")
    assert text.count("2 calls:") == text.count('"StrategyContent"') == REQUESTS
    assert "4 more calls with other days and times." in text
