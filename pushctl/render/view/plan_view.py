"""What a plan amounts to, as values, so that the outputs cannot differ."""

from __future__ import annotations

from collections import defaultdict
from functools import cached_property

from msgspec import Struct

from pushctl.diagnostics import Diagnostic, Severity
from pushctl.plan.change import NoOp
from pushctl.plan.plan import Plan
from pushctl.render.view.change_view import ChangeView, change_view
from pushctl.render.view.irreversible import Irreversible, Tariff


class PlanView(Struct, frozen=True, dict=True):
    """A plan, its effective changes in the manifest's order, and what it cannot take back."""

    plan: Plan
    changes: tuple[ChangeView, ...]
    tariff: Tariff | None = None

    @cached_property
    def irreversible(self) -> tuple[Irreversible, ...]:
        """What nobody can take back, in the manifest's order."""
        return tuple(item for view in self.changes for item in view.irreversible)

    @cached_property
    def by_urgency(self) -> tuple[ChangeView, ...]:
        """The changes as a reviewer should meet them.

        First what cannot be taken back, then what is wrong, then the rest; of each the soonest.
        """
        return tuple(sorted(self.changes, key=_urgency))

    @cached_property
    def findings(self) -> tuple[Diagnostic, ...]:
        """The plan's findings, the worst first."""
        order = list(Severity)
        return tuple(sorted(self.plan.diagnostics, key=lambda item: order.index(item.severity)))

    @cached_property
    def errors(self) -> int:
        """How many of the findings are errors."""
        return sum(item.severity is Severity.ERROR for item in self.plan.diagnostics)

    @cached_property
    def refused(self) -> bool:
        """Whether apply would refuse the plan as it is."""
        return bool(self.errors or self.plan.stopping)

    def with_unchanged(self) -> tuple[ChangeView, ...]:
        """Return every change of the plan, in its order, the unchanged entries too."""
        effective = iter(self.changes)
        return tuple(
            change_view(item, self.plan) if isinstance(item, NoOp) else next(effective)
            for item in self.plan.changes
        )


def _urgency(view: ChangeView) -> tuple[bool, bool, bool, bool, int, str]:
    """Order changes; what cannot be taken back and has no date happens as soon as it is applied."""
    soonest, irreversible = view.soonest, bool(view.irreversible)
    return (
        not irreversible,
        not view.refused,
        not view.at_once,
        (soonest is None) is not irreversible,
        soonest or 0,
        view.id,
    )


def plan_view(plan: Plan, tariff: Tariff | None = None) -> PlanView:
    """Work out what a plan amounts to; `tariff` is what text messages cost, if anybody said so."""
    reach = {item.id: item for item in plan.reach}
    about: dict[str, list[Diagnostic]] = defaultdict(list)
    for item in plan.diagnostics:
        if item.push is not None:
            about[item.push].append(item)
    changes = (
        change_view(change, plan, reach.get(change.id), about.get(change.id, ()), tariff)
        for change in plan.effective
    )
    return PlanView(plan, tuple(changes), tariff)
