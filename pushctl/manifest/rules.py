"""Findings about a manifest, whose rules `rules.toml` describes."""

from __future__ import annotations

from functools import partial

from pushctl import rule

diagnostic = partial(rule.diagnostic, __package__)
