"""What counts as a comment at GitLab."""

from __future__ import annotations

from pushctl.codehosts.comments import Upserted, upsert
from tests.fake_code_hosts import GitLab, serving
from tests.unit.codehosts.conversations import PLAN, opened


def test_what_gitlab_tells_by_itself_is_no_comment() -> None:
    with serving(GitLab()) as host:
        host.add(host.me, PLAN, system=True)
        assert upsert(opened(host), PLAN) is Upserted.CREATED
