"""The HTML section with the exact calls of an apply; message keys are masked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence

from pushctl.mpaas.encode import shared_parameters, task_parameters
from pushctl.plan.change import creates_of
from pushctl.plan.plan import Plan
from pushctl.push.push import Parameter, Push
from pushctl.push.task import NewTask
from pushctl.render.html.markup import Html, join, left_out, tag, user_text, wide
from pushctl.render.view.change_view import ChangeView
from pushctl.text.messages import _, count

ENTRIES = 200
TASKS = 30


def section(plan: Plan, views: Sequence[ChangeView]) -> Html:
    """Show PushSimple's parameters for every task that would be created."""
    creating = [view for view in views if creates_of(view.change)]
    if not creating:
        return tag("p", _("No task would be created."), class_="lead")
    return join(
        tag(
            "p",
            _(
                "PushSimple is called once for each task, with AppId and WorkspaceId beside what "
                "is shown. Only the beginning of a message key is shown."
            ),
            class_="lead",
        ),
        *(_entry(view, plan) for view in creating[:ENTRIES]),
        left_out(
            len(creating) - ENTRIES,
            "more push that is not shown.",
            "more pushes that are not shown.",
        ),
    )


def _entry(view: ChangeView, plan: Plan) -> Html:
    push, tasks = view.push, creates_of(view.change)
    assert push is not None
    return tag(
        "details",
        tag("summary", user_text(view.id), f" · {count(len(tasks), 'call')}"),
        wide(
            _table(_("In every call"), shared_parameters(push).items()),
            _("Parameters of {id}", view.id),
        ),
        *(_task(number, push, task, plan) for number, task in enumerate(tasks[:TASKS], 1)),
        left_out(
            len(tasks) - TASKS, "more call that is not shown.", "more calls that are not shown."
        ),
        class_="request",
    )


def _task(number: int, push: Push, task: NewTask, plan: Plan) -> Html:
    own = task_parameters(task, zone=plan.service_zone, targets=masked(task))
    name = _("Call {number}, for {targets}", number, count(len(task.message_keys), "target"))
    return wide(_table(name, own.items()), f"{push.id}: {name}")


def masked(task: NewTask) -> str:
    """Write who gets it with only the beginning of each message key; targets as in the state."""
    keys = {task.labels[target]: f"{key[:4]}…" for target, key in task.message_keys.items()}
    return json.dumps(keys, ensure_ascii=False, sort_keys=True)


def _table(name: str, rows: Iterable[tuple[str, Parameter]]) -> Html:
    lines = (
        tag("tr", tag("th", tag("code", key), scope="row"), tag("td", user_text(str(value))))
        for key, value in rows
    )
    return tag("table", tag("caption", name), tag("tbody", *lines), class_="parameters")
