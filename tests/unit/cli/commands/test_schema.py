"""`schema`: the published schemas, as they are."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl import schemas
from tests.acceptance.cli import Here


@pytest.mark.parametrize(
    ("arguments", "name"), [((), "manifest"), (("plan",), "plan"), (("state",), "state")]
)
def test_a_schema_is_printed_as_it_is(
    arguments: tuple[str, ...], name: str, tmp_path: Path
) -> None:
    ran = Here(tmp_path).run("schema", *arguments)
    assert (ran.code, ran.out, ran.err) == (0, schemas.read(name), "")


def test_a_schema_that_there_is_not_is_wrong_usage(tmp_path: Path) -> None:
    assert Here(tmp_path).run("schema", "calendar").code == 64
