"""Who writes at GitHub."""

from __future__ import annotations

from pushctl.codehosts.comments import Comment, Upserted, upsert
from pushctl.codehosts.github import GitHubConversation
from tests.fake_code_hosts import Answer, GitHub, serving
from tests.unit.codehosts.conversations import PLAN, github_api, opened


def test_a_person_at_github_is_who_the_token_says() -> None:
    with serving(GitHub(user=True, me="marco")) as host:
        host.add("github-actions[bot]", PLAN)
        assert upsert(opened(host), PLAN) is Upserted.CREATED
        assert upsert(opened(host), PLAN) is Upserted.UNCHANGED


def test_an_app_at_github_is_who_it_is_told() -> None:
    with serving(GitHub(me="acme-pushes[bot]")) as host:
        named = GitHubConversation(
            github_api(host.url, host.token), "acme/pushes", 7, "acme-pushes[bot]"
        )
        assert upsert(named, PLAN) is Upserted.CREATED
        assert upsert(named, PLAN) is Upserted.UNCHANGED


def test_a_comment_of_a_deleted_account_is_nobodys() -> None:
    with serving(GitHub()) as host:
        host.answer_with = Answer(200, [{"id": 1, "user": None, "body": None}])
        named = GitHubConversation(github_api(host.url, host.token), "acme/pushes", 7, "me")
        assert list(named.comments()) == [Comment("1", "", False)]
        assert host.calls == ["GET /repos/acme/pushes/issues/7/comments"]
