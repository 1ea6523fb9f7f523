"""What vendors are told about a message; some of it can be mended by a machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.diagnostics import Severity
from tests.acceptance.cli import Here
from tests.unit.lint.found import message, of_entry

IPHONE = {"to": {"ios": ["7" * 64]}}


MARKETING = {"labels": {"class": "marketing"}, "expires_after": "1h"}


OPERATIONAL = {"vivo": {"class": "operational"}}


def test_vivo_is_told_of_marketing(tmp_path: Path) -> None:
    assert set(of_entry(tmp_path, MARKETING)) == {"PSH321"}
    told = {**MARKETING, "vendors": {"vivo": {"class": "system"}}}
    assert set(of_entry(tmp_path, told)) == {"PSH321"}
    assert of_entry(tmp_path, {**MARKETING, "vendors": OPERATIONAL}) == {}
    assert of_entry(tmp_path, {**MARKETING, **IPHONE}) == {}
    assert of_entry(tmp_path, {**MARKETING, "via": "mps"}) == {}
    assert of_entry(tmp_path, {"labels": {"class": "service"}}) == {}


@pytest.mark.parametrize(
    ("labels", "huawei", "severity"),
    [
        ({"class": "marketing"}, "finance", Severity.ERROR),
        ({"class": "marketing"}, "im", Severity.ERROR),
        ({"class": "marketing"}, "marketing", None),
        ({"class": "marketing"}, "raw:99", None),
        ({"class": "service"}, "marketing", Severity.WARNING),
        ({}, "marketing", None),
        ({"Class": "Marketing "}, "marketing", None),
        ({"CLASS": "service"}, "marketing", Severity.WARNING),
        ({"class": "service"}, "finance", None),
    ],
)
def test_what_huawei_is_told(
    labels: dict[str, str], huawei: str, severity: Severity | None, tmp_path: Path
) -> None:
    vendors = {**OPERATIONAL, "huawei": {"category": huawei}}
    entry = {"labels": labels, "vendors": vendors, "expires_after": "1h"}
    found = of_entry(tmp_path, entry)
    assert {code: item.severity for code, item in found.items()} == (
        {} if severity is None else {"PSH322": severity}
    )


def test_a_chat_for_vivo_is_no_marketing(tmp_path: Path) -> None:
    vendors = {"vivo": {"class": "operational", "category": "im"}}
    assert set(of_entry(tmp_path, {**MARKETING, "vendors": vendors})) == {"PSH322"}
    assert of_entry(tmp_path, {"vendors": vendors}) == {}


def test_voices_are_for_transparent_messages(tmp_path: Path) -> None:
    vendors = {"vendors": {"huawei": {"category": "play-voice"}}}
    assert set(of_entry(tmp_path, vendors)) == {"PSH323"}
    transparent = message(transparent_payload={"say": "8.50"})
    assert of_entry(tmp_path, {**vendors, **transparent}) == {}


def test_loud_marketing(tmp_path: Path) -> None:
    for vendor, level in (("oppo", "full"), ("huawei", "normal")):
        vendors = {**OPERATIONAL, vendor: {"level": level}}
        assert set(of_entry(tmp_path, {**MARKETING, "vendors": vendors})) == {"PSH324"}
        assert of_entry(tmp_path, {"vendors": vendors}) == {}


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


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("class: operational", "class: system"),
        ("    vendors: {vivo: {class: operational}}\n", ""),
    ],
)
def test_mended_by_a_machine(right: str, wrong: str, tmp_path: Path) -> None:
    here = Here(tmp_path)
    here.write(HEAD.replace(right, wrong))
    assert here.run("validate", env=NOW).code == 1
    assert here.run("validate", "--fix", env=NOW).code == 0
    mended = (tmp_path / "pushctl.yaml").read_text("utf-8")
    if wrong:
        assert mended == HEAD
    for _ in range(2):
        assert here.run("validate", "--fix", env=NOW).code == 0
        assert (tmp_path / "pushctl.yaml").read_text("utf-8") == mended
