"""What a page says of a plan, section by section."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from zoneinfo import ZoneInfo

from pushctl.plan.change import Cancel
from pushctl.plan.origin import Cause, Lines, Origin
from pushctl.plan.plan import Plan
from pushctl.plan.planner import make_plan
from pushctl.push.identity import hashed_label, message_key
from pushctl.push.message import AudienceKind
from pushctl.push.push import DesiredPush
from pushctl.render.html import (
    calendar,
    changes,
    hourly_load,
    phones,
    recipients,
    requests,
    summary,
)
from pushctl.render.html.calendar import Mark
from pushctl.render.html.page import page
from pushctl.render.html.selection import selected
from pushctl.render.view.change_view import ChangeView
from pushctl.render.view.plan_view import plan_view
from pushctl.schedule.service_schedule import Immediate
from pushctl.state.state import State
from tests.acceptance.pages.plans import SETTING
from tests.acceptance.pages.structure import read
from tests.builders import (
    DAY,
    HOUR,
    TODAY,
    changed,
    context,
    daily,
    days,
    desired,
    once,
    recorded,
    state,
    task,
    wishes,
)

QUIET = SETTING.quiet


def plan(*pushes: DesiredPush, before: State | None = None, **changes_: object) -> Plan:
    return make_plan(wishes(*pushes, **changes_), before or state(), None)


def listed(made: Plan) -> tuple[ChangeView, ...]:
    return selected(plan_view(made))


def scheduled(*pushes: DesiredPush) -> State:
    return state({push.id: recorded(push, task(push)) for push in pushes})


def marks(made: Plan) -> list[tuple[str, Mark]]:
    return [(item.view.id, item.mark) for view in listed(made) for item in calendar.items(view)]


def text(html: str) -> str:
    return read(f"<main>{html}</main>").text


# --- calendar -------------------------------------------------------------------------------------


def test_every_delivery_has_its_mark() -> None:
    kept, gone, retitled = desired("kept"), desired("gone"), desired("retitled")
    before = scheduled(kept, gone, retitled)
    made = plan(kept, replace(desired("retitled", title="New")), desired("made"), before=before)
    assert marks(made) == [
        ("kept", Mark.KEPT),
        ("retitled", Mark.CHANGED),
        ("made", Mark.NEW),
        ("gone", Mark.GONE),
    ]


def test_a_delivery_that_moves_says_from_where() -> None:
    push = desired(schedule=daily("09:00", days(1), days(2)))
    later = desired(schedule=daily("10:30", days(1), days(2)))
    made = plan(later, before=scheduled(push))
    assert marks(made) == [("promo", Mark.MOVED)] * 2
    assert "10:30 promo was 09:00" in text(calendar.section(made, listed(made)))


def test_what_cannot_be_applied_is_on_the_calendar_as_blocked() -> None:
    push = desired(meta=replace(desired().meta, protect=True))
    edited = changed(push, title="New", spec={"title": "New"})
    made = plan(edited, before=scheduled(push))
    assert marks(made) == [("promo", Mark.BLOCKED)]


def test_what_is_stopped_or_disabled_is_on_no_day() -> None:
    push = desired(enabled=False)
    assert marks(plan(push)) == []


def test_a_renamed_push_stays_on_its_day() -> None:
    push = desired("new")
    before = state({"old": recorded(push, task(push))})
    made = plan(push, before=before, context=context(moved={"old": "new"}))
    assert marks(made) == [("new", Mark.KEPT)]


def test_a_push_of_another_zone_shows_both_times() -> None:
    zone = ZoneInfo("America/New_York")
    push = desired(schedule=replace(daily("20:00", days(1), days(1)), zone=zone))
    made = plan(push)
    section = text(calendar.section(made, listed(made)))
    assert "08:00 promo Sat 20:00 America/New_York" in section


def test_later_months_are_shown_if_something_single_is_due_in_them() -> None:
    made = plan(desired("near"), desired("far", schedule=once(120 * DAY)), desired("often"))
    names = [(day.month, day.day) for day in calendar.shown_months(made, listed(made))]
    assert names == [(5, 1), (6, 1), (9, 1)]
    section = text(calendar.section(made, listed(made)))
    assert section.index("June 2026") < section.index("Nothing is due in between.")
    assert section.index("Nothing is due in between.") < section.index("September 2026")


def test_months_that_are_not_drawn_are_counted_where_they_would_stand() -> None:
    """A gap between two months must not look like silence."""
    often = desired("often", schedule=daily(first=days(1), last=days(150)))
    made = plan(often, desired("far", schedule=once(120 * DAY)))
    section = text(calendar.section(made, listed(made)))
    july = section.index("July 2026: 31 appear")
    assert section.index("June 2026") < july < section.index("August 2026: 31 appear")
    assert section.index("August 2026") < section.index("September 2026")
    assert section.index("September 2026") < section.index("October 2026: 26 appear")
    assert "Nothing is due" not in section


def test_what_becomes_of_deliveries_in_later_months_is_counted_by_kind() -> None:
    before = [
        desired("gone", schedule=daily("09:00", days(80), days(89))),
        desired("moved", schedule=daily("09:00", days(80), days(82))),
        desired("kept", schedule=daily("09:00", days(80), days(80))),
        desired("retitled", schedule=daily("09:00", days(80), days(81))),
    ]
    _, moved, kept, retitled = before
    after = (
        replace(moved, schedule=daily("10:00", days(80), days(82))),
        kept,
        changed(retitled, title="New"),
    )
    made = plan(*after, before=scheduled(*before))
    section = text(calendar.section(made, listed(made)))
    assert "August 2026: 3 move, 2 have another message, 10 disappear, 1 stays as it is" in section


def test_months_in_the_far_future_are_counted_together() -> None:
    """Only a push that is due once can be that far; it is drawn, up to six months of them."""
    far = [desired(f"far-{n:02d}", schedule=once((40 + 31 * n) * DAY)) for n in range(30)]
    made = plan(*far)
    section = calendar.section(made, listed(made))
    assert section.count("<caption>") == calendar.MONTHS_AT_MOST
    assert text(section).count(": 1 appears") == calendar.COUNTED
    assert re.search(r"\w+ \d{4} to \w+ \d{4}: 14 appear", text(section))


def test_a_day_shows_changes_first_and_counts_the_rest() -> None:
    kept = [desired(f"kept-{n:02d}", schedule=once(DAY + n)) for n in range(60)]
    made = plan(*kept, desired("changed", schedule=once(DAY + 600)), before=scheduled(*kept))
    section = calendar.section(made, listed(made))
    head, _, _ = section.partition("<details>")
    assert "changed" in head
    assert "kept-05" not in head
    assert "55 more" in text(section)
    assert "and 21 more that are not listed" in text(section)


def test_the_week_counts_messages_by_hour_and_shades_quiet_hours() -> None:
    push = desired(schedule=daily("22:30", days(1), days(1)), targets=["a", "b", "c"])
    made = plan(push)
    cells = read(hourly_load.section(made, listed(made), QUIET)).all("td")
    assert [cell.text for cell in cells if cell.text] == ["3"]
    (cell,) = [cell for cell in cells if cell.text]
    assert "quiet" in (cell.attributes["class"] or "")
    assert sum("quiet" in (cell.attributes["class"] or "") for cell in cells) == 7 * 10


def test_what_is_sent_at_once_is_named_above_the_days() -> None:
    push = desired(schedule=Immediate())
    made = plan(push, context=context(allow_immediate=True))
    section = text(calendar.section(made, listed(made)))
    assert "Sent at once, when it is applied: promo" in section


# --- people ---------------------------------------------------------------------------------------


def test_people_are_counted_by_day_the_busiest_first() -> None:
    one = desired("one", schedule=daily("20:00", days(1), days(3)), targets=["ann", "bob"])
    two = desired("two", schedule=once(DAY + 8 * HOUR), targets=["bob"])
    made = plan(one, two)
    rows = read(recipients.section(made, listed(made))).text
    assert "2 people get something in the next 14 days; all are shown." in rows
    assert "The most for one person on one day: 2." in rows
    assert rows.index("bob") < rows.index("ann")


def test_only_the_busiest_are_listed() -> None:
    push = desired(targets=[f"u{number}" for number in range(50)])
    made = plan(push)
    table = read(recipients.section(made, listed(made)))
    assert "50 people get something in the next 14 days; the busiest 20 are shown." in table.text
    assert len(table.all("tr")) == 21


def test_hashed_people_have_no_names_anywhere() -> None:
    push = desired(targets=["secret-person"])
    label = hashed_label("lineage")
    made = plan(push, hashed=True, context=context(label=label))
    for section in (recipients.section(made, listed(made)), requests.section(made, listed(made))):
        assert "secret-person" not in section
        assert label("secret-person") in section


def test_nobody_is_nobody() -> None:
    assert "Nobody gets anything" in recipients.section(plan(), ())


# --- the rest -------------------------------------------------------------------------------------


def test_message_keys_are_masked() -> None:
    made = plan(desired(targets=["ann"]))
    whole = requests.section(made, listed(made))
    key = message_key(lineage="lineage", id="promo", generation=1, chunk=0, segment=0, target="ann")
    assert key not in whole
    assert f'{{"ann": "{key[:4]}…"}}' in text(whole)
    assert '{"fixedTime":' in text(whole)


def test_a_change_shows_the_difference_by_word() -> None:
    push = desired(title="Up to 60% off", spec_only=1)
    edited = desired(title="Up to 70% off", spec_only=1)
    made = plan(edited, before=scheduled(push))
    section = changes.section(plan_view(made), listed(made))
    assert "<bdi>Up to <del>60</del><ins>70</ins>% off</bdi>" in section


def test_what_is_lost_is_said_on_the_first_screen_and_in_its_place() -> None:
    made = plan(before=scheduled(desired("gone")))
    assert isinstance(made.changes[0], Cancel)
    first = text(summary.section(plan_view(made), listed(made)))
    assert "Cannot be taken back once applied" in first
    assert "loses 1 delivery" in first
    assert "It loses 1 delivery" in text(changes.section(plan_view(made), listed(made)))


def test_what_is_worst_is_named_among_hundreds_of_cancels() -> None:
    gone = [desired(f"gone-{n}") for n in range(100)]
    made = plan(
        desired("z-now", schedule=Immediate()),
        before=scheduled(*gone),
        context=context(allow_immediate=True),
    )
    first = text(summary.section(plan_view(made), listed(made)))
    assert "z-now goes out to 1 user the moment this is applied" in first
    assert "and 89 more: 89 lose 89 deliveries; see the changes" in first


def test_what_is_cancelled_shows_what_would_have_been_sent() -> None:
    said = {"title": "谢谢您", "body": "包裹今天开始发出。"}
    made = plan(before=scheduled(desired("gone", message=said, to="users")))
    assert "谢谢您" in text(summary.section(plan_view(made), listed(made)))
    section = text(changes.section(plan_view(made), listed(made)))
    assert "谢谢您" in section
    assert "包裹今天开始发出。" in section
    assert "1 user" in section


def test_a_change_says_where_it_comes_from() -> None:
    made = plan(desired())
    lines = (Lines("campaigns/<b>.yaml", 3, 7),)
    made = replace(made, base="main (1a2b3c)", origins={"promo": Origin(Cause.EDITED, lines)})
    section = changes.section(plan_view(made), listed(made))
    assert "edited: campaigns/<b>.yaml:3-7" in text(section)
    assert "<b>.yaml" not in section
    assert "main (1a2b3c)" in text(page(made, SETTING))


def test_unchanged_pushes_are_listed_with_their_next_delivery() -> None:
    kept = desired("kept")
    made = plan(kept, before=scheduled(kept))
    section = text(changes.section(plan_view(made), listed(made)))
    assert "1 push stays as it is" in section
    assert "Sat 30 May 2026 04:26:40" in section.replace("\n", "")


def test_a_text_stands_once_in_a_phone_whatever_is_shown_of_it() -> None:
    push = desired(content="word " * 30)
    push = changed(push, kind=AudienceKind.HARMONY)
    made = plan(push)
    section = phones.section(listed(made))
    assert section.count("word word word word word word word word word") >= 1
    card = read(section).text
    assert card.count("word") < 30 + 2 * 20
    assert "body cut about here" in card


def test_a_vendor_that_refuses_is_named_before_anything_is_opened() -> None:
    made = plan(desired(title="限时特惠全场六折会员优先抢购今晚到手价再送好礼"))
    section = phones.section(listed(made))
    assert "refused by vivo" in text(section)
    assert "vivo refuses it: the title is 46 of 40 long" in text(section)


def test_a_page_knows_what_day_it_is() -> None:
    made = plan(desired())
    cell = re.search(
        r'<td role="cell" class="today[^"]*">.*?</td>', calendar.section(made, listed(made))
    )
    assert cell is not None
    assert f"{TODAY.day} today" in text(cell[0])
    assert dt.date(2026, 5, 29) == TODAY


def test_a_picture_is_named_where_it_is_shown_and_only_there() -> None:
    push = desired()
    made = plan(changed(push, style="image", image={"default": "https://cdn.example/x.png"}))
    section = phones.section(listed(made))
    pictured = re.findall(r'class="phone (\w+)">(?:(?!<figure).)*class="picture"', section, re.S)
    assert pictured == ["iphone", "huawei", "oppo"]
    assert "https://cdn.example" not in section
