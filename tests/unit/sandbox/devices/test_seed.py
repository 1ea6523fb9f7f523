"""Seed files: what they may say, and how a mistake in one is named."""

from __future__ import annotations

from pathlib import Path

import pytest

from pushctl.sandbox.devices.seed import SeedError, read_seed


def seed(folder: Path, text: str) -> Path:
    path = folder / "seed.yaml"
    path.write_text(text, "utf-8")
    return path


def test_a_file_runs_nothing_and_needs_to_be_text(tmp_path: Path) -> None:
    tagged = seed(tmp_path, "users: !!python/object/apply:os.system {u: []}")
    assert read_seed(tagged)["users"] == {"u": []}
    tagged.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(SeedError):
        read_seed(tagged)
    with pytest.raises(OSError, match="gone"):
        read_seed(tmp_path / "gone.yaml")


def test_texts_stay_as_they_are_written(tmp_path: Path) -> None:
    text = """
    number: 7
    apps: [A/w, B]
    users:
      0042:
        - {id: 007, vendor: vivo, system: Android 14, token: 1e5, online: 08:00-23:00}
        - {id: pad, vendor: ios, notifications: no, number: 13800000000}
      nobody: []
    sms_templates: {SMS_1: "code ${code}"}
    """
    read = read_seed(seed(tmp_path, text))

    assert (read["number"], read["apps"]) == (7, ["A/w", "B"])
    first, second = read["users"]["0042"]
    assert (first["id"], first["token"], first["online"]) == ("007", "1e5", "08:00-23:00")
    assert (first["notifications"], second["notifications"]) == (True, False)
    assert (second["number"], second["online"]) == ("13800000000", "always")
    assert read_seed(seed(tmp_path, ""))["users"] == {}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("users: {u: [{id: a, vendor: nokia}]}", "users.u.0.vendor: .*one of mps, xiaomi"),
        ("users: {u: [{id: a, vendor: vivo, online: 8-23}]}", "users.u.0.online: .*08:00-23:00"),
        ("users: {u: [{id: a, vendor: vivo, colour: red}]}", "users.u.0.colour: is no field"),
        ("users: {u: [{vendor: vivo}]}", "users.u.0.id: is missing"),
        ("user: {}", "user: is no field"),
        ("users: []", "users: must be a map"),
        ("users: {u: {id: a}}", "users.u: must be a list"),
        (
            "phones: [{id: a, vendor: ios, notifications: 2}]",
            "notifications: must be true or false",
        ),
        ("phones: [{id: '', vendor: ios}]", "phones.0.id: is empty"),
        ("number: -1", "number: must be at least 0"),
        ("number: one", "number: must be a whole number"),
        ("phones: [{id: a, vendor: ios, number: call me}]", "phones.0.number: must be digits"),
        ("apps: [a/b/c]", "apps.0: must be written APP/WORKSPACE"),
        ("- a", ": must be a map$"),
        ("users: {u: [}", ": line 1: [^\n]*$"),
        ("users: {u: [], u: []}", ": line 1: [^\n]*duplicate[^\n]*$"),
        (
            "phones: [{id: a, vendor: ios}, {id: a, vendor: ios}]",
            "2 phones have the id a",
        ),
        (
            "users: {u: [{id: a, vendor: ios, token: t}]}\n"
            "phones: [{id: b, vendor: ios, token: t}]",
            "2 phones have the token t: a, b$",
        ),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SeedError, match=f"(?s)seed.yaml.*{said}"):
        read_seed(seed(tmp_path, text))
