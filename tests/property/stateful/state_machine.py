"""Which steps may come next, and with which values: a story that hypothesis makes up."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.faults.modes import BELIEVED, UNUSUAL, USUAL
from tests.property.stateful import script
from tests.property.stateful.model import When, day_of, local
from tests.property.stateful.project import BACKUP, JOURNAL, STATE, Faults
from tests.property.stateful.simulation import WITH_OTHERS
from tests.property.stateful.story import PLAN, Story

IDS = ("a", "b", "c", "d", "e")
HOUR, A_DAY = 3600, 86_400
TEXTS = ("one", "one", "two", "three")
TIMES = ("09:30", "12:00", "12:00", "18:00")
SLOW = ("answered late",)
"""Modes that take seconds of real time."""

BLIND = ("QueryPushSchedulerList", "list-empty", "")
"""Happens once at a time: two looks a settle time apart that agree are believed, by design."""

KINDS = (
    *(("PushSimple", kind, "") for kind in ("lost-response", "reset-before", "throttle")),
    *(("PushSimple", kind, "done") for kind in ("http-500", "partial-json", "ok-no-data")),
    *(("PushSimple", kind, "none") for kind in ("http-500", "business-9000", "business-3028")),
    ("CancelPushScheduler", "lost-response", ""),
    ("CancelPushScheduler", "reset-before", ""),
    ("CancelPushScheduler", "business-9000", "none"),
    ("CancelPushScheduler", "http-503", "done"),
    BLIND,
    ("QueryPushSchedulerList", "http-500", "none"),
    ("*", "reset-before", ""),
)


def whens(now: float) -> st.SearchStrategy[When]:
    """Draw a schedule: mostly in the next days, some of them at the same time."""
    hours = st.sampled_from([1, 5, 30, 30, 54, 200])
    noon = now - now % HOUR + HOUR
    once = hours.map(lambda ahead: ("once", local(noon + ahead * HOUR)))
    ends = st.sampled_from([2, 2, 5, 12]).map(lambda days: day_of(now + days * A_DAY).isoformat())
    days = st.sampled_from(["day", "day", "mon wed", "tue thu sat"])
    loop = st.tuples(days, st.sampled_from(TIMES), ends)
    evergreen = st.tuples(st.just("mon"), st.sampled_from(TIMES), st.just(""))
    return st.one_of(once, loop, evergreen)


def people() -> st.SearchStrategy[tuple[int, int]]:
    return st.tuples(st.integers(0, 2), st.sampled_from([1, 1, 2, 3, 9, 11, 12, 21]))


def modes() -> st.SearchStrategy[str]:
    kills = [name for name in USUAL if name.startswith(("killed", "power"))]
    others = [name for name in USUAL if name not in SLOW]
    return st.one_of(
        st.sampled_from(kills),
        st.sampled_from(others),
        st.sampled_from([*WITH_OTHERS, "overtaken"]),
        st.sampled_from([name for name in UNUSUAL if name not in BELIEVED]),
    )


def faults() -> st.SearchStrategy[Faults]:
    one = st.tuples(st.sampled_from(KINDS), st.integers(1, 3), st.integers(0, 3))
    flat = one.map(lambda drawn: (*drawn[0], 1 if drawn[0] == BLIND else drawn[1], drawn[2]))
    return st.lists(flat, min_size=1, max_size=2, unique_by=lambda fault: fault[:2]).map(tuple)


NOWHERE: dict[str, Any] = {}
CALLS = ("create", "create", "cancel", "list")


CLASSIC: tuple[dict[str, Any], ...] = (
    *(
        {"at": at, "on": on, "mode": f"{seen}, done {seconds} s later"}
        for on, at in (("create", 0), ("create", 1), ("cancel", 0))
        for seen, seconds in (("timed out", 31), ("reset", 45), ("500", 50), ("killed", 59))
    ),
    *(
        {"at": at, "on": "create", "mode": mode}
        for mode in ("killed in flight", "killed after, list lags", "response lost, list lags")
        for at in (0, 1)
    ),
    {"at": 0, "on": "create", "mode": "acted late"},
    {"at": 0, "on": "create", "mode": "killed after"},
    {"at": 0, "on": "cancel", "mode": "killed in flight"},
    {"at": 0, "on": "cancel", "mode": "killed after"},
    {"faults": (("PushSimple", "lost-response", "", 9, 0),)},
    {"faults": (("CancelPushScheduler", "reset-before", "", 9, 0),)},
    {"faults": (("CancelPushScheduler", "business-9000", "none", 1, 0),)},
    {"faults": (("QueryPushSchedulerList", "list-empty", "", 1, 0),)},
    {"at": 25, "mode": "overtaken"},
    {"at": 15, "mode": "power cut"},
)
"""The accidents that everybody has heard of."""


def slips() -> st.SearchStrategy[dict[str, Any]]:
    """Draw which effect of a command goes wrong, and how: mostly one of its calls."""
    anywhere = st.fixed_dictionaries({"at": st.integers(0, 60), "mode": modes()})
    call = {"at": st.integers(0, 2), "on": st.sampled_from(CALLS), "mode": modes()}
    return st.one_of(st.fixed_dictionaries(call), anywhere)


def misfortunes() -> st.SearchStrategy[dict[str, Any]]:
    """Draw what goes wrong during an apply."""
    several = faults().map(lambda drawn: {"faults": drawn})
    return st.one_of(st.sampled_from(CLASSIC), slips(), several)


def rarely(what: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of(st.just(NOWHERE), st.just(NOWHERE), what)


class Machine(RuleBasedStateMachine):
    """A story that makes itself up."""

    def __init__(self) -> None:
        super().__init__()
        self.story = Story().__enter__()
        self.failed = False

    def tell(self, name: str, *given: Any, **options: Any) -> None:
        """Tell one step; if it breaks a promise, add the script that tells all of it again."""
        try:
            getattr(self.story, name)(*given, **options)
        except Exception as error:
            self.failed = True
            text = script.text(self.story.calls, str(error))
            path = script.kept(text)
            error.add_note(f"This script does it again ({path}):\n\n{text}")
            raise

    def teardown(self) -> None:
        try:
            if not self.failed:
                self.tell("end")
        finally:
            self.story.__exit__()

    # --- what is known ------------------------------------------------------------------------

    @property
    def editable(self) -> bool:
        """Nobody edits a manifest whose state is lost, before that is put right."""
        return not self.story.astray

    @property
    def ids(self) -> list[str]:
        return list(self.story.pushes)

    @property
    def free(self) -> list[str]:
        taken = {before for before, _ in self.story.moved} | set(self.story.pushes)
        return [id for id in IDS if id not in taken]

    def recorded(self) -> list[str]:
        found = self.story.document("state", "show").get("pushes", {})
        return [id for id in found if id in self.story.numbers]

    # --- the manifest, and what makes it true ------------------------------------------------

    @initialize(data=st.data(), wrong=misfortunes())
    def begin(self, data: st.DataObject, wrong: dict[str, Any]) -> None:
        for id in IDS[: data.draw(st.integers(1, 3))]:
            self._add(data, id)
        self.tell("apply", **wrong)

    @precondition(lambda self: self.editable)
    @rule(data=st.data())
    def edit(self, data: st.DataObject) -> None:
        self._edit(data)

    @precondition(lambda self: self.editable)
    @rule(data=st.data(), wrong=misfortunes())
    def edit_and_apply_badly(self, data: st.DataObject, wrong: dict[str, Any]) -> None:
        for _ in range(data.draw(st.integers(1, 2))):
            self._edit(data)
        self.tell("apply", **wrong)

    @precondition(lambda self: self.editable)
    @rule(data=st.data(), wrong=rarely(misfortunes()))
    def edit_and_apply(self, data: st.DataObject, wrong: dict[str, Any]) -> None:
        self._edit(data)
        self.tell("apply", **wrong)

    @precondition(lambda self: self.story.clean or not self.story.astray)
    @rule(wrong=rarely(misfortunes()))
    def apply(self, wrong: dict[str, Any]) -> None:
        """Believe the list when the state is lost: nothing else tells what there is already."""
        lies = "list" in repr(wrong) and self.story.astray
        self.tell("apply", **(NOWHERE if lies else wrong))

    def _edit(self, data: st.DataObject) -> None:
        # What is about to be renamed is left alone: what its ids mean depends on who applies when.
        moved = {after for _, after in self.story.moved}
        settled = [id for id in self.ids if id not in moved]
        unused = [id for id in self.free if id not in self.recorded()]
        can = ["add"] if self.free else []
        can += ["change", "change", "change"] if self.ids else []
        can += ["remove"] if settled and len(self.ids) > 1 else []
        can += ["rename"] if settled and unused else []
        can += ["show"]
        match data.draw(st.sampled_from(can)):
            case "add":
                self._add(data, data.draw(st.sampled_from(self.free)))
            case "change":
                self._change(data, data.draw(st.sampled_from(self.ids)))
            case "show":
                self.tell("show_targets", not self.story.hashed)
            case "remove":
                self.tell("remove", data.draw(st.sampled_from(settled)))
            case _:
                before = data.draw(st.sampled_from(settled))
                self.tell("rename", before, data.draw(st.sampled_from(unused)))

    def _add(self, data: st.DataObject, id: str) -> None:
        when, whom = data.draw(whens(self.story.now)), data.draw(people())
        self.tell("put", id, when, whom, data.draw(st.sampled_from(TEXTS)))

    def _change(self, data: st.DataObject, id: str) -> None:
        push = self.story.pushes[id]
        match data.draw(st.sampled_from(["text", "when", "people", "enabled", "protect"])):
            case "text":
                push = replace(push, text=data.draw(st.sampled_from(TEXTS)))
            case "when":
                push = replace(push, when=data.draw(whens(self.story.now)))
            case "people":
                push = replace(push, people=data.draw(people()))
            case "enabled":
                push = replace(push, enabled=not push.enabled)
            case _:
                push = replace(push, protect=not push.protect)
        more = {"enabled": False} if not push.enabled else {}
        more |= {"protect": True} if push.protect else {}
        self.tell("put", id, push.when, push.people, push.text, **more)

    @precondition(lambda self: self.story.clean or not self.story.astray)
    @rule(data=st.data(), wrong=rarely(slips()))
    def plan_or_apply_plan(self, data: st.DataObject, wrong: dict[str, Any]) -> None:
        saved = (self.story.system.folder / PLAN).exists()
        if saved and data.draw(st.booleans()):
            self.tell("apply_plan", **(NOWHERE if self.story.astray else wrong))
        else:
            self.tell("plan")

    @rule(data=st.data(), revoke=st.booleans(), wrong=rarely(slips()))
    def stop(self, data: st.DataObject, revoke: bool, wrong: dict[str, Any]) -> None:
        ids = self.recorded()
        if ids:
            options = {"revoke": True} if revoke else {}
            lies = "list" in repr(wrong) and self.story.astray
            wrong = NOWHERE if lies else wrong
            self.tell("stop", data.draw(st.sampled_from(ids)), **options, **wrong)

    @precondition(lambda self: self.story.ledger.silent)
    @rule(data=st.data())
    def resume(self, data: st.DataObject) -> None:
        silent = self.story.ledger.silent
        ids = [id for id in self.recorded() if self.story.numbers[id] in silent]
        if ids:
            self.tell("resume", data.draw(st.sampled_from(ids)))

    # --- time, and the console ----------------------------------------------------------------

    @rule(seconds=st.sampled_from([5, 40, 700, HOUR, 5 * HOUR, A_DAY, 3 * A_DAY, 22 * 7 * A_DAY]))
    def advance(self, seconds: int) -> None:
        self.tell("advance", seconds)

    @rule(before=st.sampled_from([2, 25, 45, 90, 620]))
    def advance_close_to_a_delivery(self, before: int) -> None:
        coming = [
            item["at_ms"] // 1000
            for task in self.story.operators.waiting()
            for item in task["occurrences"]
            if item["status"] == "waiting"
        ]
        seconds = int(min(coming, default=0) - before - self.story.now)
        if seconds > 0:
            self.tell("advance", seconds)

    @rule(data=st.data())
    def work_by_hand(self, data: st.DataObject) -> None:
        """Make no look-alike while a call is in doubt: by the list, the two are one."""
        waiting = len(self.story.operators.at_hand())
        if waiting:
            lost = self.story.astray or self.story.system.under_way or self.in_doubt()
            what = "cancel_by_hand" if lost or data.draw(st.booleans()) else "make_by_hand"
            self.tell(what, data.draw(st.integers(0, waiting - 1)))

    def in_doubt(self) -> bool:
        found = self.story.document("state", "show").get("pushes", {})
        phases = {task["phase"] for push in found.values() for task in push["tasks"]}
        return not found or not phases.isdisjoint({"creating", "cancelling"})

    # --- the files of the state ---------------------------------------------------------------

    @precondition(lambda self: not self.story.astray and not self.story.broken)
    @rule(data=st.data())
    def lose_something(self, data: st.DataObject) -> None:
        folder = self.story.system.folder
        can = ["damage"] if (folder / STATE).exists() else []
        can += ["delete_state"] if can and (folder / BACKUP).exists() else []
        # Whoever rebuilds a state takes the manifest that was applied last, from version control.
        can += ["lose", "put_back"] if self.story.copies and self.story.clean else []
        match data.draw(st.sampled_from(can or [""])):
            case "damage":
                self._damage(data)
            case "put_back":
                self.tell("put_back", data.draw(st.integers(0, len(self.story.copies) - 1)))
            case "":
                return
            case what:
                self.tell(what)

    def _damage(self, data: st.DataObject) -> None:
        folder = self.story.system.folder
        names = [name for name in (STATE, BACKUP, JOURNAL) if (folder / name).exists()]
        name = data.draw(st.sampled_from(names))
        content = (folder / name).read_bytes()
        size = len(content)
        if name == JOURNAL:  # a damaged last line is a torn one
            size = content.rstrip(b"\n").rfind(b"\n")
        if size > 0:
            self.tell("damage", name, data.draw(st.integers(0, size - 1)))

    @precondition(lambda self: self.story.broken or self.story.astray)
    @rule(unsure=st.booleans(), wrong=rarely(slips()))
    def bring_back(self, unsure: bool, wrong: dict[str, Any]) -> None:
        if self.story.broken:
            self.tell("restore", **wrong)
        else:
            lies = "list" in repr(wrong)
            self.tell("rebuild", unsure, **(NOWHERE if lies else wrong))

    # --- people who do what they are told -----------------------------------------------------

    @precondition(lambda self: not self.story.astray)
    @rule(what=st.sampled_from(["mend", "resolve", "calm"]))
    def do_as_told(self, what: str) -> None:
        self.tell(what)
