"""Messages are counted by hour."""

from __future__ import annotations

from pushctl.render.html import hourly_load
from tests.acceptance.pages.plans import SETTING
from tests.acceptance.pages.structure import read
from tests.builders import daily, days, desired
from tests.unit.render.html.sections import listed, plan

QUIET = SETTING.quiet


def test_the_week_counts_messages_by_hour_and_shades_quiet_hours() -> None:
    push = desired(schedule=daily("22:30", days(1), days(1)), targets=["a", "b", "c"])
    made = plan(push)
    cells = read(hourly_load.section(made, listed(made), QUIET)).all("td")
    assert [cell.text for cell in cells if cell.text] == ["3"]
    (cell,) = [cell for cell in cells if cell.text]
    assert "quiet" in (cell.attributes["class"] or "")
    assert sum("quiet" in (cell.attributes["class"] or "") for cell in cells) == 7 * 10
