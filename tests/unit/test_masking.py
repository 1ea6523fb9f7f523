"""What is taken out of texts, in which spellings, and what is left alone."""

from __future__ import annotations

import base64
import io
import json
import time
from urllib.parse import quote, quote_plus

import pytest

from pushctl import masking
from pushctl.masking import HIDDEN, mask, masked, without_words
from pushctl.text.escape import html, markdown

SECRET = "S3cret/of+Nobody&='%22\""
LOOKS = {
    "an access key": "LTAI5tFakeFakeFakeFake12",
    "a temporary key": "STS.NUgYFakeFakeFakeFake1234",
    "a temporary key's token": "CAIS" + "Fake1+/=" * 12,
    "a token of GitHub": "ghp_" + "a1B2" * 9,
    "a token of a workflow": "ghs_" + "a1B2" * 9,
    "a fine-grained token": "github_pat_" + "a1B2_" * 9,
    "a token of GitLab": "glpat-" + "a1B2-" * 5,
    "a job's token": "glcbt-64_" + "a1B2" * 6,
    "a JWT": "eyJhbGciOiJI.eyJzdWIiOiIx.c2lnbmF0dXJl",
    "a signature": "Signature=" + "0a" * 32,
    "a bearer": "Bearer abcdefghij0123456789",
    "a basic login": "basic eC1hY2Nlc3MtdG9rZW46c2VjcmV0",
    "a private key": "-----BEGIN RSA PRIVATE KEY-----\n" + "MIIB/a+0" * 8 + "\n" + "AAAB" * 5,
    "a key of age": "AGE-SECRET-KEY-1" + "QX3Z" * 14,
    "a whole signature": "ACS3-HMAC-SHA256 Credential=probe,SignedHeaders=host;x,Signature=0a1b",
    "a password in an address": "http://someone:pass@proxy.example:3128",
}


@pytest.mark.parametrize("name", LOOKS)
def test_what_looks_like_a_credential_is_hidden(name: str) -> None:
    found = LOOKS[name]
    for text in (found, f"it said: {found}.", json.dumps({"a": [found]}), f"<b>{found}</b>"):
        shown = mask(text)
        assert HIDDEN in shown
        assert found[-12:] not in shown or name == "a password in an address"
        assert mask(shown) == shown
        if text.startswith("{"):
            assert json.loads(shown)


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN PRIVATE KEY and whatever a reviewer has to see -----END",
        "ACS3-HMAC-SHA256 and whatever a reviewer has to see Signature=0",
        "The STS is down; STS. Then the LTAI key, and Bearer tokens",
        "Bearer of congratulations and Basic internationalization",
        "Signature=wrong, glitter-and-gold-for-everybody-tonight, ghp_short",
        "https://m.acme.example/@lin?to=user@acme.example and http://host.example:8080/a@b",
        "eyJust.eyJokes.eyJ 限时特惠 CAIStown BEGIN PRIVATE KEY",
        "https://user@host.example/",
    ],
)
def test_innocent_text_stays(text: str) -> None:
    assert mask(text) == text


VARIABLES = (
    *("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "ALIBABA_CLOUD_SECURITY_TOKEN", "MPAAS_SK_ENV"),
    *("GITHUB_TOKEN", "GH_TOKEN", "PUSHCTL_GITLAB_TOKEN", "PUSHCTL_STATE_TOKEN", "CI_JOB_TOKEN"),
    *("ACTIONS_ID_TOKEN_REQUEST_TOKEN", "PUSHCTL_ID_TOKEN", "STATE_TOKEN", "my_password"),
)


@pytest.mark.parametrize("variable", VARIABLES)
def test_what_the_environment_holds_is_hidden_in_every_spelling(
    variable: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(variable, SECRET + "\n")
    for spelled in (
        SECRET,
        quote(SECRET, safe=""),
        quote_plus(SECRET),
        json.dumps(SECRET)[1:-1],
        repr(SECRET)[1:-1],
        html(SECRET),
        markdown(SECRET),
    ):
        assert mask(f"a{spelled}b") == f"a{HIDDEN}b"
    for before in (b"", b"x", b"xy", b"x-access-token:"):
        encoded = base64.b64encode(before + SECRET.encode() + b"rest").decode()
        assert HIDDEN in mask(encoded)
        assert "ZXQvb2YrTm9i" not in mask(encoded)


def test_the_password_of_a_proxy_is_hidden_wherever_it_stands(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://lin:pass%2Fw0rd-long@proxy.example:3128")
    assert mask("it is pass/w0rd-long or pass%2Fw0rd-long") == f"it is {HIDDEN} or {HIDDEN}"


def test_the_longest_is_hidden_first_and_toys_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("A_TOKEN", "longword")
    monkeypatch.setenv("B_TOKEN", "longword-and-more")
    monkeypatch.setenv("MPAAS_SK_ENV", "sandbox")
    monkeypatch.setenv("ALIBABA_CLOUD_OIDC_TOKEN_FILE", "/run/identity")
    assert mask("longword-and-more in the sandbox /run/identity") == (
        f"{HIDDEN} in the sandbox /run/identity"
    )


def test_a_credential_that_was_found_elsewhere_is_remembered(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(masking, "_known", set())
    masking.remember(["found-in-a-role", ""])
    assert mask("found-in-a-role, text") == f"{HIDDEN}, text"


def test_a_stream_shows_none(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GITHUB_TOKEN", "gone-for-good")
    text = io.StringIO()
    stream = masked(text)
    assert masked(stream) is stream
    print("a gone-for-good token", file=stream)
    stream.writelines(["gone-for", "-good\n"])
    stream.flush()
    assert text.getvalue() == f"a {HIDDEN} token\n{HIDDEN}\n"
    assert not stream.isatty()


def test_a_large_text_is_no_burden(monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(5):
        monkeypatch.setenv(f"MY_{number}_TOKEN", f"S3cret/of+{number}")
    line = '{"title": "限时特惠", "open": "https://m.acme.example/sale?a=b", "gh": "Bearer of"}\n'
    text = line * 100_000
    began = time.process_time()
    assert mask(text) == text
    assert time.process_time() - began < 5


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ann", "-"),
        ("dear ann, dear ann.", "dear -, dear -."),
        ("anna and _ann", "anna and _ann"),
        ("ann smith and ann", "- and -"),
        ("1 of 10, 11 and 1", "- of 10, 11 and -"),
        ('"1"', '"-"'),
        ("1.", "-."),
        ("李雷 and 李雷雷", "- and 李雷雷"),
        ("", ""),
    ],
)
def test_whole_words_are_masked(text: str, shown: str) -> None:
    assert without_words(["ann", "ann smith", "1", "李雷", ""], "-")(text) == shown


def test_of_nothing_nothing_is_masked() -> None:
    assert without_words([], "-")("all of it") == "all of it"


def test_many_words_take_no_longer_than_few() -> None:
    bare = without_words((f"user{number}" for number in range(200_000)), "-")
    begin = time.process_time()
    for number in range(300):
        bare(f"The target user{number} is there twice.")
    assert time.process_time() - begin < 1
