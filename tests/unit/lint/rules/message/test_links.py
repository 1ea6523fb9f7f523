"""Where a tap leads, and what is not encrypted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pushctl.diagnostics import Severity
from pushctl.lint.rules.message import links
from pushctl.lint.rules.message.links import host_of, matches
from tests.acceptance.cli import Here
from tests.unit.lint.found import message, of_entry

LINKS = {"links": {"schemes": ["https", "acme"], "hosts": ["m.acme.example", "*.shop.example"]}}


@pytest.mark.parametrize(
    ("link", "host"),
    [
        ("https://m.acme.example/x", "m.acme.example"),
        ("HTTPS://M.ACME.example:443", "m.acme.example"),
        ("https://m.acme.example@evil.example/", "evil.example"),
        ("https://evil.example\\@m.acme.example/", "evil.example"),
        ("https://m.acme.example./", "m.acme.example"),
        ("https://[::1", None),
        ("https:///path", None),
        ("https:m.acme.example", None),
    ],
)
def test_the_host_that_a_browser_would_go_to(link: str, host: str | None) -> None:
    assert host_of(link) == host


@pytest.mark.parametrize(
    ("host", "pattern", "fits"),
    [
        ("m.acme.example", "m.acme.example", True),
        ("m.acme.example", "M.Acme.Example.", True),
        ("a.b.shop.example", "*.shop.example", True),
        ("shop.example", "*.shop.example", False),
        ("evilshop.example", "*.shop.example", False),
        ("m.acme.example.evil.example", "*.acme.example", False),
    ],
)
def test_hosts_of_the_policy(host: str, pattern: str, *, fits: bool) -> None:
    assert matches(host, pattern) is fits


@pytest.mark.parametrize(
    ("link", "found"),
    [
        ("https://m.acme.example/sale", False),
        ("https://a.shop.example", False),
        ({"intent": "acme://sale"}, False),
        ("https://acme.example/sale", True),
        ("https://m.acme.example.evil.example/", True),
        ({"intent": "other://sale"}, True),
        ({"intent": "sale"}, True),
    ],
)
def test_links_of_the_policy(link: Any, tmp_path: Path, *, found: bool) -> None:
    codes = of_entry(tmp_path, message(open=link), policy=LINKS)
    assert set(codes) == ({"PSH313"} if found else set())


def test_without_a_policy_links_lead_anywhere(tmp_path: Path) -> None:
    assert of_entry(tmp_path, message(open="https://elsewhere.example")) == {}


def test_a_link_of_the_policy_is_named_and_placed(tmp_path: Path) -> None:
    found = of_entry(tmp_path, message(open={"url": "https://evil.example/"}), policy=LINKS)
    item = found["PSH313"]
    assert "evil.example" in item.detail
    assert "m.acme.example, *.shop.example" in item.detail
    assert item.range is not None
    line = (tmp_path / "pushctl.yaml").read_text().splitlines()[item.range.start.line - 1]
    assert "https://evil.example/" in line


def test_what_is_not_encrypted(tmp_path: Path) -> None:
    picture = message(icon={"default": "https://a.example/i", "oppo": "HTTP://a.example/i"})
    assert of_entry(tmp_path, picture)["PSH309"].severity is Severity.ERROR
    assert of_entry(tmp_path, message(open="http://a.example"))["PSH309"].severity is (
        Severity.WARNING
    )
    assert of_entry(tmp_path, message(icon="https://a.example/i", open="https://a.example")) == {}


HEAD = """\
version: 1
app: {id: ONEX0000000000000, workspace: test}
timezone: Asia/Shanghai
pushes:
  brunch:
    owner: crm@acme.example
    schedule: {at: 2026-12-24T20:00}
    to: {users: [user1024]}
    message: {title: Brunch, body: For two., icon: https://cdn.acme.example/i.png}
    expires_after: 1h
    labels: {class: marketing}
    vendors: {vivo: {class: operational}}
"""


NOW = {"PUSHCTL_NOW": "2026-12-01T09:00:00+08:00"}


@pytest.mark.parametrize("scheme", ["http", "HTTP"])
def test_whether_a_server_can_do_https_only_people_know(scheme: str, tmp_path: Path) -> None:
    here = Here(tmp_path)
    text = HEAD.replace("https://cdn", f"{scheme}://cdn")
    here.write(text)
    ran = here.run("validate", "--fix", env=NOW)
    assert (ran.code, "if the server can do that" in ran.out) == (1, True)
    assert (tmp_path / "pushctl.yaml").read_text("utf-8") == text


HOST = "https://m.acme.example"
BROKEN = [
    ("https://https://m.acme.example/sale", "two schemes"),
    ("http:https//m.acme.example", "two schemes"),
    ("https://http//m.acme.example", "two schemes"),
    ({"intent": "acme://acme://sale"}, "two schemes"),
    ("https://", "no host"),
    ("https:///sale", "no host"),
    ("https:/m.acme.example", "no host"),
    ("https:m.acme.example", "no host"),
    ("https://:443/", "no host"),
    ("https:\\\\m.acme.example", "backslash"),
    (f"{HOST}\\sale", "backslash"),
    ("https://mei@m.acme.example/", "name or password"),
    ("https://m.acme.example@evil.example/", "name or password"),
    (f"{HOST}:0/", "port"),
    (f"{HOST}:65536", "port"),
    (f"{HOST}:99999/%zz", "port"),
    (f"{HOST}:80a/", "port"),
    (f"{HOST}:８０/", "port"),
    ("https://m..acme.example/", "host that cannot exist"),
    ("https://.acme.example/", "host that cannot exist"),
    ("https://m,acme.example/", "host that cannot exist"),
    (f"{HOST}。", "host that cannot exist"),
    ("https://аcme.example/", "xn--cme-5cd"),
    ("https://αcme.example/", "xn--"),
    ("https://ａcme.example/", "xn--"),
    (f"{HOST}/sale\u200b", "U+200B"),
    ("\u200bhttps://m.acme.example", "U+200B"),
    ("https://m.ac\u00adme.example/", "U+00AD"),
    (f"{HOST}/\u3000", "ends with a wide space"),
    (f"\u00a0{HOST}", "begins with a no-break space"),
]
DOUBTFUL = [
    (f"{HOST}/100%", "% that is not"),
    (f"{HOST}/%zz", "% that is not"),
    (f"{HOST}/%E4%B", "% that is not"),
    (f"{HOST}/sale，", "full-width"),
    (f"{HOST}/“sale”", "full-width"),
]
NOT_OUTSIDE = [
    "localhost:3000/sale", "127.0.0.1", "10.0.0.5:80/x", "192.168.1.4/", "172.20.0.1", "[::1]:80/",
    "intranet/x", "mac.local/", "db.internal", "example.com/", "www.example.org",
]  # fmt: skip
FINE = [
    HOST, f"{HOST}/", f"{HOST}:443/x", f"{HOST}:65535", f"{HOST}:/x", f"{HOST}/%E4%BB%8A",
    "HTTPS://M.ACME.EXAMPLE/a?b=c&d=e#f", f"{HOST}/今日特惠", f"{HOST}/a?u=https://x.example/",
    f"{HOST}/?u=https%3A%2F%2Fx.example", "https://münchen.example/", "https://セール.example",
    "https://пример.example/", "https://1.1.1.1/x", f"{HOST}/@acme/1", f"{HOST}/a:b", f"{HOST}./x",
    "https://m_acme.example/", "https://xn--mnchen-3ya.example", "https://10.example.shop/",
    "https://local.acme.example/", "https://example.shop/", {"intent": "acme://x/100%"},
    f"{HOST}/~x", {"intent": "acme://open?url=https://m.acme.example/"}, {"intent": "acme:sale"},
    {"intent": "intent://x#Intent;scheme=acme;end"},
]  # fmt: skip


@pytest.mark.parametrize(("link", "words"), BROKEN)
def test_links_that_open_nothing(link: Any, words: str, tmp_path: Path) -> None:
    found = of_entry(tmp_path, message(open=link))["PSH314"]
    assert words in found.detail
    assert (found.severity, found.edits) == (Severity.ERROR, ())


@pytest.mark.parametrize(("link", "words"), DOUBTFUL)
def test_links_that_may_be_meant(link: str, words: str, tmp_path: Path) -> None:
    found = of_entry(tmp_path, message(open=link))
    assert words in found["PSH314"].detail
    assert found["PSH314"].severity is Severity.WARNING


@pytest.mark.parametrize("rest", NOT_OUTSIDE)
def test_links_that_nobody_outside_reaches(rest: str, tmp_path: Path) -> None:
    link = message(open=f"https://{rest}")
    trial = {"app": {"id": "ONEX0000000000000", "workspace": "test"}}
    assert of_entry(tmp_path, link)["PSH314"].severity is Severity.WARNING
    assert of_entry(tmp_path, link, **trial) == {}


def test_links_that_are_fine(tmp_path: Path) -> None:
    found = {str(link): list(of_entry(tmp_path, message(open=link))) for link in FINE}
    assert {link: codes for link, codes in found.items() if codes} == {}


def test_a_placeholder_in_a_link_is_told_once(tmp_path: Path) -> None:
    for rest in ("m.acme.example/%s", "{{host}}/sale"):
        assert set(of_entry(tmp_path, message(open=f"https://{rest}"))) == {"PSH312"}


def test_every_address_is_looked_at(tmp_path: Path) -> None:
    wrong = f"{HOST}:0/"
    for more in ({"icon": wrong}, {"style": "image", "image": wrong}, {"extras": {"page": wrong}}):
        found = of_entry(tmp_path, message(**more))["PSH314"]
        assert "port" in found.detail
    activity = {"event": "update", "state": {"page": {"url": wrong}}}
    assert "PSH314" in of_entry(
        tmp_path, {"live_activity": activity, "to": {"activity_ids": ["a"]}}
    )


@pytest.mark.parametrize("part", ["%", "https:", ".", ":", "a.", "@", "&", "localhost.", "[", "а"])
def test_hostile_addresses_take_no_time(part: str, tmp_path: Path) -> None:
    """A pattern that tries all ways would never end here."""
    of_entry(tmp_path, message(open="https://" + part * 5_000 + "!"))


@given(st.from_regex(links._USUAL.pattern, fullmatch=True))
def test_nothing_is_broken_in_what_usual_addresses_look_like(url: str) -> None:
    assert links._misread(url) is None
    assert not [words for sign, words in (*links._BROKEN, *links._DOUBTFUL) if sign.search(url)]
