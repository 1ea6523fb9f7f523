from __future__ import annotations

import subprocess
import sys

import pytest

pytest_plugins = "pytester"

TWO_TESTS = """
    import urllib.request

    import pytest

    urls = set()

    @pytest.mark.parametrize("time", ["first", "second"])
    def test_it_is_as_new(push_sandbox, time):
        urls.add(push_sandbox.url)
        assert len(urls) == 1  # one server for all
        assert push_sandbox.ask("GET", "faults")["faults"] == []
        assert push_sandbox.clock.now.year < 2100
        push_sandbox.fault("throttle")
        push_sandbox.clock.freeze(at="2100-01-01T00:00")
        with urllib.request.urlopen(push_sandbox.url + "/_sandbox/clock") as answer:
            assert b'"2100-01-01T00:00:00+08:00"' in answer.read()
"""


def test_each_test_finds_the_sandbox_as_new(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(TWO_TESTS)
    pytester.runpytest("-p", "no:cacheprovider").assert_outcomes(passed=2)


SEED = """
users:
  "0042":
    - {id: bus-phone, vendor: vivo, online: "08:00-09:00"}
"""
ONE_TEST = """
    def test_the_seed_says_who_has_which_phone(push_sandbox):
        push = {"AppId": "a", "WorkspaceId": "w", "TaskName": "t", "Title": "T", "Content": "C"}
        push |= {"DeliveryType": 3, "ExpiredSeconds": 86400, "TargetMsgkey": {"0042": "k"}}
        push_sandbox.clock.freeze(at="2026-12-01T07:00")
        push_sandbox.ask("POST", "tasks", push)
        assert [row["device"] for row in push_sandbox.inbox("is:waiting")] == ["bus-phone"]
        push_sandbox.clock.advance(hours=1)
        assert [row["vendor"] for row in push_sandbox.inbox("is:shown")] == ["vivo"]
"""


def test_a_seed_file_is_found_beside_the_settings(pytester: pytest.Pytester) -> None:
    pytester.makeini("[pytest]\npush_sandbox_seed = phones.yaml")
    pytester.makefile(".yaml", phones=SEED)
    pytester.makepyfile(ONE_TEST)
    pytester.runpytest("-p", "no:cacheprovider").assert_outcomes(passed=1)


def test_a_run_without_the_fixture_loads_no_server() -> None:
    program = (
        "import sys, pushctl.sandbox.pytest_plugin\n"
        "print(sorted(name for name in sys.modules if name.startswith('pushctl')))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert ran.stdout == "['pushctl', 'pushctl.sandbox', 'pushctl.sandbox.pytest_plugin']\n"
