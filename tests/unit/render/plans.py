"""Plans for the tests of several outputs."""

from __future__ import annotations

from pushctl.plan.plan import Plan
from pushctl.plan.planner import make_plan
from pushctl.plan.reconcile.listing import Listing
from tests.builders import NOW, actual, daily, days, desired, plan_request, recorded, state, task

BODY = "全场六折，会员优先抢购，数量有限，先到先得。" * 6
WEEK = daily(first=days(1), last=days(7))


def edited() -> Plan:
    """A plan that changes one digit of a long text, cancels a push and makes another."""
    before = desired(content=f"{BODY}满299减50。{BODY}", body=f"{BODY}满299减50。{BODY}")
    after = desired(content=f"{BODY}满399减50。{BODY}", body=f"{BODY}满399减50。{BODY}")
    said = {"title": "Thank you", "body": "Your parcel leaves today."}
    gone = desired("a-cancelled-push-with-a-long-name", schedule=WEEK, message=said)
    new = desired("新春特惠", title="限时特惠" * 20, content=BODY)
    known = state({push.id: recorded(push, task(push)) for push in (before, gone)})
    listed = tuple(actual(item) for record in known.pushes.values() for item in record.live)
    return make_plan(plan_request(after, new), known, Listing(listed, NOW))
