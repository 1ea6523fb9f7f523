"""The matrix as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.faults.cases import Verdict

HEAD = ("", "points", "modes", "cases", "duplicates", "losses", "other", "handed over", "seconds")


@dataclass
class Row:
    """One line: what was tried, and what came of it."""

    name: str
    points: int = 0
    modes: int = 0
    verdicts: list[Verdict] = field(default_factory=list)

    def cells(self) -> tuple[str, ...]:
        numbers = (
            *(self.points, self.modes, len(self.verdicts)),
            *(self.count("duplicate"), self.count("loss"), self.count("disagreement")),
            *(self.handed, round(sum(verdict.seconds for verdict in self.verdicts))),
        )
        return (self.name, *(str(number) if number else "-" for number in numbers))

    def count(self, kind: str) -> int:
        return sum(bool(verdict.count(kind)) for verdict in self.verdicts)

    @property
    def handed(self) -> int:
        return sum(verdict.handed for verdict in self.verdicts)


def table(rows: Sequence[Row]) -> str:
    """Lay rows out under their heading, with the totals below."""
    total = Row("all", sum(row.points for row in rows), max(row.modes for row in rows))
    total.verdicts = [verdict for row in rows for verdict in row.verdicts]
    lines = [HEAD, *(row.cells() for row in rows), total.cells()]
    widths = [max(len(line[column]) for line in lines) for column in range(len(HEAD))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        for line in lines
    )


def complaint(verdict: Verdict) -> str:
    """Say what is wrong with a case, and how to see it again."""
    what = "; ".join(str(violation) for violation in verdict.violations[:2]) or "left to a person"
    return f"{verdict.case}\n    {what}\n    python -m tests.faults --only '{verdict.case}'"
