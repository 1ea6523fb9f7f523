"""The report in docs/ is what pushctl draws of `examples/team`, and so are its pictures."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from pushctl.text.messages import ENGLISH, LANGUAGES
from tests import team_example as team
from tests.acceptance.cli import Here
from tests.acceptance.pages.plans import REVIEW

NOW = {"PUSHCTL_NOW": "2026-12-01T09:00:00+08:00"}
IMAGES = REVIEW.parent / "images"
UUID = re.compile(r"\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b")


def steady(text: str) -> str:
    """Replace what is different in every run, or in every release."""
    text = UUID.sub("11111111-2222-4333-8444-555555555555", text)
    text = re.sub(r"\b[a-z2-7]{4}…", "k3y5…", text)
    text = re.sub(r"(<dt>(?:Plan|计划)</dt><dd><bdi>)[0-9a-f]{64}", rf"\g<1>{'5f1d7a84' * 8}", text)
    return re.sub(r"pushctl \d+\.\d+\.\d+\S*?(?=</bdi>)", "pushctl 1.0.0", text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_is_current(language: str, tmp_path: Path, update_golden: bool) -> None:
    project = Here(tmp_path)
    team.before(tmp_path)
    assert project.run("--env", "prod", "apply", "--yes", env=NOW).code == 0
    team.branch(tmp_path)
    ran = project.run("--env", "prod", "--lang", language, "plan", "--html", "page.html", env=NOW)
    assert ran.code == 0, ran
    text = steady((tmp_path / "page.html").read_text("utf-8"))
    report = REVIEW if language == ENGLISH else REVIEW.parent / language / REVIEW.name
    if update_golden:
        report.write_text(text, "utf-8")
    assert report.read_text("utf-8") == text, "make golden"


def test_the_pictures_are_of_the_report() -> None:
    taken = (IMAGES / "taken-from.sha256").read_text("ascii").split()[0]
    assert taken == hashlib.sha256(REVIEW.read_bytes()).hexdigest(), "make pictures"


def test_the_pictures_are_small() -> None:
    for path in IMAGES.glob("*.png"):
        assert path.stat().st_size < 200_000, path.name
