"""Who gets most is listed first."""

from __future__ import annotations

from pushctl.push.identity import hashed_label
from pushctl.render.html import recipients, requests
from tests.acceptance.pages.structure import read
from tests.builders import DAY, HOUR, context, daily, days, desired, once
from tests.unit.render.html.sections import listed, plan


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
