"""Which steps may come next, and with which values: a story that hypothesis makes up."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.faults.modes import MODES
from tests.stateful import script
from tests.stateful.model import Push, When, day_of, local
from tests.stateful.story import BACKUP, BESIDE, JOURNAL, PLAN, STATE, Faults, Story

IDS = ("a", "b", "c", "d", "e")
HOUR, A_DAY = 3600, 86_400
TEXTS = ("one", "one", "two", "three")
TIMES = ("09:30", "12:00", "12:00", "18:00")
SLOW = ("answered late",)
"""Modes that take seconds of real time."""

KINDS = (
    *(("PushSimple", kind, "") for kind in ("lost-response", "reset-before", "throttle")),
    *(("PushSimple", kind, "done") for kind in ("http-500", "partial-json", "ok-no-data")),
    *(("PushSimple", kind, "none") for kind in ("http-500", "business-9000", "business-3028")),
    ("CancelPushScheduler", "lost-response", ""),
    ("CancelPushScheduler", "business-9000", "none"),
    ("CancelPushScheduler", "http-503", "done"),
    ("QueryPushSchedulerList", "list-empty", ""),
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
    kills = [name for name in MODES if name.startswith(("killed", "power"))]
    others = [name for name in MODES if name not in SLOW]
    return st.one_of(
        st.sampled_from(kills), st.sampled_from(others), st.sampled_from([BESIDE, "overtaken"])
    )


def faults() -> st.SearchStrategy[Faults]:
    one = st.tuples(st.sampled_from(KINDS), st.integers(1, 3), st.integers(0, 3))
    flat = one.map(lambda drawn: (*drawn[0], drawn[1], drawn[2]))
    return st.lists(flat, min_size=1, max_size=2).map(tuple)


AT = st.integers(0, 60)


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

    # --- the manifest -------------------------------------------------------------------------

    @initialize(data=st.data())
    def begin(self, data: st.DataObject) -> None:
        for id in IDS[: data.draw(st.integers(1, 3))]:
            self._put(data, id)
        self.tell("apply")

    @precondition(lambda self: self.editable and self.free)
    @rule(data=st.data())
    def add(self, data: st.DataObject) -> None:
        self._put(data, data.draw(st.sampled_from(self.free)))

    def _put(self, data: st.DataObject, id: str) -> None:
        when, whom = data.draw(whens(self.story.now)), data.draw(people())
        text = data.draw(st.sampled_from(TEXTS))
        self.tell("put", id, when, whom, text)

    @precondition(lambda self: self.editable and self.ids)
    @rule(data=st.data())
    def edit(self, data: st.DataObject) -> None:
        id = data.draw(st.sampled_from(self.ids))
        push = self.story.pushes[id]
        what = data.draw(st.sampled_from(["when", "people", "text", "enabled", "protect"]))
        when, whom, text = push.when, push.people, push.text
        enabled, protect = push.enabled, push.protect
        match what:
            case "when":
                when = data.draw(whens(self.story.now))
            case "people":
                whom = data.draw(people())
            case "text":
                text = data.draw(st.sampled_from(TEXTS))
            case "enabled":
                enabled = not enabled
            case _:
                protect = not protect
        self._put_push(id, Push(when, whom, text, enabled, protect))

    def _put_push(self, id: str, push: Push) -> None:
        more = {"enabled": False} if not push.enabled else {}
        more |= {"protect": True} if push.protect else {}
        self.tell("put", id, push.when, push.people, push.text, **more)

    @precondition(lambda self: self.editable and len(self.ids) > 1)
    @rule(data=st.data())
    def remove(self, data: st.DataObject) -> None:
        self.tell("remove", data.draw(st.sampled_from(self.ids)))

    @precondition(lambda self: self.editable and self.ids and self.free)
    @rule(data=st.data())
    def rename(self, data: st.DataObject) -> None:
        moved = {after for _, after in self.story.moved}
        ids = [id for id in self.ids if id not in moved]
        if not ids:
            return
        before = data.draw(st.sampled_from(ids))
        self.tell("rename", before, data.draw(st.sampled_from(self.free)))

    # --- commands -----------------------------------------------------------------------------

    @precondition(lambda self: self.story.clean or not self.story.astray)
    @rule()
    def apply(self) -> None:
        self.tell("apply")

    @precondition(lambda self: self.story.clean or not self.story.astray)
    @rule(at=AT, mode=modes())
    def apply_badly(self, at: int, mode: str) -> None:
        self.tell("apply", at=at, mode=mode)

    @precondition(lambda self: self.story.clean or not self.story.astray)
    @rule(faults=faults())
    def apply_against_faults(self, faults: Faults) -> None:
        self.tell("apply", faults=faults)

    @rule()
    def plan(self) -> None:
        self.tell("plan")

    @precondition(lambda self: (self.story.place.folder / PLAN).exists())
    @precondition(lambda self: self.story.clean or not self.story.astray)
    @rule(at=AT, mode=st.one_of(st.just(""), modes()))
    def apply_plan(self, at: int, mode: str) -> None:
        self.tell("apply_plan", **({"at": at, "mode": mode} if mode else {}))

    @rule(data=st.data(), revoke=st.booleans(), mode=st.one_of(st.just(""), modes()))
    def stop(self, data: st.DataObject, revoke: bool, mode: str) -> None:
        ids = self.recorded()
        if ids:
            options: dict[str, Any] = {"revoke": True} if revoke else {}
            options |= {"at": data.draw(AT), "mode": mode} if mode else {}
            self.tell("stop", data.draw(st.sampled_from(ids)), **options)

    @precondition(lambda self: self.story.ledger.silent)
    @rule(data=st.data())
    def resume(self, data: st.DataObject) -> None:
        silent = self.story.ledger.silent
        ids = [id for id in self.recorded() if self.story.numbers[id] in silent]
        if ids:
            self.tell("resume", data.draw(st.sampled_from(ids)))

    # --- time, and the console ----------------------------------------------------------------

    @rule(seconds=st.sampled_from([5, 40, 700, HOUR, 5 * HOUR, A_DAY, 3 * A_DAY]))
    def advance(self, seconds: int) -> None:
        self.tell("advance", seconds)

    @rule(weeks=st.sampled_from([1, 3, 22]))
    def advance_weeks(self, weeks: int) -> None:
        self.tell("advance", weeks * 7 * A_DAY)

    @rule(before=st.sampled_from([2, 25, 45, 90, 620]))
    def advance_close_to_a_delivery(self, before: int) -> None:
        coming = [
            item["at_ms"] // 1000
            for task in self.story.people.waiting()
            for item in task["occurrences"]
            if item["status"] == "waiting"
        ]
        seconds = int(min(coming, default=0) - before - self.story.now)
        if seconds > 0:
            self.tell("advance", seconds)

    @rule(data=st.data())
    def cancel_by_hand(self, data: st.DataObject) -> None:
        waiting = len(self.story.people.waiting())
        if waiting:
            self.tell("cancel_by_hand", data.draw(st.integers(0, waiting - 1)))

    @precondition(lambda self: not self.story.astray and not self.story.place.under_way)
    @rule(data=st.data())
    def make_by_hand(self, data: st.DataObject) -> None:
        """Not while a call is in doubt: by the list, the two could not be told apart."""
        waiting = len(self.story.people.waiting())
        if waiting and not self.in_doubt():
            self.tell("make_by_hand", data.draw(st.integers(0, waiting - 1)))

    def in_doubt(self) -> bool:
        found = self.story.document("state", "show").get("pushes", {})
        phases = {task["phase"] for push in found.values() for task in push["tasks"]}
        return not found or not phases.isdisjoint({"creating", "cancelling"})

    # --- the files of the state ---------------------------------------------------------------

    @precondition(lambda self: self.story.copies and not self.story.astray)
    @rule()
    def lose(self) -> None:
        self.tell("lose")

    @precondition(lambda self: self.story.copies and not self.story.astray)
    @rule(data=st.data())
    def put_back(self, data: st.DataObject) -> None:
        self.tell("put_back", data.draw(st.integers(0, len(self.story.copies) - 1)))

    @precondition(lambda self: (self.story.place.folder / STATE).exists())
    @precondition(lambda self: (self.story.place.folder / BACKUP).exists())
    @precondition(lambda self: not self.story.broken)
    @rule()
    def delete_state(self) -> None:
        self.tell("delete_state")

    @precondition(lambda self: not self.story.broken)
    @rule(name=st.sampled_from([STATE, STATE, BACKUP, JOURNAL]), place=st.integers(0, 4000))
    def damage(self, name: str, place: int) -> None:
        path = self.story.place.folder / name
        if not path.exists():
            return
        data = path.read_bytes()
        if name == JOURNAL:  # a damaged last line is a torn one
            place %= max(1, data.rstrip(b"\n").rfind(b"\n"))
        if data:
            self.tell("damage", name, place % len(data))

    @precondition(lambda self: self.story.broken)
    @rule(at=AT, mode=st.one_of(st.just(""), modes()))
    def restore(self, at: int, mode: str) -> None:
        self.tell("restore", **({"at": at, "mode": mode} if mode else {}))

    @precondition(lambda self: self.story.astray)
    @rule(unsure=st.booleans(), at=AT, mode=st.one_of(st.just(""), modes()))
    def rebuild(self, unsure: bool, at: int, mode: str) -> None:
        self.tell("rebuild", unsure, **({"at": at, "mode": mode} if mode else {}))

    # --- people who do what they are told -----------------------------------------------------

    @precondition(lambda self: self.editable)
    @rule()
    def mend(self) -> None:
        self.tell("mend")

    @precondition(lambda self: not self.story.astray)
    @rule()
    def resolve(self) -> None:
        self.tell("resolve")

    @precondition(lambda self: self.story.place.lag)
    @rule()
    def calm(self) -> None:
        self.tell("calm")
