"""The example of a review in docs/ is what pushctl says of `examples/team`."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from tests import team_example as team
from tests.acceptance.cli import Here

DOCS = Path(__file__).parents[2] / "docs"
NOW = {"PUSHCTL_NOW": "2026-12-01T09:00:00+08:00"}
RANDOM = re.compile(r"\b[0-9a-f]{32}\b")


def steady(text: str) -> str:
    """Replace what is different in every run, or in every release, by something like it."""
    seen: dict[str, str] = {}
    for id in RANDOM.findall(text):
        seen.setdefault(id, hashlib.sha256(str(len(seen)).encode()).hexdigest()[:32])
    text = RANDOM.sub(lambda match: seen[match[0]], text)
    text = text.replace("<details>", '<details markdown="1">')  # the site reads Markdown inside so
    text = re.sub(r"plan `[0-9a-f]{12}`", "plan `5f1d7a84db00`", text)
    return re.sub(r"pushctl \d+\.\d+\.\d+\S*?(?=</sub>)", "pushctl 1.0.0", text)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("team")
    project = Here(made)
    team.before(made)
    assert project.run("--env", "prod", "apply", "--yes", env=NOW).code == 0
    team.branch(made)
    return made


@pytest.mark.parametrize(
    ("name", "format"), [("example-plan.md", "markdown"), ("example-plan.txt", "text")]
)
def test_the_example_is_current(name: str, format: str, folder: Path, update_golden: bool) -> None:
    ran = Here(folder).run("--env", "prod", "plan", "--format", format, env=NOW)
    assert ran.code == 0, ran
    page = DOCS / name
    if update_golden:
        page.write_text(steady(ran.out), "utf-8")
    assert page.read_text("utf-8") == steady(ran.out)
