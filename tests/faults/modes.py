"""Every way in which an effect can go wrong, by name."""

from __future__ import annotations

import errno
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from pushctl.sandbox.http.messages import DROPPED, Request, Response
from pushctl.state.chain.log import NotSent, PutOutcome, Unknown
from tests.faults import misbehaviour
from tests.faults.effects import Hit, system_error

if TYPE_CHECKING:
    from tests.faults.chain import ChainEngine
    from tests.faults.simulation import Simulation
    from tests.servers.proxy import Proxy

LATE = 20
"""Virtual seconds after which a late call arrives, and by which a list lags: below settle time."""

SECONDS_LATE = (0.1, 10, 29, 31, 45, 50, 59)
"""Virtual seconds after which a call may take effect, whatever its caller was told."""

LONGEST_LAG = 30
"""Virtual seconds by which a list may lag: the settle time."""

FROZEN = 120
"""Virtual seconds after which a lock is lost."""

PATIENCE = 15
"""Virtual seconds that the adapter waits for an answer."""

CALLS = {
    "create": "PushSimple",
    "cancel": "CancelPushScheduler",
    "list": "QueryPushSchedulerList",
    "revoke": "RevokePushMessage",
}
WRITES = frozenset(CALLS) - {"list"}

Fits = Callable[[str], bool]


@dataclass(frozen=True)
class Mode:
    """One way to go wrong. `strike` is called in the place of the effect, and returns its result.

    `power` tells that nothing which was not synced outlives it, `lags` that the service's list may
    show the past, `lasts` that it goes on until somebody ends it. `skew` is by how many seconds
    this machine's clock is ahead during the command. `harmless` tells that the command ends as if
    nothing had happened.
    """

    name: str
    fits: Fits
    strike: Callable[[Simulation, Hit], Any]
    power: bool = False
    lags: bool = False
    lasts: bool = False
    skew: float = 0.0
    harmless: bool = False


def any_effect(name: str) -> bool:
    return True


def entry(name: str) -> bool:
    """An entry of the chain that the state is in."""
    return name.startswith("put ")


def file_effect(name: str) -> bool:
    return name not in CALLS and not entry(name)


def file_write(name: str) -> bool:
    return name.startswith(("write ", "pwrite "))


def call(name: str) -> bool:
    return name in CALLS


def heard(name: str) -> bool:
    """Whatever is printed, one of these comes before it."""
    return name in CALLS or name == "flock lock"


def listing(name: str) -> bool:
    return name == "list"


def writing_call(name: str) -> bool:
    return name in WRITES


def harmless_if_late(name: str) -> bool:
    """Everything but a create: one that leaves after others have settled it can only be a double.

    No tool can know of it; this is why a lock is broken by hand only.
    """
    return name != "create"


# --- the process dies -----------------------------------------------------------------------------


def killed_before(system: Simulation, hit: Hit) -> None:
    hit.die()


def killed_after(system: Simulation, hit: Hit) -> None:
    hit.do()
    hit.die()


def killed_half_way(system: Simulation, hit: Hit) -> None:
    assert hit.half is not None
    hit.half()
    hit.die()


def killed_in_flight(system: Simulation, hit: Hit) -> None:
    """Killed while the call is under way; the service gets it later."""
    send = hit.send
    assert send is not None
    system.later(LATE, lambda: send(system.connections.plain))
    hit.die()


def killed_and_lagging(system: Simulation, hit: Hit) -> None:
    system.lag = LATE
    hit.do()
    hit.die()


# --- the disk fails -------------------------------------------------------------------------------

GROWING = frozenset(("open", "write", "pwrite", "mkdir", "replace", "rename"))
CHANGING = GROWING | {"unlink", "ftruncate"}


def spoil(hit: Hit, number: int, verbs: frozenset[str]) -> None:
    def check(name: str) -> None:
        if name.partition(" ")[0] in verbs:
            raise system_error(number)

    hit.effects.spoilt = check


def disk_full(system: Simulation, hit: Hit) -> Any:
    """A part still fits; from then on nothing does, until the process has ended."""
    spoil(hit, errno.ENOSPC, GROWING)
    if hit.half is not None:
        return hit.half()
    raise system_error(errno.ENOSPC)


def disk_full_once(system: Simulation, hit: Hit) -> Any:
    raise system_error(errno.ENOSPC)


def read_only(system: Simulation, hit: Hit) -> Any:
    spoil(hit, errno.EROFS, CHANGING)
    raise system_error(errno.EROFS)


def io_error(system: Simulation, hit: Hit) -> Any:
    raise system_error(errno.EIO)


def growing(name: str) -> bool:
    return name.partition(" ")[0] in GROWING | {"fsync"}


def changing(name: str) -> bool:
    return name.partition(" ")[0] in CHANGING


# --- the engine of the state fails ----------------------------------------------------------------


def entry_lost(system: Simulation, hit: Hit) -> PutOutcome:
    """It is stored, and nobody is told."""
    hit.do()
    return Unknown("lost")


def entry_not_stored(system: Simulation, hit: Hit) -> PutOutcome:
    return Unknown("lost")


def entry_stored_late(system: Simulation, hit: Hit) -> PutOutcome:
    system.later(LATE, hit.do)
    return Unknown("lost")


def entry_not_sent(system: Simulation, hit: Hit) -> PutOutcome:
    return NotSent("refused")


def engine_away(system: Simulation, hit: Hit) -> PutOutcome:
    """From now on it is out of reach, until the process has ended."""
    hit.effects.away = True
    return NotSent("out of reach")


def engine_away_after(system: Simulation, hit: Hit) -> PutOutcome:
    hit.do()
    hit.effects.away = True
    return Unknown("lost")


def killed_and_stored_late(system: Simulation, hit: Hit) -> None:
    """Killed while the entry is under way; the engine gets it later, if its place is still free."""
    system.later(LATE, hit.do)
    hit.die()


def frozen(system: Simulation, hit: Hit) -> Any:
    """Asleep for so long that somebody else takes the lock, and applies everything."""
    outcome = hit.do()
    system.advance(FROZEN)
    system.overtake()
    return outcome


def frozen_before(system: Simulation, hit: Hit) -> Any:
    system.advance(FROZEN)
    system.overtake()
    return hit.do()


# --- the way to the engine's server fails ---------------------------------------------------------


def reached(system: Simulation) -> tuple[ChainEngine, Proxy]:
    engine = system.engine
    assert engine is not None
    assert engine.place.wire is not None
    return engine, engine.place.wire


def cut_before_storing(system: Simulation, hit: Hit) -> PutOutcome:
    """The connection ends before the server has the entry."""
    engine, wire = reached(system)
    return cut(hit, wire.lose_requests, engine.place.put)


def cut_after_storing(system: Simulation, hit: Hit) -> PutOutcome:
    """The connection ends after the server has stored the entry."""
    engine, wire = reached(system)
    return cut(hit, wire.lose_answers, engine.place.put)


def cut(hit: Hit, lose: Callable[[int, bytes], None], put: bytes) -> PutOutcome:
    lose(1, put)
    outcome: PutOutcome = hit.do()
    lose(0, put)
    assert isinstance(outcome, Unknown), outcome
    return outcome


def server_down(system: Simulation, hit: Hit) -> PutOutcome:
    """From now on nothing reaches it, until the process has ended."""
    engine, wire = reached(system)
    wire.refuse()
    outcome: PutOutcome = hit.do()
    assert isinstance(outcome, NotSent | Unknown), outcome
    engine.orphaned = True
    return outcome


# --- somebody else --------------------------------------------------------------------------------


def overtaken(system: Simulation, hit: Hit) -> Any:
    """Somebody takes the lock away and applies everything; then this process goes on."""
    system.overtake()
    return hit.do()


def reader_gone(system: Simulation, hit: Hit) -> Any:
    """Nobody reads what the command prints any more, as after `| head`."""
    hit.effects.unheard = errno.EPIPE
    return hit.do()


# --- the service, as the network shows it ---------------------------------------------------------


def misbehaving(
    kind: str, *, effect: str | None = None, seconds: float | None = None, lasting: bool = False
) -> Callable[[Simulation, Hit], Any]:
    """Let the sandbox itself go wrong: the answer passes through the vendor's client and ours."""

    def strike(system: Simulation, hit: Hit) -> Any:
        rule: dict[str, Any] = {"op": "*" if lasting else CALLS[hit.name], "kind": kind}
        if effect is not None:
            rule["effect"] = effect
        if seconds is not None:
            rule["seconds"] = seconds
        if not lasting:
            rule["times"] = 1
        system.control.fault(rule)
        return hit.do()

    return strike


def refused_connection(system: Simulation, hit: Hit) -> Any:
    assert hit.send is not None
    return hit.send(system.connections.closed)


def refused_connections(system: Simulation, hit: Hit) -> Any:
    hit.effects.route = system.connections.closed
    return refused_connection(system, hit)


def answered_late(system: Simulation, hit: Hit) -> Any:
    """The service acts at once, and answers when nobody waits any more."""
    assert hit.send is not None
    system.control.fault({"op": CALLS[hit.name], "kind": "slow", "seconds": 5, "times": 1})
    answer = hit.send(system.connections.impatient)
    system.advance(PATIENCE)
    return answer


def acted_late(system: Simulation, hit: Hit) -> Any:
    """The service acts only after nobody waits any more."""
    send = hit.send
    assert send is not None
    system.later(LATE, lambda: send(system.connections.plain))
    answer = send(system.connections.silent)
    system.advance(PATIENCE)
    return answer


def lost_and_lagging(system: Simulation, hit: Hit) -> Any:
    system.lag = LATE
    return misbehaving("lost-response")(system, hit)


def lagging(system: Simulation, hit: Hit) -> Any:
    """From now on, whoever looks sees the service as it was a while ago."""
    system.lag = LATE
    return hit.do()


def timed_out(system: Simulation, hit: Hit) -> Any:
    """Nothing is heard of the call for as long as anybody waits."""
    answer = misbehaving("reset-before")(system, hit)
    system.advance(PATIENCE)
    return answer


SEEN: dict[str, Callable[[Simulation, Hit], Any]] = {
    "timed out": timed_out,
    "reset": misbehaving("reset-before"),
    "500": misbehaving("http-500", effect="none"),
    "killed": killed_before,
}


def late(seconds: float, seen: str, *, lags: bool = False) -> Mode:
    """Let a call take effect some seconds after its caller saw it fail."""

    def strike(system: Simulation, hit: Hit) -> Any:
        send = hit.send
        assert send is not None
        system.lag = LONGEST_LAG if lags else system.lag
        system.later(seconds, lambda: send(system.connections.plain))
        return SEEN[seen](system, hit)

    name = f"{seen}, done {seconds} s later{', list lags' if lags else ''}"
    return Mode(name, writing_call, strike, lags=lags)


def lists_like(name: str, looks: int | None = None) -> Mode:
    """Let the list be wrong from one look on, for some looks or until it is told to behave."""

    def strike(system: Simulation, hit: Hit) -> Any:
        system.service.list_like(misbehaviour.LISTS[name], looks=looks or misbehaviour.EVERYTHING)
        return hit.do()

    often = {None: "", 1: " once", 2: " twice"}[looks]
    return Mode(f"list {name}{often}", listing, strike, lasts=looks is None)


def lost_and_listed_like(name: str, seen: str) -> Mode:
    """Let a call be carried out and its answer be lost, and the list be wrong from then on."""

    def strike(system: Simulation, hit: Hit) -> Any:
        system.service.list_like(misbehaviour.LISTS[name])
        return LOST[seen](system, hit)

    return Mode(f"{seen}, list {name}", writing_call, strike, lasts=True)


LOST = {"response lost": misbehaving("lost-response"), "killed after": killed_after}


def answers_like(call: str, name: str, *, done: bool) -> Mode:
    """Let the service answer one call in a way that nobody has seen."""

    def strike(system: Simulation, hit: Hit) -> Any:
        edit = misbehaviour.ANSWERS[call][name]
        system.service.answer_next(CALLS[call], misbehaviour.answered(edit, done=done))
        return hit.do()

    what = "after acting" if done else "without acting"
    return Mode(f"{call} answered {name} {what}", lambda effect: effect == call, strike)


def stranger(after: float, *, ours: float | None = None) -> Callable[[Simulation, Hit], Any]:
    """Let somebody else make the like of a create, which itself arrives later or never.

    And something else beside it: of one task and nothing else, nobody could tell whose it is.
    """

    def strike(system: Simulation, hit: Hit) -> Any:
        def instead(request: Request, inner: misbehaviour.Application) -> Response:
            for changes in ({}, {"Title": "Else"}):
                system.later(after, partial(inner, misbehaviour.twin(request, **changes)))
            if ours is not None:
                system.later(ours, lambda: inner(request))
            return DROPPED

        system.service.answer_next(misbehaviour.CREATE, instead)
        answer = hit.do()
        system.advance(0)
        return answer

    return strike


CLOCKS = {
    "3 min ahead": 180.0, "3 min behind": -180.0, "2 h ahead": 7200.0, "2 h behind": -7200.0,
}  # fmt: skip


def clock_steps(skew: float, after: float) -> Callable[[Simulation, Hit], Any]:
    """Let this machine's clock jump when that much time has passed, while somebody waits."""

    def step(system: Simulation) -> None:
        system.skew = skew

    def strike(system: Simulation, hit: Hit) -> Any:
        system.later(after, lambda: step(system))
        system.advance(0)
        return hit.do() if hit.name == "list" else misbehaving("reset-before")(system, hit)

    return strike


def clocks(name: str, seconds: float) -> tuple[Mode, ...]:
    """Return what can go wrong while this machine's clock is wrong, or becomes wrong or right."""
    late_59 = late(59, "killed").strike
    return (
        Mode(f"killed before, clock {name}", writing_call, killed_before, skew=seconds),
        Mode(f"killed after, clock {name}", writing_call, killed_after, skew=seconds),
        Mode(f"killed, done 59 s later, clock {name}", writing_call, late_59, skew=seconds),
        Mode(f"response lost, clock {name}", writing_call, LOST["response lost"], skew=seconds),
        Mode(f"killed after, clock {name} for long", writing_call, killed_after, skew=seconds,
             lasts=True),
        Mode(f"clock {name} at once", call, clock_steps(seconds, 0), lasts=True),
        Mode(f"clock {name} during a wait", call, clock_steps(seconds, 3), lasts=True),
        Mode(f"clock {name}, and right again", writing_call, clock_steps(0, 3),
             skew=seconds),
    )  # fmt: skip


def blind(system: Simulation, hit: Hit) -> Any:
    """For a while the list is empty."""
    system.blind_until = system.now + LATE
    return hit.do()


KILLS = (
    Mode("killed before", any_effect, killed_before),
    Mode("killed after", any_effect, killed_after),
    Mode("killed half-way", file_write, killed_half_way),
    Mode("killed in flight", writing_call, killed_in_flight),
    Mode("killed after, list lags", writing_call, killed_and_lagging, lags=True),
    Mode("power cut", any_effect, killed_after, power=True),
)
DISK = (
    Mode("disk full", growing, disk_full),
    Mode("disk full once", growing, disk_full_once),
    Mode("read-only", changing, read_only),
    Mode("i/o error", file_effect, io_error),
    Mode("overtaken", harmless_if_late, overtaken),
    Mode("reader gone", heard, reader_gone, harmless=True),
)
ENGINE = (
    Mode("entry lost", entry, entry_lost),
    Mode("entry not stored", entry, entry_not_stored),
    Mode("entry stored late", entry, entry_stored_late),
    Mode("entry not sent", entry, entry_not_sent),
    Mode("engine away", entry, engine_away),
    Mode("engine away after storing", entry, engine_away_after),
    Mode("killed, entry stored late", entry, killed_and_stored_late),
    Mode("frozen before storing", entry, frozen_before),
    Mode("frozen after storing", entry, frozen),
)
WIRE = (
    Mode("cut before storing", entry, cut_before_storing),
    Mode("cut after storing", entry, cut_after_storing),
    Mode("server down", entry, server_down),
)
CONNECTION = (
    Mode("connection refused", call, refused_connection),
    Mode("connection refused for good", call, refused_connections),
    Mode("reset before", call, misbehaving("reset-before")),
    Mode("response lost", call, misbehaving("lost-response")),
    Mode("answered late", call, answered_late),
    Mode("acted late", writing_call, acted_late),
    Mode("response lost, list lags", writing_call, lost_and_lagging, lags=True),
)
ANSWERS = (
    Mode("500", call, misbehaving("http-500", effect="none")),
    Mode("500 after acting", writing_call, misbehaving("http-500", effect="done")),
    Mode("500 for good", call, misbehaving("http-500", effect="none", lasting=True)),
    Mode("500 for good, acting", writing_call,
         misbehaving("http-500", effect="done", lasting=True)),
    Mode("502 page", call, misbehaving("http-502-html", effect="none")),
    Mode("502 page after acting", writing_call, misbehaving("http-502-html", effect="done")),
    Mode("503", call, misbehaving("http-503", effect="none")),
    Mode("503 after acting", writing_call, misbehaving("http-503", effect="done")),
    Mode("throttled", call, misbehaving("throttle")),
    Mode("throttled for good", call, misbehaving("throttle", lasting=True)),
    Mode("throttled with a hint", call, misbehaving("throttle-hint", seconds=3)),
    Mode("throttled for good with a hint", call,
         misbehaving("throttle-hint", seconds=3, lasting=True)),
    Mode("truncated JSON", call, misbehaving("partial-json", effect="none")),
    Mode("truncated JSON after acting", writing_call, misbehaving("partial-json", effect="done")),
    Mode("cut off", call, misbehaving("cut-body", effect="none")),
    Mode("cut off after acting", writing_call, misbehaving("cut-body", effect="done")),
    Mode("8011", call, misbehaving("business-8011", effect="none")),
    Mode("9000", call, misbehaving("business-9000", effect="none")),
    Mode("9000 after acting", writing_call, misbehaving("business-9000", effect="done")),
    Mode("refused by code", call, misbehaving("business-3028", effect="none")),
    Mode("OK without Data", call, misbehaving("ok-no-data", effect="none")),
    Mode("OK without Data after acting", writing_call, misbehaving("ok-no-data", effect="done")),
    Mode("wrong types after acting", writing_call, misbehaving("wrong-types", effect="done")),
    Mode("redirected", call, misbehaving("redirect", effect="none")),
    Mode("credentials refused", call, misbehaving("auth-404")),
)  # fmt: skip
LISTS = (
    Mode("list lags", listing, lagging, lags=True),
    Mode("list empty once", listing, misbehaving("list-empty")),
    Mode("list empty for a while", listing, blind),
)
LATENESS = tuple(
    late(seconds, seen, lags=lags)
    for lags in (False, True)
    for seconds in SECONDS_LATE
    for seen in SEEN
)
UNSEEN = (
    *(lists_like(name) for name in misbehaviour.LISTS),
    *(lists_like(name, looks) for name in misbehaviour.SHORT for looks in (1, 2)),
    *(
        lost_and_listed_like(name, seen)
        for name in misbehaviour.LISTS
        if name not in misbehaviour.SHORT
        for seen in LOST
    ),
    *(
        answers_like(call, name, done=done)
        for call, answers in misbehaviour.ANSWERS.items()
        for name in answers
        for done in (True, False)
    ),
)
USUAL = {mode.name: mode for mode in (*KILLS, *DISK, *ENGINE, *CONNECTION, *ANSWERS, *LISTS)}
"""What is tried at every effect of every scenario."""

WRONG_CLOCKS = tuple(mode for name, seconds in CLOCKS.items() for mode in clocks(name, seconds))
UNUSUAL = {mode.name: mode for mode in (*LATENESS, *UNSEEN, *WRONG_CLOCKS)}
"""What a service does that is not as its pages say."""

ON_A_SERVER = {mode.name: mode for mode in WIRE}
"""What is tried at every entry, where the engine of the state is a server."""

MODES = USUAL | UNUSUAL | ON_A_SERVER

AT_ENTRIES = {mode.name for mode in (*KILLS[:2], *ENGINE, *WIRE)}
"""What is tried at every entry of every scenario, on every engine."""

BELIEVED = ("list empty", "list short", "list empty twice", "list short twice")
"""After a lost call these look as if it had never arrived, for as long as anybody looks."""
