"""Every delivery is on its day, or counted in its month."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from pushctl.plan.plan import Plan
from pushctl.render.html import calendar
from pushctl.render.html.calendar import Mark
from pushctl.schedule.service_schedule import Immediate
from tests.builders import (
    DAY,
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
)
from tests.unit.render.html.sections import listed, plan, scheduled, text


def marks(made: Plan) -> list[tuple[str, Mark]]:
    return [(item.view.id, item.mark) for view in listed(made) for item in calendar.items(view)]


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


def test_a_day_without_change_is_folded_where_others_change() -> None:
    kept = [desired(f"kept-{n}", schedule=once(DAY + n)) for n in range(2)]
    made = plan(*kept, desired("made", schedule=once(2 * DAY)), before=scheduled(*kept))
    section = calendar.section(made, listed(made))
    head, _, rest = section.partition("<details>")
    folded, _, after = rest.partition("</details>")
    assert "kept-" not in head
    assert folded.count("kept-") == 2
    assert "<summary>2 unchanged</summary>" in folded
    assert "made" in after
    same = plan(*kept, before=scheduled(*kept))
    assert "<details>" not in calendar.section(same, listed(same))


def test_a_day_shows_changes_first_and_counts_the_rest() -> None:
    kept = [desired(f"kept-{n:02d}", schedule=once(DAY + n)) for n in range(60)]
    made = plan(*kept, desired("changed", schedule=once(DAY + 600)), before=scheduled(*kept))
    section = calendar.section(made, listed(made))
    head, _, _ = section.partition("<details>")
    assert "changed" in head
    assert "kept-05" not in head
    assert "55 more" in text(section)
    assert "and 21 more that are not listed" in text(section)


def test_what_is_sent_at_once_is_named_above_the_days() -> None:
    push = desired(schedule=Immediate())
    made = plan(push, context=context(allow_immediate=True))
    section = text(calendar.section(made, listed(made)))
    assert "Sent at once, when it is applied: promo" in section


def test_a_page_knows_what_day_it_is() -> None:
    made = plan(desired())
    cell = re.search(
        r'<td role="cell" class="today[^"]*">.*?</td>', calendar.section(made, listed(made))
    )
    assert cell is not None
    assert f"{TODAY.day} today" in text(cell[0])
    assert dt.date(2026, 5, 29) == TODAY
