"""What can be known without asking anybody is said before anybody is asked or waited for."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest

from pushctl.cli.service.clock import CommandClock
from pushctl.mpaas.client import CloudPushService
from tests.acceptance.cli import Here

HEAD = (
    "version: 1\napp: {id: ONEX0000000000000, workspace: test}\ntimezone: Asia/Shanghai\n"
    "defaults: {expires_after: 4h}\n"
)
ENV = {
    "PUSHCTL_ENDPOINT": "https://push.example",
    "ALIBABA_CLOUD_ACCESS_KEY_ID": "k",
    "ALIBABA_CLOUD_ACCESS_KEY_SECRET": "s",
}
UNKNOWN = (
    ("stop", "loup"),
    ("resume", "loup"),
    ("adopt", "loup", "T1"),
    ("status", "loup"),
    ("when", "loup"),
    ("calendar", "loup"),
    ("preview", "loup", "-o", "p.html"),
    ("history", "loup"),
    ("plan", "--target", "loup"),
    ("apply", "--yes", "--exclude", "loup"),
    ("state", "show", "loup"),
    ("state", "rm", "loup"),
    ("state", "mv", "loup", "other"),
    ("state", "resolve", "loup"),
    ("state", "resolve", "loup", "--sent"),
)


def entry(id: str, body: str = "Text", title: str = "Loop") -> str:
    return (
        f'  {id}:\n    schedule: {{every: day, at: "20:00"}}\n    to: {{users: [ann]}}\n'
        f'    message:\n      title: "{title}"\n      body: "{body}"\n'
    )


@contextlib.contextmanager
def nobody_asked() -> Iterator[None]:
    """Fail if the service is asked, or waited for."""
    with (
        mock.patch.object(CommandClock, "sleep") as slept,
        mock.patch.object(CloudPushService, "_send") as sent,
    ):
        yield
    assert (slept.call_args_list, sent.call_args_list) == ([], [])


@pytest.fixture
def here(tmp_path: Path) -> Here:
    return Here(tmp_path)


@pytest.mark.parametrize(
    ("manifest", "told"),
    [
        (HEAD + "pushes:\n" + entry("loop", title=" "), r"  pushctl\.yaml:10: loop: PSH307 .*\n"),
        (
            HEAD + "policy: {rules: {PSH312: error}}\npushes:\n" + entry("loop", "Hi {name}"),
            r"  pushctl\.yaml:12: loop: PSH312 .*\n",
        ),
        (
            HEAD + 'policy: {targets: {users: "u[0-9]+"}}\npushes:\n' + entry("loop"),
            r"  pushctl\.yaml:9: loop: PSH507 .*\n",
        ),
    ],
)
def test_apply_refuses_what_is_wrong_before_it_asks_anybody(
    here: Here, manifest: str, told: str
) -> None:
    here.write(manifest)
    with nobody_asked():
        ran = here.run("apply", "--yes", env=ENV)
    assert ran.code == 3, ran
    assert re.search(told, ran.err), ran
    assert not (here.folder / "pushctl.state.json").exists()


@pytest.mark.parametrize("typed", UNKNOWN, ids=lambda typed: " ".join(typed[:2]))
def test_an_id_that_does_not_exist_is_told_alike_by_all(here: Here, typed: tuple[str, ...]) -> None:
    here.write(HEAD + "pushes:\n" + entry("loop"))
    assert here.run("apply", "--yes").code == 0
    with nobody_asked():
        ran = here.run(*typed)
    assert ran.code == 64, ran
    assert re.search(r"There is no push 'loup' in the [a-z ]+\. Did you mean loop\?\n", ran.err)
