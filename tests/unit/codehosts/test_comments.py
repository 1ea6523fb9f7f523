"""One comment, whatever else is said: the same suite for every code host."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pushctl.codehosts.client import Api
from pushctl.codehosts.comments import Conversation, Kept, keep
from pushctl.codehosts.github import GitHubConversation
from pushctl.codehosts.gitlab import GitLabConversation
from pushctl.errors import ConfigError, ForgeDeniedError, ForgeError
from tests.forges import STRANGER, Answer, Forge, GitHub, GitLab, serving

MARK = "<!-- pushctl:plan app=ONEX0 workspace=prod env=prod -->"
PLAN = f"{MARK}\n### 1 create\n\n限时特惠 😀\n"


@pytest.fixture(params=[GitHub, GitLab])
def forge(request: pytest.FixtureRequest) -> Iterator[Forge]:
    with serving(request.param()) as forge:
        yield forge


def opened(forge: Forge, token: str = "secret-writer") -> Conversation:
    if isinstance(forge, GitHub):
        return GitHubConversation(forge.url, token, "acme/pushes", 7)
    return GitLabConversation(forge.url, token, "42", 7)


def said(forge: Forge) -> list[str]:
    return [note.body.replace("\r\n", "\n") for note in forge.notes]


def test_the_first_plan_is_a_new_comment(forge: Forge) -> None:
    assert keep(opened(forge), PLAN) is Kept.CREATED
    assert said(forge) == [PLAN.strip()]


def test_the_same_plan_again_is_no_call(forge: Forge) -> None:
    keep(opened(forge), PLAN)
    del forge.calls[:]
    assert keep(opened(forge), PLAN) is Kept.UNCHANGED
    assert forge.writes == []


def test_another_plan_edits_the_comment_in_place(forge: Forge) -> None:
    forge.add(STRANGER, "looks good")
    keep(opened(forge), PLAN)
    assert keep(opened(forge), f"{MARK}\nnothing to do") is Kept.UPDATED
    assert said(forge) == ["looks good", f"{MARK}\nnothing to do"]


def test_the_comment_is_found_on_a_later_page(forge: Forge) -> None:
    for number in range(4):
        forge.add(STRANGER, f"before {number}")
    keep(opened(forge), PLAN)
    for number in range(4):
        forge.add(STRANGER, f"after {number}")
    assert keep(opened(forge), f"{MARK}\nnew") is Kept.UPDATED
    assert said(forge)[4] == f"{MARK}\nnew"
    assert len(forge.notes) == 9


def test_a_strangers_comment_with_our_marker_is_left_alone(forge: Forge) -> None:
    forge.add(STRANGER, PLAN)
    assert keep(opened(forge), PLAN) is Kept.CREATED
    assert keep(opened(forge), f"{MARK}\nnew") is Kept.UPDATED
    assert said(forge) == [PLAN, f"{MARK}\nnew"]


def test_a_marker_that_is_quoted_is_no_marker(forge: Forge) -> None:
    forge.add(forge.me, f"see above:\n{MARK}")
    assert keep(opened(forge), PLAN) is Kept.CREATED


def test_every_environment_has_a_comment_of_its_own(forge: Forge) -> None:
    keep(opened(forge), PLAN)
    other = PLAN.replace("env=prod", "env=staging")
    assert keep(opened(forge), other) is Kept.CREATED
    assert len(forge.notes) == 2


def test_what_two_runs_created_at_once_becomes_one(forge: Forge) -> None:
    keep(opened(forge), PLAN)
    forge.add(forge.me, PLAN)
    forge.add(STRANGER, PLAN)
    assert keep(opened(forge), PLAN) is Kept.UNCHANGED
    assert [note.author for note in forge.notes] == [forge.me, STRANGER]


def test_what_is_too_long_is_refused_before_anything_is_called(forge: Forge) -> None:
    conversation = opened(forge)
    fitting = PLAN + "x" * (conversation.longest - len(PLAN.encode("utf-16-le")) // 2)
    with pytest.raises(ForgeError, match="too long"):
        keep(conversation, fitting + "x")
    assert forge.calls == []
    assert keep(conversation, fitting) is Kept.CREATED


@pytest.mark.parametrize("text", ["", "### plan", "<!-- other -->", f"x {MARK}", "<!-- pushctl:"])
def test_a_text_without_a_marker_is_refused(forge: Forge, text: str) -> None:
    with pytest.raises(ForgeError, match="no marker"):
        keep(opened(forge), text)
    assert forge.calls == []


def test_a_token_that_may_only_read_is_denied(forge: Forge) -> None:
    with pytest.raises(ForgeDeniedError, match="403"):
        keep(opened(forge, "secret-reader"), PLAN)
    assert forge.notes == []


def test_a_token_that_nobody_knows_is_denied(forge: Forge) -> None:
    with pytest.raises(ForgeDeniedError, match="401"):
        keep(opened(forge, "secret-nobody"), PLAN)


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
    forge: Forge, answer: Answer, word: str
) -> None:
    forge.answer_with = answer
    with pytest.raises(ForgeError, match=word) as caught:
        keep(opened(forge), PLAN)
    assert not isinstance(caught.value, ForgeDeniedError)
    assert "secret" not in str(caught.value)


def test_a_redirection_takes_the_token_nowhere(forge: Forge) -> None:
    with serving(type(forge)()) as elsewhere:
        forge.answer_with = Answer(302, None, {"Location": elsewhere.url + "/user"})
        with pytest.raises(ForgeError, match="from elsewhere"):
            keep(opened(forge), PLAN)
        assert elsewhere.calls == []


def test_a_next_page_elsewhere_is_not_asked_for(forge: Forge) -> None:
    with serving(type(forge)()) as elsewhere:
        link = f'<{elsewhere.url}/x>; rel="next"'
        forge.answer_with = Answer(200, [], {"Link": link})
        with pytest.raises(ForgeError, match="leads elsewhere"):
            list(Api(forge.url, {}).pages("/x"))
        assert elsewhere.calls == []


def test_nobody_at_the_address_is_an_error() -> None:
    with serving(GitHub()) as forge:
        conversation = opened(forge)
    with pytest.raises(ForgeError, match="cannot be reached"):
        keep(conversation, PLAN)


@pytest.mark.parametrize("url", ["http://git.example/api", "ftp://127.0.0.1", "api.github.com"])
def test_a_token_never_travels_unprotected(url: str) -> None:
    with pytest.raises(ConfigError, match="https"):
        GitHubConversation(url, "secret", "acme/pushes", 7)


def test_a_person_at_github_is_who_the_token_says() -> None:
    with serving(GitHub(user=True, me="marco")) as forge:
        forge.add("github-actions[bot]", PLAN)
        assert keep(opened(forge), PLAN) is Kept.CREATED
        assert keep(opened(forge), PLAN) is Kept.UNCHANGED


def test_an_app_at_github_is_who_it_is_told() -> None:
    with serving(GitHub(me="acme-pushes[bot]")) as forge:
        named = GitHubConversation(forge.url, forge.token, "acme/pushes", 7, "acme-pushes[bot]")
        assert keep(named, PLAN) is Kept.CREATED
        assert keep(named, PLAN) is Kept.UNCHANGED


def test_what_gitlab_tells_by_itself_is_no_comment() -> None:
    with serving(GitLab()) as forge:
        forge.add(forge.me, PLAN, system=True)
        assert keep(opened(forge), PLAN) is Kept.CREATED
