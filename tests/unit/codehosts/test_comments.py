"""One comment, whatever else is said: the same suite for every code host."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pushctl.codehosts.client import Api
from pushctl.codehosts.comments import Conversation, Upserted, upsert
from pushctl.codehosts.github import GitHubConversation
from pushctl.codehosts.gitlab import GitLabConversation
from pushctl.errors import CodeHostDeniedError, CodeHostError, ConfigError
from tests.fake_code_hosts import STRANGER, Answer, CodeHost, GitHub, GitLab, serving

MARK = "<!-- pushctl:plan app=ONEX0 workspace=prod env=prod -->"
PLAN = f"{MARK}\n### 1 create\n\n限时特惠 😀\n"


@pytest.fixture(params=[GitHub, GitLab])
def host(request: pytest.FixtureRequest) -> Iterator[CodeHost]:
    with serving(request.param()) as host:
        yield host


def opened(host: CodeHost, token: str = "secret-writer") -> Conversation:
    if isinstance(host, GitHub):
        return GitHubConversation(host.url, token, "acme/pushes", 7)
    return GitLabConversation(host.url, token, "42", 7)


def said(host: CodeHost) -> list[str]:
    return [note.body.replace("\r\n", "\n") for note in host.notes]


def test_the_first_plan_is_a_new_comment(host: CodeHost) -> None:
    assert upsert(opened(host), PLAN) is Upserted.CREATED
    assert said(host) == [PLAN.strip()]


def test_the_same_plan_again_is_no_call(host: CodeHost) -> None:
    upsert(opened(host), PLAN)
    del host.calls[:]
    assert upsert(opened(host), PLAN) is Upserted.UNCHANGED
    assert host.writes == []


def test_another_plan_edits_the_comment_in_place(host: CodeHost) -> None:
    host.add(STRANGER, "looks good")
    upsert(opened(host), PLAN)
    assert upsert(opened(host), f"{MARK}\nnothing to do") is Upserted.UPDATED
    assert said(host) == ["looks good", f"{MARK}\nnothing to do"]


def test_the_comment_is_found_on_a_later_page(host: CodeHost) -> None:
    for number in range(4):
        host.add(STRANGER, f"before {number}")
    upsert(opened(host), PLAN)
    for number in range(4):
        host.add(STRANGER, f"after {number}")
    assert upsert(opened(host), f"{MARK}\nnew") is Upserted.UPDATED
    assert said(host)[4] == f"{MARK}\nnew"
    assert len(host.notes) == 9


def test_a_strangers_comment_with_our_marker_is_left_alone(host: CodeHost) -> None:
    host.add(STRANGER, PLAN)
    assert upsert(opened(host), PLAN) is Upserted.CREATED
    assert upsert(opened(host), f"{MARK}\nnew") is Upserted.UPDATED
    assert said(host) == [PLAN, f"{MARK}\nnew"]


def test_a_marker_that_is_quoted_is_no_marker(host: CodeHost) -> None:
    host.add(host.me, f"see above:\n{MARK}")
    assert upsert(opened(host), PLAN) is Upserted.CREATED


def test_every_environment_has_a_comment_of_its_own(host: CodeHost) -> None:
    upsert(opened(host), PLAN)
    other = PLAN.replace("env=prod", "env=staging")
    assert upsert(opened(host), other) is Upserted.CREATED
    assert len(host.notes) == 2


def test_what_two_runs_created_at_once_becomes_one(host: CodeHost) -> None:
    upsert(opened(host), PLAN)
    host.add(host.me, PLAN)
    host.add(STRANGER, PLAN)
    assert upsert(opened(host), PLAN) is Upserted.UNCHANGED
    assert [note.author for note in host.notes] == [host.me, STRANGER]


def test_what_is_too_long_is_refused_before_anything_is_called(host: CodeHost) -> None:
    conversation = opened(host)
    fitting = PLAN + "x" * (conversation.longest - len(PLAN.encode("utf-16-le")) // 2)
    with pytest.raises(CodeHostError, match="too long"):
        upsert(conversation, fitting + "x")
    assert host.calls == []
    assert upsert(conversation, fitting) is Upserted.CREATED


@pytest.mark.parametrize("text", ["", "### plan", "<!-- other -->", f"x {MARK}", "<!-- pushctl:"])
def test_a_text_without_a_marker_is_refused(host: CodeHost, text: str) -> None:
    with pytest.raises(CodeHostError, match="no marker"):
        upsert(opened(host), text)
    assert host.calls == []


def test_a_token_that_may_only_read_is_denied(host: CodeHost) -> None:
    with pytest.raises(CodeHostDeniedError, match="403"):
        upsert(opened(host, "secret-reader"), PLAN)
    assert host.notes == []


def test_a_token_that_nobody_knows_is_denied(host: CodeHost) -> None:
    with pytest.raises(CodeHostDeniedError, match="401"):
        upsert(opened(host, "secret-nobody"), PLAN)


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (Answer(403, {"message": "rate"}, {"X-RateLimit-Remaining": "0"}), "wait"),
        (Answer(403, {"message": "secondary"}, {"Retry-After": "60"}), "wait"),
        (Answer(429), "wait"),
        (Answer(500, "not a mapping"), "500"),
        (Answer(404, {"message": "Not Found"}), "404"),
        (Answer(200, {"id": 1, "login": "x"}), "no list"),
    ],
)
def test_other_answers_are_errors_and_not_a_lack_of_permission(
    host: CodeHost, answer: Answer, word: str
) -> None:
    host.answer_with = answer
    with pytest.raises(CodeHostError, match=word) as caught:
        upsert(opened(host), PLAN)
    assert not isinstance(caught.value, CodeHostDeniedError)
    assert "secret" not in str(caught.value)


def test_a_redirection_takes_the_token_nowhere(host: CodeHost) -> None:
    with serving(type(host)()) as elsewhere:
        host.answer_with = Answer(302, None, {"Location": elsewhere.url + "/user"})
        with pytest.raises(CodeHostError, match="from elsewhere"):
            upsert(opened(host), PLAN)
        assert elsewhere.calls == []


def test_a_next_page_elsewhere_is_not_asked_for(host: CodeHost) -> None:
    with serving(type(host)()) as elsewhere:
        link = f'<{elsewhere.url}/x>; rel="next"'
        host.answer_with = Answer(200, [], {"Link": link})
        with pytest.raises(CodeHostError, match="leads elsewhere"):
            list(Api(host.url, {}).pages("/x"))
        assert elsewhere.calls == []


def test_nobody_at_the_address_is_an_error() -> None:
    with serving(GitHub()) as host:
        conversation = opened(host)
    with pytest.raises(CodeHostError, match="cannot be reached"):
        upsert(conversation, PLAN)


@pytest.mark.parametrize("url", ["http://git.example/api", "ftp://127.0.0.1", "api.github.com"])
def test_a_token_never_travels_unprotected(url: str) -> None:
    with pytest.raises(ConfigError, match="https"):
        GitHubConversation(url, "secret", "acme/pushes", 7)


def test_a_person_at_github_is_who_the_token_says() -> None:
    with serving(GitHub(user=True, me="marco")) as host:
        host.add("github-actions[bot]", PLAN)
        assert upsert(opened(host), PLAN) is Upserted.CREATED
        assert upsert(opened(host), PLAN) is Upserted.UNCHANGED


def test_an_app_at_github_is_who_it_is_told() -> None:
    with serving(GitHub(me="acme-pushes[bot]")) as host:
        named = GitHubConversation(host.url, host.token, "acme/pushes", 7, "acme-pushes[bot]")
        assert upsert(named, PLAN) is Upserted.CREATED
        assert upsert(named, PLAN) is Upserted.UNCHANGED


def test_what_gitlab_tells_by_itself_is_no_comment() -> None:
    with serving(GitLab()) as host:
        host.add(host.me, PLAN, system=True)
        assert upsert(opened(host), PLAN) is Upserted.CREATED
