"""What is shown about the thing under the pointer."""

from __future__ import annotations

from pathlib import Path

from pushctl.diagnostics import Position
from pushctl.lsp.cursor import cursor_at
from pushctl.lsp.hover import hover
from tests.unit.lsp.test_project import checked
from tests.unit.manifest.project import HEAD, PUSH


def shown(folder: Path, text: str, line: int, column: int) -> str | None:
    cursor = cursor_at("pushctl.yaml", text, Position(line, column))
    return None if cursor is None else hover(cursor, checked(folder, text))


def test_the_next_five_deliveries_in_two_zones(tmp_path: Path) -> None:
    found = shown(tmp_path, f"{HEAD}pushes:\n  hello:\n{PUSH}", 5, 4)
    assert found is not None
    lines = found.split("\n")
    assert lines[0] == "```text"
    assert lines[1] == "hello: every day at 09:45 Asia/Shanghai, until further notice"
    assert lines[2].split() == ["Asia/Shanghai", "UTC"]
    assert lines[3].startswith("Tue 1 Dec 2026 09:45  Tue 1 Dec 2026 01:45  in 45 min")
    assert len(lines) == 9


def test_every_instance_has_its_own_deliveries(tmp_path: Path) -> None:
    zones = ", ".join(f"Etc/GMT+{number}" for number in range(1, 8))
    entry = PUSH.replace('09:45"', '09:45", timezone: "${each.key}"')
    found = shown(tmp_path, f"{HEAD}pushes:\n  hello:\n    for_each: [{zones}]\n{entry}", 5, 4)
    assert found is not None
    assert found.count("hello[Etc/GMT+") == 5
    assert "and 2 more pushes" in found


def test_an_entry_with_a_mistake_has_no_deliveries_to_show(tmp_path: Path) -> None:
    entry = PUSH.replace("09:45", "25:45")
    found = shown(tmp_path, f"{HEAD}pushes:\n  hello:\n{entry}", 6, 6)
    assert found is not None
    assert found.startswith("When it is delivered.")


def test_a_code_explains_itself(tmp_path: Path) -> None:
    allow = "    allow: [{rule: PSH301, reason: agreed}]\n"
    for text in (f"{HEAD}pushes:\n  hello:\n{allow}{PUSH}",):
        found = shown(tmp_path, text, 6, 22)
        assert found is not None
        assert found.startswith("**PSH301** ")
        assert "*What to do:*" in found
    policy = f"{HEAD}policy: {{rules: {{PSH301: off}}}}\n"
    assert (shown(tmp_path, policy, 4, 20) or "").startswith("**PSH301** ")
    unknown = text.replace("PSH301", "PSH000")
    assert shown(tmp_path, unknown, 6, 22) is None


def test_a_field_says_what_it_means(tmp_path: Path) -> None:
    text = f"{HEAD}pushes:\n  hello:\n{PUSH}"
    found = shown(tmp_path, text, 8, 16)
    assert found == 'The title (Title).\n\n```yaml\ntitle: "8h flash sale"\n```'
