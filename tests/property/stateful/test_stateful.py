"""Whatever people, machines and time do in whatever order: nobody gets a message twice.

How a story is made up is in `machine.py`, what its steps are in `story.py`, what must hold in
`promises.py` and `final_checks.py`. `PUSHCTL_EXAMPLES` says how many long stories are told.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.faults.mutations import MUTATIONS
from tests.property.stateful import script
from tests.property.stateful.invariants import InvariantError
from tests.property.stateful.state_machine import Machine

ROOT = Path(__file__).parents[3]
EXAMPLES = int(os.environ.get("PUSHCTL_EXAMPLES", "150"))


def tell(examples: int, steps: int, *, derandomize: bool) -> None:
    run_state_machine_as_test(
        Machine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=derandomize,
            database=None,
            print_blob=False,
            report_multiple_bugs=False,
            phases=[Phase.generate, Phase.shrink],
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_no_story_breaks_a_promise() -> None:
    tell(9, 12, derandomize=True)


@pytest.mark.slow
def test_no_story_of_more_breaks_a_promise() -> None:
    tell(18, 12, derandomize=True)


@pytest.mark.slow
def test_no_long_story_breaks_a_promise() -> None:
    tell(EXAMPLES, 25, derandomize=False)


def replayed(path: Path, *options: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.property.stateful.replay", str(path), *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def test_a_failing_run_prints_a_script_that_fails_in_the_same_way(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(script, "FOLDER", tmp_path)
    wrong = "unknown-is-not-sent"
    machine = Machine()
    machine.tell("put", "a", ("once", "2026-12-03T20:00"), (0, 3), "one")
    with MUTATIONS[wrong].made(), pytest.raises(InvariantError) as caught:
        machine.tell("apply", faults=(("PushSimple", "lost-response", "", 1, 0),))
    machine.teardown()
    path = tmp_path / script.NAME
    assert path.read_text("utf-8") in "\n".join(caught.value.__notes__)
    again = replayed(path, "--mutation", wrong)
    assert again.returncode == 1
    assert again.stderr.strip().endswith(f"InvariantError: {caught.value}")
    sound = replayed(path)
    assert sound.returncode == 0, sound.stderr
    assert sound.stdout == "The story ends well.\n"


def test_a_script_is_code_made_of_plain_values(tmp_path: Path) -> None:
    step = script.call(
        "put", ("a", ("once", "2026-12-03T20:00"), (0, 3), "one"), {"enabled": False}
    )
    assert step == "story.put('a', ('once', '2026-12-03T20:00'), (0, 3), 'one', enabled=False)"
    text = script.text([step, script.call("apply", (), {})], 'it said "no"\nand\\or more')
    compile(text, "story.py", "exec")
    assert text.startswith('"""it said \'no\' and/or more\n')
    assert text.endswith(f"with Story() as story:\n    {step}\n    story.apply()\n")
    assert compile(script.text([], ""), "story.py", "exec")
