"""The page: who gets it, what protects it, and that its files hold together."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import urlencode

import pytest

from pushctl.sandbox.faults import fault_kinds
from pushctl.sandbox.page import page
from tests.unit.sandbox.client import FORM, Client

FOLDER = Path(page.__file__).parent
FILES = {path.name: path.read_text("utf-8") for path in FOLDER.iterdir() if path.is_file()}
SCRIPTS = {name: text for name, text in FILES.items() if name.endswith(".js")}
WORDS = {name: json.loads(FILES[f"{name}.json"]) for name in ("en", "zh")}
BROWSER = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
TYPES = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".json": "application/json",
    ".html": "text/html",
}


def test_a_browser_gets_the_page(client: Client) -> None:
    answer = client.send("GET", "/", None, BROWSER)
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html;charset=utf-8")
    assert answer.raw == FILES["index.html"].encode()
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; ")
    for never in ("frame-ancestors", "base-uri", "form-action"):
        assert f"{never} 'none'" in policy
    assert "unsafe" not in policy
    assert client.requests() == []


def test_a_call_is_never_answered_by_the_page(client: Client) -> None:
    call = {"Action": "QueryPushSchedulerList", "Version": "2020-10-28", "AccessKeyId": "test"}
    for method, target, body, headers in (
        ("GET", "/?" + urlencode(call), None, {}),
        ("POST", "/", urlencode(call), FORM),
        ("GET", "/", None, {"x-acs-action": "QueryPushSchedulerList"}),
        ("GET", "/", None, {"Accept": "*/*"}),
    ):
        answer = client.send(method, target, body, {**BROWSER, **headers})
        assert b"<html" not in answer.raw
        assert "content-security-policy" not in answer.headers
    assert len(client.requests()) == 4


def test_every_file_is_served_and_nothing_else(client: Client) -> None:
    for name in FILES:
        answer = client.send("GET", page.PREFIX + name)
        kind = TYPES.get(Path(name).suffix)
        assert answer.status == (200 if kind else 404), name
        if kind:
            assert answer.headers["content-type"].startswith(kind)
            assert answer.headers["x-content-type-options"] == "nosniff"
    for name in ("", "none.js", "../page/app.js", "%2e%2e/page/app.js", "..%2fknobs.py", "app.js/"):
        assert client.send("GET", page.PREFIX + name).status == 404
    assert client.send("POST", page.PREFIX + "app.js").status == 404


def test_a_link_may_lead_to_the_page_but_no_page_may_hold_it(client: Client) -> None:
    away = {**BROWSER, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    document = {**away, "Sec-Fetch-Dest": "document"}
    assert client.send("GET", "/", None, document).status == 200
    for method, target, headers in (
        ("GET", "/", {**away, "Sec-Fetch-Dest": "iframe"}),
        ("GET", "/?Action=PushSimple", document),
        ("GET", "/_sandbox/tasks", document),
        ("POST", "/", document),
        ("GET", "/", {**document, "Origin": "https://evil.example"}),
    ):
        assert client.send(method, target, None, headers).status == 403, (method, target)


def test_nothing_is_loaded_from_elsewhere_and_nothing_stands_in_line() -> None:
    for name, text in FILES.items():
        if Path(name).suffix in TYPES:
            assert not re.search(r"//[a-z0-9-]+\.[a-z]", text.replace("//www.w3.org", "")), name
    head = FILES["index.html"]
    assert not re.search(r"<style| style=| on[a-z]+=", head)
    assert re.findall(r"<script[^>]*>[^<]*", head) == [
        '<script type="module" src="/_sandbox/page/app.js">'
    ]


@pytest.mark.parametrize("name", SCRIPTS)
def test_text_never_becomes_markup(name: str) -> None:
    unsafe = (
        r"innerHTML|outerHTML|insertAdjacent|document\.write|eval\(|Function\(|DOMParser|srcdoc"
    )
    assert not re.search(unsafe, SCRIPTS[name])
    assert not re.search(r"""\b(href|src): (?!`#|find\(|"#)""", SCRIPTS[name])


def test_each_language_has_all_words() -> None:
    fields = {
        name: {key: re.findall(r"\{\w+\}", str(text)) for key, text in words.items()}
        for name, words in WORDS.items()
    }
    own = {key: fields["zh"].pop(key) for key in list(fields["zh"]) if key.startswith("kind.")}
    assert {key: sorted(value) for key, value in fields["en"].items()} == {
        key: sorted(value) for key, value in fields["zh"].items()
    }
    assert {key.removeprefix("kind.") for key in own} <= set(fault_kinds())
    assert all(
        key == "rules" or text.strip() for words in WORDS.values() for key, text in words.items()
    )


def test_the_scripts_use_these_words_and_no_others() -> None:
    text = "".join(SCRIPTS.values())
    exact = set(re.findall(r"""\bt\((?:[^()"]+\? )?"([a-z_.]+)\"""", text))
    exact |= set(re.findall(r"""\bt\([^()]+: "([a-z_.]+)"\)""", text))
    begun = set(re.findall(r"""\bt\(`([a-z_.]+)\$\{""", text))
    begun |= {f"{group}." for group in re.findall(r"""\bnamed\("([a-z]+)\"""", text)}
    assert len(exact) > 60
    assert exact - set(WORDS["en"]) == set()
    assert {start for start in begun if not any(k.startswith(start) for k in WORDS["en"])} <= {
        "kind."
    }
    unused = {key for key in WORDS["en"] if key not in exact and not key.startswith(tuple(begun))}
    assert unused == {"rules"}
