"""What the policy of a manifest and what was typed allow a plan together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pushctl.cli.planning.plan_options import PlanOptions
from pushctl.plan.guards.thresholds import Thresholds
from pushctl.plan.inputs import DiffOptions

if TYPE_CHECKING:
    from pushctl.manifest.schema.models import Manifest


def diff_options(manifest: Manifest, plan_options: PlanOptions) -> DiffOptions:
    """Return what a plan may do."""
    policy = manifest.policy
    return DiffOptions(
        moved={item.from_: item.to for item in manifest.moved},
        let_run=frozenset(item.id for item in manifest.removed if not item.cancel),
        danger_window=int(policy.danger_window),
        renew_before=int(policy.renew_before),
        now_or_never=plan_options.now_or_never,
        send_late=plan_options.send_late,
        allow_immediate=plan_options.allow_immediate or policy.allow_immediate,
    )


def thresholds(manifest: Manifest, plan_options: PlanOptions) -> Thresholds:
    """Return the thresholds in force: what was typed, and the policy."""
    policy = manifest.policy
    return Thresholds(
        max_cancels=plan_options.max_cancels,
        max_creates=plan_options.max_creates,
        max_audience=plan_options.max_audience,
        cancel_share=policy.max_cancels,
        creates=policy.max_creates,
        audience=policy.max_audience,
        audience_change=policy.max_audience_change,
        force=plan_options.force,
    )
