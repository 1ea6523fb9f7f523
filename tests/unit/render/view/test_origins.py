"""Where a change comes from, in words."""

from __future__ import annotations

from pushctl.diagnostics import EditedLine
from pushctl.plan.origin import Cause, Origin
from pushctl.render.view.origins import document, sentence


def test_every_cause_has_a_sentence() -> None:
    seen = {sentence(Origin(cause, (EditedLine("x.yaml", 3),))) for cause in Cause}
    assert len(seen) == len(Cause) - 1  # what is in a file of the entry is edited too
    assert document(Origin(Cause.FILE, (EditedLine("x.csv", part="audience"),))) == {
        "cause": "file",
        "lines": [
            {"file": "x.csv", "first": None, "last": None, "part": "audience", "former": False}
        ],
    }
