"""The document of a plan says what a reviewer asks about each change."""

from __future__ import annotations

from msgspec.structs import replace

from pushctl.diagnostics import Diagnostic, EditedLine, Severity
from pushctl.plan.origin import Cause, Origin
from pushctl.plan.planner import make_plan
from pushctl.plan.reconcile.refresh import Drift, DriftKind
from pushctl.push.task import Slot
from pushctl.render import json_output
from tests.builders import desired, plan_request, state
from tests.unit.render.plans import BODY, edited


def test_the_document_says_what_appears_disappears_and_moves() -> None:
    changes = {item["id"]: item for item in json_output.plan(edited(), version="0")["changes"]}
    gone = changes["a-cancelled-push-with-a-long-name"]
    assert gone["delivery_counts"]["disappear"]["count"] == 7
    assert len(gone["delivery_counts"]["disappear"]["first"]) == 5
    assert gone["targets"] == {"before": 1, "after": 0, "joined": 0, "left": 1}
    assert gone["message"] == {"title": "Thank you", "body": "Your parcel leaves today."}
    new = changes["新春特惠"]
    assert new["delivery_counts"]["appear"]["count"] == 1
    assert new["message"] == {"title": "限时特惠" * 20, "body": BODY}


def test_a_finding_names_its_push_where_it_is_about_one() -> None:
    about = Diagnostic(Severity.WARNING, "PSH301", "Too long", "It is.", push="promo")
    assert json_output.diagnostic(about)["push"] == "promo"
    assert "push" not in json_output.diagnostic(replace(about, push=None))


def test_drift_names_the_task_and_what_it_lost() -> None:
    lost = Drift("promo", Slot(0, 0, 1), DriftKind.PARTLY, "T1", 1, 3)
    made = replace(make_plan(plan_request(desired()), state(), None), drift=(lost,))
    (drift,) = json_output.plan(made, version="1")["drift"]
    known = {"id": "promo", "kind": "partly", "task_id": "T1", "missing": 1, "expected": 3}
    assert drift == known


def test_an_origin_names_every_line_and_no_line_of_a_whole_file() -> None:
    lines = (EditedLine("x.yaml", 9, former=True), EditedLine("x.csv", part="audience"))
    origins = {"promo": Origin(Cause.EDITED, lines)}
    made = replace(make_plan(plan_request(desired()), state(), None), origins=origins)
    (change,) = json_output.plan(made, version="1")["changes"]
    assert change["origin"] == {
        "cause": "edited",
        "lines": [
            {"file": "x.yaml", "first": 9, "last": 9, "part": None, "former": True},
            {"file": "x.csv", "first": None, "last": None, "part": "audience", "former": False},
        ],
    }
