"""Who joins and who leaves is counted."""

from __future__ import annotations

from pushctl.render.view.audience import AudienceSize
from pushctl.render.view.plan_view import plan_view
from tests.builders import desired, people
from tests.unit.render.view.plans import planned, scheduled


def test_who_joins_and_who_leaves_is_counted_and_not_the_sum() -> None:
    before, after = desired(targets=people(5)), desired(targets=(*people(4), "new", "newer"))
    (view,) = plan_view(planned(after, state=scheduled(before))).changes
    assert view.audience == AudienceSize(before=5, after=6, joined=2, left=1)
