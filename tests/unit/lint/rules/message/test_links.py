"""Where a tap leads, and what is not encrypted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from pushctl.diagnostics import Severity
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
        ("https://m.acme.example@evil.example/", True),
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
