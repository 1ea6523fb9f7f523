"""`python -m tests.acceptance.record_states`: record states for the cases that have none yet.

A recorded state is never made again, only added to: it is what an earlier version really wrote.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import sqlite3
import tempfile
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

from pushctl.sandbox import Sandbox
from tests.acceptance.cli import EXAMPLES
from tests.acceptance.recorded import SANDBOX, STATES, Copy, desired, dump, headline, new_service
from tests.faults.effects import Crash, Effects, Hit, watched

BEGUN = "2026-12-01T09:00:00+08:00"
PASSING = (".lock", ".gate")
LATER = "2026-12-08T12:00:00+08:00"
HEAD = """version: 1
app: {id: ONEX0000000000000, workspace: test, endpoint: sandbox%s}
timezone: Asia/Shanghai
defaults: {owner: crm@acme.example, expires_after: 4h}
pushes:
"""
DAILY = """  daily:
    schedule: {every: day, at: "08:00"}
    to: {users: [ada, ben]}
    message: {title: %s, body: A door a day.}
"""
MONDAYS = """  mondays:
    schedule: {every: [mon], at: "18:30"}
    to: {users: [cleo]}
    message: {title: A new week, body: This is what it brings.}
"""
ONCE = """  once:
    schedule: {at: "2026-12-03T20:00"}
    to: {users: [dora]}
    message: {title: Tonight, body: Eight hours only.}
"""
OVER = """  over:
    schedule: {every: day, at: "12:00", until: "2026-12-04"}
    to: {users: [dora]}
    message: {title: Early birds, body: Only this week.}
"""
BERLIN = """  berlin:
    schedule: {every: day, at: "09:00", timezone: Europe/Berlin}
    to: {users: [emil]}
    message: {title: Guten Morgen, body: Was heute wichtig ist.}
"""
PEOPLE = """  people:
    schedule: {every: [fri], at: "17:00"}
    to: {users: [%s]}
    message: {title: Welcome back, body: Here is what you missed.}
"""

ENVIRONMENTS = (("environments", "staging"), ("environments", "pilot"))

Story = Callable[["Recording"], str]


class Recording(Copy):
    """A folder in which a story is played; each story returns what its state holds."""

    def manifest(self, *entries: str, app: str = "", more: str = "") -> None:
        self.write(HEAD % app + "".join(entries) + more)

    def does(self, *arguments: str, code: int = 0) -> None:
        ran = self.pushctl(*arguments)
        assert ran.code == code, ran

    def asks(self, page: str, **body: Any) -> None:
        """Tell the embedded sandbox something that no command can."""
        with Sandbox(self.folder / SANDBOX) as sandbox:
            request = urllib.request.Request(f"{sandbox.url}/_sandbox/{page}", method="POST")
            request.data = json.dumps(body).encode()
            request.add_header("Content-Type", "application/json")
            urllib.request.urlopen(request).close()

    def waits(self, now: str) -> None:
        self.asks("clock", set=now)
        object.__setattr__(self, "now", now)

    def calms(self) -> None:
        """Let the embedded sandbox work again."""
        with contextlib.closing(sqlite3.connect(self.folder / SANDBOX)) as database, database:
            database.execute("DELETE FROM faults")

    def is_killed(self, effect: str, time: int, *arguments: str) -> None:
        """Run a command that dies before the effect of this name happens for the nth time."""
        counted = iter(range(1, time + 1))
        effects = Effects(0, Hit.die, lambda name: name == effect and next(counted, time) == time)
        with contextlib.suppress(Crash), watched(effects, self.folder):
            self.pushctl(*arguments)
        assert effects.dead, effects.names


def journal_not_folded(at: Recording) -> str:
    at.manifest(DAILY % "Advent")
    at.does("apply", "--yes")
    at.manifest(DAILY % "Advent", MONDAYS)
    at.is_killed("replace state", 1, "apply", "--yes")
    return "Killed when all was done and the snapshot was to be replaced: the journal knows more."


def cancel_refused(at: Recording) -> str:
    at.manifest(DAILY % "Advent", MONDAYS)
    at.does("apply", "--yes")
    at.manifest(DAILY % "Advent")
    at.asks("faults", op="CancelPushScheduler", kind="business-3999")
    at.does("apply", "--yes", "--force", code=4)
    at.calms()
    return "The service refused the cancel of an entry that was removed."


def create_in_doubt(at: Recording) -> str:
    at.manifest(DAILY % "Advent")
    at.is_killed("pwrite journal", 4, "apply", "--yes")
    return "Killed before the answer to the first create arrived: a journal and no snapshot."


def create_not_called(at: Recording) -> str:
    at.manifest(DAILY % "Advent", MONDAYS)
    at.is_killed("fsync journal", 3, "apply", "--yes", "--parallelism", "1")
    return "Killed before the first create left: a look settles that nothing was made."


def create_refused(at: Recording) -> str:
    at.manifest(DAILY % "Advent", MONDAYS)
    at.asks("faults", op="PushSimple", kind="business-3999", match="Advent")
    at.does("apply", "--yes", code=4)
    at.calms()
    return "The service refused one of two creates: the numbers that were used for it are retired."


def create_in_doubt_folded(at: Recording) -> str:
    at.manifest(DAILY % "Advent")
    at.does("apply", "--yes")
    at.manifest(DAILY % "Advent", MONDAYS)
    at.asks("faults", op="PushSimple", kind="lost-response", times=1)
    at.asks("faults", op="QueryPushSchedulerList", kind="http-500", after=1)
    at.does("apply", "--yes", code=6)
    at.calms()
    return "The answer to a create was lost and the list failed: the snapshot has it in doubt."


def cancel_in_doubt(at: Recording) -> str:
    at.manifest(DAILY % "Advent", MONDAYS)
    at.does("apply", "--yes")
    at.manifest(DAILY % "Advent")
    at.is_killed("pwrite journal", 3, "apply", "--yes", "--force")
    return "Killed before the answer to the cancel of an entry that was removed arrived."


def stopped(at: Recording) -> str:
    at.manifest(DAILY % "Advent", MONDAYS)
    at.does("apply", "--yes")
    at.does("stop", "daily")
    return "One of two entries is stopped."


def resumed(at: Recording) -> str:
    at.manifest(DAILY % "Advent", MONDAYS)
    at.does("apply", "--yes")
    at.does("stop", "--all")
    at.does("resume", "--all")
    at.does("apply", "--yes")
    at.does("stop", "daily")
    at.does("resume", "daily")
    return "All was stopped, resumed and applied again; then one entry was stopped and resumed."


def edited_owner(at: Recording) -> str:
    at.manifest(DAILY % "Advent", MONDAYS + "    owner: ops@acme.example\n    protect: true\n")
    at.does("apply", "--yes")
    at.manifest(DAILY % "Advent", MONDAYS + "    labels: {team: ops}\n    on_remove: forget\n")
    at.does("apply", "--yes")
    return "Only what people keep beside a push was edited: nothing was called for it."


def adopted(at: Recording) -> str:
    at.manifest(DAILY % "Advent", MONDAYS)
    at.does("apply", "--yes")
    shown = at.pushctl("state", "show").json
    task = shown["pushes"]["daily"]["tasks"][0]["task_id"]
    at.does("state", "rm", "daily")
    more = f"adopt:\n  - {{id: daily, task: {task}}}\n"
    at.manifest(DAILY % "Advent", MONDAYS, more=more)
    at.does("apply", "--yes")
    at.manifest(DAILY % "Advent", MONDAYS)
    return "A task that the state did not know was taken over by `adopt:`, which is gone again."


def renamed(at: Recording) -> str:
    at.manifest(DAILY % "Advent", MONDAYS)
    at.does("apply", "--yes")
    moved = "moved:\n  - {from: daily, to: every-day}\n"
    at.manifest((DAILY % "Advent").replace("daily:", "every-day:"), MONDAYS, more=moved)
    at.does("apply", "--yes")
    return "An entry got another id by `moved:`; the console calls its task by the old one."


def running(at: Recording) -> str:
    at.manifest(DAILY % "Advent", MONDAYS, ONCE, OVER)
    at.does("apply", "--yes")
    at.waits(LATER)
    at.does("apply", "--yes")
    return "A week later: loops that go on, one that has ended, and a one-time push that was sent."


def forgotten(at: Recording) -> str:
    at.manifest(DAILY % "Advent", MONDAYS)
    at.does("apply", "--yes")
    at.does("state", "rm", "mondays")
    at.manifest(DAILY % "Advent")
    return "An entry was forgotten by `state rm`; its task goes on without an owner."


def hashed_targets(at: Recording) -> str:
    at.manifest(DAILY % "Advent", PEOPLE % "ada, ben", app=", targets: hashed")
    at.does("apply", "--yes")
    return "The state holds digests of the targets, salted with its lineage."


def replaced(at: Recording) -> str:
    at.manifest(DAILY % "Advent", MONDAYS)
    at.does("apply", "--yes")
    at.manifest(DAILY % "Christmas", MONDAYS)
    at.does("apply", "--yes", "--force")
    return "An entry was edited: generation 2, and the cancelled task of generation 1."


def audience_changed(at: Recording) -> str:
    at.manifest(PEOPLE % ", ".join(f"p{n}" for n in range(23)))
    at.does("apply", "--yes")
    at.manifest(PEOPLE % ", ".join(f"p{n}" for n in range(1, 24)))
    at.does("apply", "--yes", "--force")
    return "One of 23 people left and one came: chunks of two generations side by side."


def segments(at: Recording) -> str:
    at.manifest(BERLIN)
    at.does("apply", "--yes")
    return "Nine o'clock in Berlin: one task for each side of the clock change."


STORIES: tuple[Story, ...] = (
    adopted,
    audience_changed,
    cancel_in_doubt,
    cancel_refused,
    create_in_doubt,
    create_in_doubt_folded,
    create_not_called,
    create_refused,
    edited_owner,
    forgotten,
    hashed_targets,
    journal_not_folded,
    renamed,
    replaced,
    resumed,
    running,
    segments,
    stopped,
)


def applied(example: str, env: str | None) -> Story:
    def story(at: Recording) -> str:
        shutil.copytree(EXAMPLES / example, at.folder, dirs_exist_ok=True)
        at.does("apply", "--yes")
        where = f" in the environment {env}" if env else ""
        return f"The example {example}{where}, applied once."

    return story


def record(case: str, story: Story, env: str | None) -> None:
    with tempfile.TemporaryDirectory() as name:
        at = Recording(Path(name), BEGUN, env)
        new_service(at.folder, BEGUN)
        holds = story(at)
        copy_files(at.folder, STATES / case)
        (STATES / case / "sandbox.sql").write_text(dump(at.folder), "utf-8")
        known = {"holds": holds, "env": env, "begun": BEGUN, "now": at.now}
        write(STATES / case, known)
        shown = at.pushctl("state", "show").out
        if not at.state_file.exists() or shown != at.state_file.read_text("utf-8"):
            (STATES / case / "shown.json").write_text(shown, "utf-8")
        known |= what_is_said(at)
    with tempfile.TemporaryDirectory() as name:
        write(STATES / case, known | {"fingerprints": desired(case, Path(name))})
    print(case)


def copy_files(folder: Path, kept: Path) -> None:
    for path in sorted(folder.rglob("*")):
        part = path.relative_to(folder)
        if path.is_dir() or part.parts[0] == SANDBOX.parts[0] or path.suffix in PASSING:
            continue
        ours = path.name.lstrip(".").startswith("pushctl.") and path.suffix != ".yaml"
        target = kept / ("state" if ours else "manifest") / part
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)


def what_is_said(at: Recording) -> dict[str, Any]:
    offline, online = (headline(at.pushctl("plan", *more)) for more in (("--offline",), ()))
    before = len(at.calls())
    at.does("apply", "--yes", "--force")
    return {"offline": offline, "online": online, "calls": at.calls()[before:]}


def write(kept: Path, known: dict[str, Any]) -> None:
    text = json.dumps(known, indent=2, ensure_ascii=False) + "\n"
    (kept / "case.json").write_text(text, "utf-8")


def main() -> None:
    cases = {path.parent.name: (path.parent.name, None) for path in EXAMPLES.glob("*/pushctl.yaml")}
    cases |= {f"{name}.{env}": (name, env) for name, env in ENVIRONMENTS}
    stories = {case: (applied(*made), made[1]) for case, made in sorted(cases.items())}
    stories |= {story.__name__.replace("_", "-"): (story, None) for story in STORIES}
    with (
        mock.patch.dict(os.environ, {"GITHUB_ACTOR": "ada"}),
        mock.patch.object(socket, "gethostname", return_value="desk"),
    ):
        for case, (story, env) in stories.items():
            if not (STATES / case).exists():
                record(case, story, env)


if __name__ == "__main__":
    main()
