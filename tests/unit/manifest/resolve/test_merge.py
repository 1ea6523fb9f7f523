"""Laying one map over another."""

from __future__ import annotations

from pushctl.manifest.resolve.merge import merged


def test_merged_follows_the_merge_patch_rules() -> None:
    base = {"a": 1, "b": {"c": 1, "d": 2}, "e": [1, 2]}
    patch = {"a": None, "b": {"c": None, "x": 1}, "e": [3], "f": {"g": None, "h": 1}}
    assert merged(base, patch) == {"b": {"d": 2, "x": 1}, "e": [3], "f": {"h": 1}}
    assert base == {"a": 1, "b": {"c": 1, "d": 2}, "e": [1, 2]}


def test_merged_replaces_targets_and_app_payloads_as_a_whole() -> None:
    base = {"to": {"users_from": "a.csv"}, "state": {"a": 1}}
    assert merged(base, {"to": {"users": ["x"]}, "state": {"b": None}}) == {
        "to": {"users": ["x"]},
        "state": {"b": None},
    }
