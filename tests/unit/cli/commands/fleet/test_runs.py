"""A command for several manifests, each in a process of its own."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from pushctl.cli.commands.fleet.members import Member
from pushctl.cli.commands.fleet.runs import Fleet, named
from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.output import Output

PLAIN = "version: 1\napp: {id: X, workspace: test}\ntimezone: UTC\npushes: {}\n"


def fleet(root: Path, *names: str) -> Fleet:
    members = {}
    for name in names:
        folder = root / name
        folder.mkdir()
        (folder / "pushctl.yaml").write_text(PLAIN, "utf-8")
        members[Member(folder / "pushctl.yaml", None)] = root / f"files of {name}"
    return Fleet(GlobalOptions(root, "pushctl.yaml", None, Output()), members, 2)


def test_every_manifest_has_a_result(tmp_path: Path) -> None:
    both = fleet(tmp_path, "a", "b")
    (tmp_path / "b" / "pushctl.yaml").write_text("[\n", "utf-8")
    results = {item.name[0]: item for item in both.run(lambda _: ["validate", "--format=json"])}
    good, bad = results[str(tmp_path / "a")], results[str(tmp_path / "b")]
    assert (good.code, good.document["valid"]) == (0, True)
    assert (bad.code, bad.document["valid"]) == (1, False)


def test_nothing_of_the_surroundings_comes_between(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = fleet(tmp_path, "a")
    monkeypatch.setenv("PUSHCTL_ENV", "prod")
    monkeypatch.setenv("PUSHCTL_FORMAT", "sarif")
    program = tmp_path / "pushctl"
    program.mkdir()
    for name in ("__init__.py", "__main__.py"):
        (program / name).write_text("raise SystemExit('not the program')", "utf-8")
    monkeypatch.chdir(tmp_path)
    (result,) = one.run(lambda _: ["validate"])
    assert (result.code, result.err) == (0, ""), result


def test_once_somebody_asked_to_stop_nothing_is_begun(tmp_path: Path) -> None:
    one = fleet(tmp_path, "a")
    one.stop.set()
    assert [item.code for item in one.run(lambda _: ["validate"])] == [130]
    assert not (tmp_path / "files of a").exists()


def test_a_manifest_is_called_by_its_folder() -> None:
    assert named(Path("apps/shop/pushctl.yaml")) == "apps/shop"
    assert named(Path("apps/shop/other.yaml")) == "apps/shop/other.yaml"


def test_what_runs_is_asked_to_end_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one = fleet(tmp_path, "a")
    signals: list[int] = []
    waits = iter([subprocess.TimeoutExpired("pushctl", 0.2)] * 3)

    class Watched(subprocess.Popen[str]):
        """A process that takes three looks longer."""

        def communicate(self, *_: object, **__: object) -> tuple[str, str]:
            one.stop.set()
            for wait in waits:
                raise wait
            return super().communicate()

        def send_signal(self, sig: int) -> None:
            signals.append(sig)
            super().send_signal(sig)

    monkeypatch.setattr(subprocess, "Popen", Watched)
    (result,) = one.run(lambda _: ["sandbox", "up", "--port", "0"])
    assert signals == [signal.SIGTERM]
    assert result.code in (130, -signal.SIGTERM), result
