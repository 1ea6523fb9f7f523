"""Every example does the whole job, and the second run has nothing to do."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.cli import EXAMPLES, Here, example

NAMES = sorted(path.parent.name for path in EXAMPLES.glob("*/pushctl.yaml"))


def test_the_promised_examples_are_there() -> None:
    promised = {
        "quickstart",
        "target-users",
        "target-android",
        "target-ios",
        "target-harmony",
        "live-activity",
        "vendors",
        "sms",
        "loops",
        "recurrences",
        "local-time",
        "environments",
        "languages",
        "audience-230",
        "team",
    }
    assert promised <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_example_plans_applies_and_then_rests(name: str, tmp_path: Path) -> None:
    project = example(name, tmp_path, Here)
    valid = project.run("validate")
    assert valid.code == 0, valid
    first = project.run("plan", "--detailed-exitcode")
    assert first.code == 2, first
    applied = project.run("apply", "--yes")
    assert applied.code == 0, applied
    assert applied.out.count("Apply complete!") == 1, applied
    state = (tmp_path / "pushctl.state.json").read_bytes()
    second = project.run("plan", "--detailed-exitcode")
    assert second.code == 0, second
    assert "No changes." in second.out
    again = project.run("apply", "--yes")
    assert again.code == 0, again
    assert (tmp_path / "pushctl.state.json").read_bytes() == state
    drift = project.run("drift")
    assert drift.code == 0, drift


@pytest.mark.parametrize("env", ["staging", "pilot"])
def test_environments_have_states_of_their_own(env: str, tmp_path: Path) -> None:
    project = example("environments", tmp_path, Here)
    for name, code in (("plan", 2), ("apply", 0), ("plan", 0)):
        option = "--yes" if name == "apply" else "--detailed-exitcode"
        ran = project.run("--env", env, name, option)
        assert ran.code == code, ran
    assert (tmp_path / f"pushctl.{env}.state.json").exists()
    assert not (tmp_path / "pushctl.state.json").exists()
