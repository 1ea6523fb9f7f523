"""The comment of a plan: it fits, it says what it left out, and the most pressing comes first."""

from __future__ import annotations

import re
import time

import pytest
from msgspec.structs import replace

from pushctl.diagnostics import Diagnostic, Position, Range, Severity
from pushctl.plan.plan import Plan
from pushctl.plan.planner import make_plan
from pushctl.plan.reconcile.listing import Listing
from pushctl.push.message import Sms
from pushctl.push.push import Meta, OnRemove, Push
from pushctl.render.markdown import plan as plan_markdown
from pushctl.render.markdown.plan import LIMIT, ManifestLocation, marker, no_plan
from pushctl.schedule.service_schedule import Immediate
from pushctl.state.state import State
from pushctl.text.width import utf16_units
from tests.builders import (
    DAY,
    NOW,
    actual,
    changed,
    context,
    daily,
    days,
    desired,
    once,
    people,
    plan_request,
    recorded,
    task,
)
from tests.builders import state as states

LOST = "gone"


def many(count: int) -> Plan:
    """A plan that creates, replaces and keeps pushes, and cancels the one that comes last."""
    kept = [desired(f"kept-{n}", schedule=once((n + 2) * DAY)) for n in range(5)]
    changed = [before(n) for n in range(count // 2)]
    gone = desired(LOST, schedule=once(170 * DAY))
    records = {push.id: recorded(push, task(push)) for push in (*kept, *changed, gone)}
    new = [
        desired(
            f"new-{n:04d}",
            title=f"限时特惠 {n}",
            content="全场六折，会员优先抢购。" * 5,
            schedule=once(2 * DAY + n * 60),
            targets=people(3),
        )
        for n in range(count - count // 2)
    ]
    edited = [before(n, f"满 399 减 50。{TEXT}") for n in range(count // 2)]
    return planned(*kept, *edited, *new, state=states(records))


TEXT = "数量有限，先到先得，售完即止。" * 5


def before(number: int, content: str = f"满 299 减 50。{TEXT}") -> Push:
    times = daily(first=days(1), last=days(30 + number % 60))
    return desired(f"edited-{number:04d}", content=content, schedule=times)


def planned(*pushes: Push, state: State) -> Plan:
    listed = tuple(actual(item) for record in state.pushes.values() for item in record.live)
    return make_plan(plan_request(*pushes, quota_limit=10_000), state, Listing(listed, NOW))


def page(plan: Plan, **settings: object) -> str:
    return plan_markdown.plan(plan, version="1.2.3", **settings)  # type: ignore[arg-type]


def rows(text: str) -> list[str]:
    """The entries in the order in which a page shows them."""
    return re.findall(r"<b>[^<]+</b> <code>([^<]+)</code>", text)


def test_a_small_plan_says_everything() -> None:
    text = page(many(4))
    assert rows(text)[0] == LOST
    assert "满 <del>299</del><ins>399</ins> 减 50。" in text
    assert "5 unchanged" in text
    assert '"Title": "限时特惠 0"' in text
    assert "Shortened" not in text


def test_what_will_not_be_sent_is_on_its_line_and_behind_it() -> None:
    said = {"title": "谢谢您", "body": "包裹今天开始发出。"}
    gone = desired(LOST, message=said, to="users")
    text = page(planned(state=states({LOST: recorded(gone, task(gone))})))
    assert f"<code>{LOST}</code> · “谢谢您” · loses 1 delivery" in text
    assert "- body: 包裹今天开始发出。" in text
    assert "loses 1 delivery to 1 user, due" in text


def test_a_plan_of_1000_entries_fits_soon_enough_and_shows_the_most_pressing() -> None:
    plan = many(1000)
    began = time.process_time()
    text = page(plan)
    assert time.process_time() - began < 1
    assert LIMIT * 0.9 < utf16_units(text) <= LIMIT
    shown = rows(text)
    assert shown[0] == LOST
    order = [entry.id for entry in plan_markdown.plan_view(plan).by_urgency]
    assert shown == [id for id in order if id in set(shown)], "in their order"
    assert shown[:300] == order[:300]
    left = [id.partition("-")[0] for id in order if id not in shown]
    kinds = f"{left.count('new')} to create, {left.count('edited')} to replace"
    assert f"{len(left)} of 1,001 pushes ({kinds})" in text
    assert plan.actions_digest[:12] in text
    assert "Plan: 500 to create, 500 to replace, 1 to cancel, 5 unchanged." in text


@pytest.mark.parametrize("limit", [*range(400, 6_000, 250), *range(6_000, 120_000, 7_000)])
def test_whatever_the_limit_it_is_kept_and_what_is_left_out_is_said(limit: int) -> None:
    plan = many(40)
    text = page(plan, limit=limit)
    assert utf16_units(text) <= limit
    assert text.startswith(marker(plan.app, plan.workspace, plan.env))
    assert "Plan: 20 to create, 20 to replace, 1 to cancel, 5 unchanged." in text
    assert text.count("<details>") == text.count("</details>")
    assert text.count("<li>") == text.count("</li>")
    whole = page(plan, limit=10**9)
    assert (text == whole) or "Left out:" in text or limit < 1_500


def test_the_ladder_goes_down_one_step_at_a_time() -> None:
    """Previews go first, then the words that changed, then all but the lines."""
    plan, limit, seen = many(40), 10**9, []
    for _ in range(5):
        text = page(plan, limit=limit)
        seen.append(
            (
                "PushSimple call" in text,
                "**What changes**" in text,
                "<details>" in text,
                len(rows(text)) == 41,
            )
        )
        limit = utf16_units(text) - 1
    assert seen == [
        (True, True, True, True),
        (False, True, True, True),
        (False, False, True, True),
        (False, False, False, True),
        (False, False, False, False),
    ]


def crowded() -> Plan:
    """Many cancels and replaces, and among them one of each thing that is worse."""
    gone = [
        desired(f"gone-{n:03d}", schedule=daily(first=days(1), last=days(9))) for n in range(150)
    ]
    edited = [desired(f"edited-{n:03d}", schedule=once(DAY + n)) for n in range(150)]
    kept = desired("let-run", schedule=once(9 * DAY), meta=Meta(on_remove=OnRemove.FORGET))
    known = states({push.id: recorded(push, task(push)) for push in (*gone, *edited, kept)})
    listed = tuple(actual(item) for record in known.pushes.values() for item in record.live)
    strangers = tuple(replace(listed[0], task_id=f"S{n}", title="By hand") for n in range(12))
    now = desired("z-now", schedule=Immediate())
    sms = desired("z-sms", schedule=once(90 * DAY))
    sms = changed(sms, sms=Sms("fallback", "Sign", "SMS_1", {}))
    wanted = plan_request(
        *(changed(push, title="New") for push in edited),
        *(now, sms),
        quota_limit=10_000,
        context=context(allow_immediate=True),
    )
    return make_plan(wanted, known, Listing((*listed[20:], *strangers), NOW))


def test_one_of_each_kind_is_named_and_the_others_are_counted_by_kind() -> None:
    text = page(crowded(), limit=20_000)
    box = text[text.index("[!CAUTION]") : text.index("The most pressing first")]
    assert "`z-now` goes out to 1 user the moment this is applied" in box
    assert "`let-run` leaves 1 task behind" in box
    assert "`z-sms` sends up to 1 text message" in box
    assert box.count("> - `") == 8
    assert "> - and 125 more: 125 lose 1,125 deliveries" in box
    shown = rows(text)
    assert shown[:2] == ["z-now", "let-run"], "what happens as soon as it is applied"
    assert "z-sms" in shown
    assert "edited-000" in shown
    left = 153 + 130 - len(shown)
    assert f"{left} of 283 pushes (" in text


def test_lists_that_are_dropped_are_counted() -> None:
    plan = crowded()
    text = page(plan, limit=3_500)
    assert "On the service, and not in the manifest**" not in text
    assert "20 tasks not as the state says; 12 tasks on the service and not in the manifest" in text
    assert "On the service, and not in the manifest**" in page(plan, limit=20_000)


def test_findings_without_room_are_counted_by_kind() -> None:
    found = tuple(finding(n, Severity.WARNING) for n in range(20))
    text = page(replace(many(2), diagnostics=found))
    assert "- and 12 more findings: 12 warnings" in text


def test_it_says_where_to_see_what_is_left_out() -> None:
    text = page(many(40), limit=10_000, elsewhere="https://ci.example/runs/7")
    assert "[the run shows all of it](https://ci.example/runs/7)" in text
    assert "`pushctl plan` shows it" in page(many(40), limit=10_000)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "https://x) [y](https://z", "a b"])
def test_an_odd_address_leads_nowhere(address: str) -> None:
    assert f"]({address}" not in page(many(40), limit=10_000, elsewhere=address)


def test_the_marker_names_the_plan_and_cannot_be_ended() -> None:
    assert marker("ONEX1", "prod", "eu") == (
        "<!-- pushctl:plan app=ONEX1 workspace=prod env=eu -->"
    )
    hostile = marker("a-->b", "-- -- >", "x\n<!--")
    assert hostile.count("--") == 2
    assert hostile.count(">") == 1
    assert "\n" not in hostile
    assert marker("a-", "-b", None) == marker("a-", "-b", "")


def test_two_folders_of_one_repository_have_a_comment_each() -> None:
    assert marker("A", "w", None, "ops/campaigns--1") == (
        "<!-- pushctl:plan app=A workspace=w env= path=ops/campaigns-%2D1 -->"
    )
    plan = many(2)
    assert page(plan, place=ManifestLocation("ops")).startswith(
        marker(plan.app, plan.workspace, None, "ops") + "\n"
    )
    text = no_plan([], app="A", workspace="w", env=None, version="1", place=ManifestLocation("ops"))
    assert text.startswith(marker("A", "w", None, "ops") + "\n")


def test_a_line_is_linked_where_its_commit_is_known() -> None:
    plan = replace(many(2), diagnostics=(at("a b/c.yaml", 7),))
    source = "https://github.com/o/r/blob/1a2b3c/ops"
    text = page(plan, place=ManifestLocation(source=source))
    assert f"- [`pushctl.yaml:1`]({source}/pushctl.yaml#L1)" in text
    assert f"[`a b/c.yaml:7`]({source}/a%20b/c.yaml#L7)" in text
    assert "- `pushctl.yaml:1`" in page(plan)


@pytest.mark.parametrize("source", ["javascript:alert(1)//", "https://x) [y](https://z", "a b"])
def test_no_odd_address_is_linked(source: str) -> None:
    assert f"]({source}" not in page(many(2), place=ManifestLocation(source=source))


def test_markers_of_long_names_stay_short_and_apart() -> None:
    one, other = marker("x" * 5000 + "1", "w", None), marker("x" * 5000 + "2", "w", None)
    assert one != other
    assert len(one) < 300


def test_no_request_names_a_target_or_a_message_key() -> None:
    plan = many(6)
    keys = {
        name
        for change in plan.changes
        for new in getattr(change, "creates", ())
        for pair in new.message_keys.items()
        for name in pair
    }
    text = page(plan)
    assert keys
    assert not [key for key in keys if re.search(rf"\b{key}\b", text)]


def finding(number: int, severity: Severity = Severity.ERROR) -> Diagnostic:
    return Diagnostic(severity, "PSH301", "Too long", f"By {number}.", fix="Make it shorter.")


def at(file: str, line: int) -> Diagnostic:
    place = Position(line, 1)
    return replace(finding(1, Severity.WARNING), range=Range(file, place, place))


def test_a_manifest_with_errors_has_a_comment_too() -> None:
    text = no_plan([finding(1)], app="A", workspace="w", env="prod", version="1.2.3")
    assert text.startswith(marker("A", "w", "prod"))
    assert "**No plan: the manifest has errors.** 1 error." in text
    assert "**Fix:** Make it shorter" in text


@pytest.mark.parametrize("limit", [200, 1_000, 5_000, 100_000])
def test_no_number_of_errors_makes_it_too_long(limit: int) -> None:
    found = [finding(number) for number in range(1_000)]
    text = no_plan(found, app="A", workspace="w", env=None, version="1", limit=limit)
    assert utf16_units(text) <= limit
    assert text.startswith("<!-- pushctl:plan ")


def test_errors_are_told_before_warnings_and_the_rest_is_behind() -> None:
    found = tuple(finding(number, Severity.WARNING) for number in range(20))
    plan = replace(many(2), diagnostics=(*found, finding(99)))
    text = page(plan)
    assert "**1 error, 20 warnings**" in text
    assert "Apply refuses this plan" in text
    assert text.index("By 99") < text.index("By 0")
    assert "13 more findings</summary>" in text
