"""How a command ends: exit codes, and what is said of mistakes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.cli import Here

MANIFEST = "version: 1\napp: {id: ONEX0000000000000, workspace: w}\ntimezone: UTC\npushes: {}\n"


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("version",), 0, ""),
        (("validate",), 0, ""),
        (
            ("-C", "a\x1b[2J", "plan"),
            1,
            "Error: There is no such folder\n  a\\x1b[2J\n  fix: correct -C\n",
        ),
        (("plan", "-f"), 64, None),
        (("--color", "blue", "plan"), 64, None),
        (("--now", "soon", "plan"), 1, "Error: A moment cannot be read\n"),
        (("-f", "none.yaml", "validate"), 1, None),
    ],
)
def test_how_it_ends(
    arguments: tuple[str, ...], code: int, told: str | None, tmp_path: Path
) -> None:
    here = Here(tmp_path)
    here.write(MANIFEST)
    ran = here.run(*arguments)
    assert ran.code == code, ran
    assert "\x1b" not in ran.err
    if told is not None:
        assert ran.err.startswith(told) if told else ran.err == "", ran


def test_a_secret_that_was_typed_is_not_repeated(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ALIBABA_CLOUD_ACCESS_KEY_SECRET", "s3cret-of-mine")
    ran = Here(tmp_path).run("plan", "s3cret-of-mine")
    assert ran.code == 64
    assert "(hidden)" in ran.err
    assert "s3cret" not in ran.err
