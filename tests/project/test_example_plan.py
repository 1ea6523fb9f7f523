"""The example of a review in docs/ is what pushctl says of `examples/team`."""

from __future__ import annotations

import hashlib
import html
import re
from pathlib import Path

import pytest

from pushctl.text.messages import ENGLISH, LANGUAGES
from tests import team_example as team
from tests.acceptance.cli import Here
from tests.languages import english_in

DOCS = Path(__file__).parents[2] / "docs"
EXAMPLE = DOCS.parent / "examples" / "team"
NOW = {"PUSHCTL_NOW": "2026-12-01T09:00:00+08:00"}
RANDOM = re.compile(r"\b[0-9a-f]{32}\b")


def steady(text: str) -> str:
    """Replace what is different in every run, or in every release, by something like it."""
    seen: dict[str, str] = {}
    for id in RANDOM.findall(text):
        seen.setdefault(id, hashlib.sha256(str(len(seen)).encode()).hexdigest()[:32])
    text = RANDOM.sub(lambda match: seen[match[0]], text)
    text = text.replace("<details>", '<details markdown="1">')  # the site reads Markdown inside so
    text = re.sub(r"(plan|计划) `[0-9a-f]{12}`", r"\1 `5f1d7a84db00`", text)
    return re.sub(r"pushctl \d+\.\d+\.\d+\S*?(?=</sub>)", "pushctl 1.0.0", text)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("team")
    project = Here(made)
    team.before(made)
    assert project.run("--env", "prod", "apply", "--yes", env=NOW).code == 0
    team.branch(made)
    return made


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("name", "format"), [("example-plan.md", "markdown"), ("example-plan.txt", "text")]
)
def test_the_example_is_current(
    name: str, format: str, language: str, folder: Path, update_golden: bool
) -> None:
    env = {**NOW, "PUSHCTL_LANG": language}
    ran = Here(folder).run("--env", "prod", "plan", "--format", format, env=env)
    assert ran.code == 0, ran
    name = name if language == ENGLISH else f"{language}/{name}"
    page = DOCS / name
    if update_golden:
        page.write_text(steady(ran.out), "utf-8")
    assert page.read_text("utf-8") == steady(ran.out)


@pytest.mark.parametrize("name", ["example-plan.md", "example-plan.txt", "example-report.html"])
def test_no_english_is_left_in_chinese(name: str) -> None:
    """Only what is code or stands in the manifest may be English."""
    text = (DOCS / "zh" / name).read_text("utf-8")
    if name.endswith(".html"):
        text = re.sub(r"<style>.*?</style>|<code>.*?</code>", "", text, flags=re.DOTALL)
        text = re.sub(r' (?:aria-label|title)="([^"]*)"', r">\1<", text)
        text = html.unescape(re.sub(r"<[^>]*>", " · ", text))
    written = " ".join(path.read_text("utf-8") for path in EXAMPLE.rglob("*.yaml"))
    assert {phrase for phrase in english_in(text) if phrase not in written} == set()
