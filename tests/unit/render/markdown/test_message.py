"""What each phone makes of a message is told, those that do the same together."""

from __future__ import annotations

from pushctl.render.markdown.message import message
from tests.builders import desired


def rows(title: str, content: str) -> dict[str, str]:
    push = desired(title=title, content=content)
    table = "\n\n".join(message(push)).partition("| --- | --- |\n")[2]
    cells = (line.strip("| ").split(" | ", 1) for line in table.splitlines())
    return dict(cells)


def test_phones_that_show_all_of_it_share_a_row() -> None:
    (shown,) = rows("Sale", "Tonight").values()
    assert shown == "all of it"


def test_what_a_vendor_rejects_is_said_to_arrive_nowhere() -> None:
    found = rows("限" * 22, "Tonight")
    (rejected,) = [shown for names, shown in found.items() if "vivo" in names]
    assert rejected.startswith("**nothing**, it is rejected: the title is 44 of 40 long")


def test_what_the_screen_cuts_ends_with_a_mark() -> None:
    found = rows("Sale", "Up to sixty percent off, members first. " * 4)
    cut = [shown for shown in found.values() if "…" in shown]
    assert cut
    assert all(shown.startswith("Sale · Up to sixty percent off") for shown in cut)


def test_a_text_cannot_leave_its_cell() -> None:
    found = rows("a | b", "c \\| d | e" * 20)
    assert found
    assert all(
        "\n" not in shown and " | " not in shown.replace("\\|", "") for shown in found.values()
    )
