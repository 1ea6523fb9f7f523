"""What counts as a comment at GitLab."""

from __future__ import annotations

import pytest

from pushctl.codehosts.comments import Comment, Upserted, upsert
from pushctl.codehosts.gitlab import GitLabConversation
from pushctl.errors import CodeHostError
from tests.fake_code_hosts import GitLab, serving
from tests.unit.codehosts.conversations import PLAN, gitlab_api, opened


def test_what_gitlab_tells_by_itself_is_no_comment() -> None:
    with serving(GitLab()) as host:
        host.add(host.me, PLAN, system=True)
        assert upsert(opened(host), PLAN) is Upserted.CREATED


def test_notes_are_told_apart_by_the_number_of_their_author() -> None:
    with serving(GitLab()) as host:
        mine, other = host.add(host.me, "a"), host.add("stranger", "b")
        assert list(opened(host).comments()) == [
            Comment(str(mine.id), "a", True),
            Comment(str(other.id), "b", False),
        ]


def test_a_project_by_its_path_is_one_part_of_the_address() -> None:
    with serving(GitLab()) as host:
        conversation = GitLabConversation(gitlab_api(host.url, host.token), "acme/../pushes", 7)
        with pytest.raises(CodeHostError, match="404"):
            list(conversation.comments())
        assert host.calls[-1] == "GET /projects/acme%2F..%2Fpushes/merge_requests/7/notes"
