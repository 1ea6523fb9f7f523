"""The image's definition is in order, as far as can be said where nothing builds images."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
IMAGE = (ROOT / "Dockerfile").read_text("utf-8")
LINTER = Path(sys.prefix) / "bin" / "hadolint"


def let_through() -> list[str]:
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert "*" in lines
    return [line[1:] for line in lines if line.startswith("!")]


@pytest.mark.skipif(sys.platform != "linux", reason="the linter is installed on Linux only")
def test_a_linter_finds_nothing() -> None:
    ran = subprocess.run([LINTER, ROOT / "Dockerfile"], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout) == (0, "")


def test_it_runs_as_nobody_from_a_python_image_alone() -> None:
    assert set(re.findall("^FROM ([^ \n]+)", IMAGE, re.MULTILINE)) == {"python:3.13-slim"}
    _, _, last = IMAGE.rpartition("FROM ")
    assert re.findall("^USER (.*)$", last, re.MULTILINE) == ["10001:10001"]


def test_only_what_a_wheel_is_built_from_gets_in() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {
        *("pyproject.toml", "constraints.txt", "hatch_build.py", project["project"]["readme"]),
        *(*project["project"]["license-files"], *wheel["only-include"]),
        *(source.removesuffix("/pushctl") for source in wheel["force-include"]),
        *wheel["shared-data"],
    }
    assert set(let_through()) == needed
