"""What the sandbox assumes about the real service, and how to verify it."""

from __future__ import annotations

import tomllib
from pathlib import Path

from pushctl.sandbox.knobs import KNOBS, Knobs


def describe(knobs: Knobs) -> list[dict[str, object]]:
    """Returns every knob, with its value in force, and every assumption as JSON objects."""
    text = Path(__file__).with_name("assumptions.toml").read_text("utf-8")
    assumptions = tomllib.loads(text)
    rows = [
        {
            "topic": knob.name,
            "assumed": knob.default,
            **assumptions.pop(knob.name),
            "knob": knob.name,
            "choices": list(knob.choices),
            "now": knobs[knob.name],
        }
        for knob in KNOBS
    ]
    return rows + [{"topic": topic, **item, "knob": None} for topic, item in assumptions.items()]
