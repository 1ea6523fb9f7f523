"""Every format has something to say, with a plan and without one."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest

from pushctl.cli.global_options import GlobalOptions
from pushctl.cli.output import Output
from pushctl.cli.planning.plan_formats import FORMATS, tariff
from pushctl.cli.project.project import open_project
from pushctl.diagnostics import Diagnostic, Severity
from pushctl.plan.planner import make_plan
from pushctl.plan.reconcile.listing import Listing
from tests.acceptance.cli import Here
from tests.builders import NOW, desired, plan_request, state

MANIFEST = """\
version: 1
app: {id: ONEX0000000000000, workspace: test}
timezone: Asia/Shanghai
policy: {sms: {price: 0.045, currency: CNY}}
pushes: {}
"""
HOSTILE = Diagnostic(Severity.ERROR, "PSH999", "Summary", "<script>alert(1)</script>")
BEGINNINGS = {"text": "", "json": "{", "markdown": "<!-- pushctl", "html": "<!DOCTYPE html>"}


def options(folder: Path) -> GlobalOptions:
    return GlobalOptions(folder, "pushctl.yaml", None, Output("never"))


@pytest.mark.parametrize("name", FORMATS)
def test_a_plan_and_why_there_is_none(name: str, tmp_path: Path) -> None:
    Here(tmp_path).write(MANIFEST)
    plan = make_plan(plan_request(desired()), state(), Listing((), NOW))
    command = click.Context(click.Command("plan"))
    with command.scope(), open_project(options(tmp_path), online=False) as project:
        found = tariff(project)
        assert found is not None
        assert (float(found.price), found.currency) == (0.045, "CNY")
        text = FORMATS[name].plan(project, plan, False)
        none = FORMATS[name].no_plan(options(tmp_path), None, [HOSTILE])
    assert text.lower().startswith(BEGINNINGS[name].lower())
    assert "promo" in text
    assert none.lower().startswith(BEGINNINGS[name].lower())
    assert ("PSH999" in none) is (name != "text")
    assert name == "json" or "<script>alert" not in none
    if name == "json":
        assert json.loads(none)["diagnostics"][0]["detail"] == HOSTILE.detail
