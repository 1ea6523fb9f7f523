"""What a code host answers, and to whom the token goes."""

from __future__ import annotations

import contextlib

import pytest

from pushctl.codehosts.client import MOST_PAGES, Api, parsed
from pushctl.codehosts.comments import upsert
from pushctl.errors import CodeHostDeniedError, CodeHostError, ConfigError
from tests.fake_code_hosts import Answer, CodeHost, GitHub, GitLab, serving
from tests.unit.codehosts.conversations import PLAN, github_api, opened


@pytest.mark.parametrize(
    ("answer", "word"),
    [
        (Answer(403, {"message": "rate"}, {"X-RateLimit-Remaining": "0"}), "wait"),
        (Answer(403, {"message": "secondary"}, {"Retry-After": "60"}), "wait"),
        (Answer(429), "wait"),
        (Answer(500, "not a mapping"), "500"),
        (Answer(404, {"message": "Not Found"}), "404"),
        (Answer(200, {"id": 1, "login": "x"}), "the answer is not as documented"),
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


ODD = (
    *(None, True, 0, -1, 1.5, "text", [], [1], {}, {"a": 1}, {"id": True}, {"id": "1/../2"}),
    {"id": 1, "body": 5, "user": {"login": "x"}, "author": {"id": 1}},
    {"id": 1, "body": "x", "user": ["login"], "author": 7},
)


@pytest.mark.parametrize("odd", ODD, ids=str)
def test_an_answer_of_an_odd_shape_is_refused_or_nobodys(host: CodeHost, odd: object) -> None:
    """Never an exception of another kind, and never a comment of somebody else that is edited."""
    good = {"id": 5, "login": "x"}
    for answers in ((odd, [odd]), (good, odd), (good, [odd]), (good, [[odd]]), (good, {"a": odd})):
        host.script = [Answer(200, item) for item in answers]
        with contextlib.suppress(CodeHostError):
            upsert(opened(host), PLAN)
    assert [call for call in host.writes if not call.startswith("POST")] == []


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[" * 200_000, b"nothing", b"1" * 5000])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(CodeHostError, match="no JSON"):
        parsed(body)


def test_nobody_without_a_number_is_me_at_gitlab() -> None:
    with serving(GitLab()) as host:
        host.add("somebody", PLAN)
        host.script = [Answer(200, {}), Answer(200, [{"id": 1, "body": PLAN, "author": None}])]
        with pytest.raises(CodeHostError, match="the user's number"):
            upsert(opened(host), PLAN)
        assert host.writes == []


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


@pytest.mark.parametrize(
    "url", ["http://git.example/api", "ftp://127.0.0.1", "api.github.com", "https://["]
)
def test_a_token_never_travels_unprotected(url: str) -> None:
    with pytest.raises(ConfigError, match="https"):
        github_api(url, "secret")


def test_pages_without_an_end_are_given_up(host: CodeHost) -> None:
    link = f'<{host.url}/x?page=1>; rel="first", <{host.url}/x?page=2>; rel="next"'
    host.answer_with = Answer(200, [1], {"Link": link})
    with pytest.raises(CodeHostError, match="too many comments"):
        list(Api(host.url, {}).pages("/x"))
    assert len(host.calls) == MOST_PAGES


def test_what_a_code_host_says_is_repeated_in_short(host: CodeHost) -> None:
    host.answer_with = Answer(422, {"message": "x" * 1000})
    with pytest.raises(CodeHostError) as caught:
        Api(host.url, {}).get("/x")
    assert caught.value.detail == f"GET /x: 422: {'x' * 500}"


@pytest.mark.parametrize("body", [None, {"id": 1}, [1]])
def test_an_answer_is_what_its_json_says(host: CodeHost, body: object) -> None:
    host.answer_with = Answer(201, body)
    api = Api(host.url, {})
    assert api.get("/x") == api.send("POST", "/x", {"body": "限"}) == body
    assert host.calls == ["GET /x", "POST /x"]
