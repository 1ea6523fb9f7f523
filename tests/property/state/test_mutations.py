"""Whatever stands where a state or a saved plan is looked for: read, or refused with a sentence."""

from __future__ import annotations

import contextlib
import functools
import hashlib
import json
import os
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import strategies as st
from msgspec.structs import replace

from pushctl.cli.planning import saved_plan
from pushctl.cli.planning.plan_options import PlanOptions
from pushctl.errors import PushctlError, StalePlanError, StateError
from pushctl.plan.planner import Listing, make_plan
from pushctl.push.identity import canonical_json
from pushctl.render import json_output
from pushctl.state.codec import encode_state
from pushctl.state.file.store import FileStateStore
from pushctl.state.history import HistoryEntry, is_whole, newest
from pushctl.state.state import State
from tests.acceptance.recorded import STATES
from tests.builders import NOW, desired, plan_request, state
from tests.property.state import mutations
from tests.property.state.examples import SOME_OR_MANY, hold
from tests.unit.state.file.stores import began, killed

HISTORY = "pushctl.state.history"
Files = dict[str, bytes]
SERVICE = {"app": "A", "workspace": "w", "endpoint": "push.example.com"}


@functools.cache
def seeds() -> tuple[Files, ...]:
    """The files of every recorded state, and of one whose last command was killed."""
    found = [
        {path.name: path.read_bytes() for path in case.iterdir()}
        for case in sorted(STATES.glob("*/state"))
        if (case / "pushctl.state.json").exists()
    ]
    with tempfile.TemporaryDirectory() as folder:
        store = FileStateStore(Path(folder), app="app", workspace="workspace")
        with store.lock("apply") as lease:
            for id in "abc":
                lease.record(began(id))
            store.append_history(
                HistoryEntry(
                    what="apply",
                    exit=0,
                    pushes={"create": ("a", "b", "c")},
                    made=newest(lease.state),
                )
            )
        killed(Path(folder), "d", "e")
        found.append({path.name: path.read_bytes() for path in Path(folder).iterdir()})
    return tuple(found)


@contextlib.contextmanager
def folder_with(files: Files) -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as name:
        for file, content in files.items():
            (Path(name) / file).write_bytes(content)
        yield Path(name)


def telling(call: Callable[[], object]) -> None:
    """Do something that may be refused, with a sentence and a way out."""
    try:
        call()
    except StateError as error:
        if not (error.summary and error.detail and error.fix):
            raise AssertionError(f"no way out: {error!r}") from error
        if len(str(error)) > 1000:
            raise AssertionError("a sentence of more than 1,000 characters") from error


def use(folder: Path) -> None:
    """Do with the files of a state what the commands do, `state restore` last."""
    store = FileStateStore(folder)
    for call in (store.read, store.interrupted, store.recover, store.lock_info):
        telling(call)
    told = store.history()
    assert all(str(entry) and entry.is_about("a") in (True, False) for entry in told)
    is_whole(state(), told)
    telling(lambda: enter(store))
    telling(lambda: restore(store))


def enter(store: FileStateStore) -> None:
    with store.lock("test") as lease:
        canonical_json(encode_state(lease.state))


def restore(store: FileStateStore) -> None:
    """What is restored is read as what was said, whatever else lies there."""
    found = store.recover()
    if found is not None:
        made = store.overwrite("state restore", lambda: found.state)
        assert store.read() == made == replace(found.state, serial=made.serial)


@st.composite
def damaged(draw: st.DrawFn) -> Files:
    files = dict(draw(st.sampled_from(seeds())))
    for name in draw(st.lists(st.sampled_from(sorted(files)), min_size=1, max_size=2)):
        files[name] = draw(mutations.damaged(files[name]))
    return files


@st.composite
def reshaped(draw: st.DrawFn) -> Files:
    files = dict(draw(st.sampled_from(seeds())))
    names = sorted(name for name in files if files[name])
    for name in draw(st.lists(st.sampled_from(names), min_size=1, max_size=2, unique=True)):
        files[name] = draw(mutations.reshaped(name, files[name]))
    return files


def check_files(files: Files) -> None:
    with folder_with(files) as folder:
        use(folder)


@SOME_OR_MANY
def test_files_that_were_damaged(examples: int) -> None:
    hold(check_files, damaged(), examples)


@SOME_OR_MANY
def test_files_with_wrong_values_behind_right_checksums(examples: int) -> None:
    hold(check_files, reshaped(), examples)


def test_most_seeds_have_every_file() -> None:
    names = [name for files in seeds() for name in files]
    assert len(seeds()) > 30
    for part in (".state.json", ".journal", ".history"):
        assert any(name.endswith(part) for name in names), part


# --- saved plans ----------------------------------------------------------------------------------


@functools.cache
def plan_file() -> bytes:
    plan = make_plan(plan_request(desired()), state(), Listing((), NOW))
    shown = json_output.plan(plan, version="0")
    shown["time_zone_data"] = saved_plan.clocks(plan, NOW)
    document = saved_plan.sealed(shown, PlanOptions(target=("a",)), SERVICE)
    return json.dumps(document).encode()


def check_plan(raw: bytes) -> None:
    """Read a saved plan and compare it, as `apply PLANFILE` does."""
    plan = make_plan(plan_request(desired()), state(), Listing((), NOW))
    with folder_with({"p.json": raw}) as folder:
        try:
            read = saved_plan.read(folder / "p.json")
            saved_plan.check_service(read, SERVICE)
            saved_plan.check(read, plan, lineage="lineage", serial=1, overtaken_by="")
        except PushctlError as error:
            assert error.detail  # noqa: PT017  (any of many errors is right)
            assert error.fix  # noqa: PT017  (any of many errors is right)
            assert len(str(error)) < 1000  # noqa: PT017  (any of many errors is right)


@SOME_OR_MANY
def test_saved_plans_that_were_damaged(examples: int) -> None:
    hold(check_plan, mutations.damaged(plan_file()), examples)


@SOME_OR_MANY
def test_saved_plans_with_wrong_values_behind_a_right_seal(examples: int) -> None:
    hold(check_plan, mutations.reshaped_json(plan_file(), "seal"), examples)


@pytest.mark.parametrize("service", [None, [], {"app": 1}, {"app": "A", "workspace": None}])
def test_a_saved_plan_whose_service_is_no_text_is_refused(service: Any, tmp_path: Path) -> None:
    document = {**json.loads(plan_file()), "service": service}
    (tmp_path / "p.json").write_bytes(mutations.sealed(document, saved_plan.SEAL))
    with pytest.raises(PushctlError, match="cannot be used"):
        saved_plan.read(tmp_path / "p.json")


def test_a_saved_plan_for_a_service_with_other_parts_is_stale(tmp_path: Path) -> None:
    document = {**json.loads(plan_file()), "service": {**SERVICE, "shard": "x" * 100_000}}
    (tmp_path / "p.json").write_bytes(mutations.sealed(document, saved_plan.SEAL))
    with pytest.raises(StalePlanError, match="shard: recorded is x") as refused:
        saved_plan.check_service(saved_plan.read(tmp_path / "p.json"), SERVICE)
    assert len(str(refused.value)) < 1000


# --- what is no file ------------------------------------------------------------------------------


def linked(make: Callable[[Path], None]) -> Callable[[Path], None]:
    """Have a link lead to something in a folder of its own."""

    def link(path: Path) -> None:
        elsewhere = path.parent / "elsewhere"
        elsewhere.mkdir()
        make(elsewhere / path.name)
        path.symlink_to(elsewhere / path.name)

    return link


STANDS_THERE: dict[str, Callable[[Path], None]] = {
    "a folder": Path.mkdir,
    "a pipe": os.mkfifo,
    "a link to itself": lambda path: path.symlink_to(path.name),
    "a link to nowhere": lambda path: path.symlink_to("nowhere"),
    "a link to a folder": linked(Path.mkdir),
    "a link to a pipe": linked(os.mkfifo),
}


@pytest.fixture
def impatient() -> Iterator[None]:
    """Fail, rather than wait for a pipe for ever."""

    def late(*_: object) -> None:
        raise AssertionError("it waits")

    former = signal.signal(signal.SIGALRM, late)
    signal.alarm(20)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, former)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("make", STANDS_THERE.values(), ids=STANDS_THERE.keys())
@pytest.mark.parametrize(
    "part", ["json", "backup.json", "journal", "backup.journal", "history", "lock", "gate"]
)
def test_what_is_no_file_is_refused_and_never_waited_for(
    part: str, make: Callable[[Path], None], tmp_path: Path
) -> None:
    for name, content in seeds()[-1].items():
        (tmp_path / name).write_bytes(content)
    path = tmp_path / f"pushctl.state.{part}"
    path.unlink(missing_ok=True)
    make(path)
    use(tmp_path)
    store = FileStateStore(tmp_path)
    store.append_history(HistoryEntry(what="test"))
    telling(store.unlock)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("make", STANDS_THERE.values(), ids=STANDS_THERE.keys())
def test_a_saved_plan_that_is_no_file(make: Callable[[Path], None], tmp_path: Path) -> None:
    make(tmp_path / "p.json")
    with pytest.raises(PushctlError, match="cannot be used"):
        saved_plan.read(tmp_path / "p.json")


@pytest.mark.parametrize("name", ["journal", "backup.journal", "history", "json"])
def test_files_that_a_version_control_gave_other_ends_of_lines_are_read(
    name: str, tmp_path: Path
) -> None:
    for file, content in seeds()[-1].items():
        (tmp_path / file).write_bytes(content)
    store = FileStateStore(tmp_path)
    before, told = store.read(), store.history()
    path = tmp_path / f"pushctl.state.{name}"
    if path.exists():
        path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))
    assert (store.read(), store.history()) == (before, told)


def test_the_untouched_seeds_are_read() -> None:
    for files in seeds():
        with folder_with(files) as folder:
            assert isinstance(FileStateStore(folder).read(), State)
            shutil.rmtree(folder)
            folder.mkdir()


@pytest.mark.parametrize("depth", [50, 300, 600, 900, 950, 980, 990, 1000, 3000, 200_000])
def test_no_depth_is_too_deep_to_be_refused(depth: int, tmp_path: Path) -> None:
    """JSON that can be read is not always shallow enough to be written, hashed or shown."""
    deep = "[" * depth + "]" * depth
    for part in ("version", "sha256", "lineage", "pushes", "x"):
        path = tmp_path / "pushctl.state.json"
        path.write_text(f'{{"version": 1, "serial": 1, "sha256": "x", "{part}": {deep}}}')
        use(tmp_path)
        path.unlink()
        text = f'{{"lineage": "x", "serial": 0, "app": "a", "{part}": {deep}}}'.encode()
        checksum = hashlib.sha256(text).hexdigest()[:16].encode()
        (tmp_path / "pushctl.state.journal").write_bytes(checksum + b" " + text + b"\n")
        use(tmp_path)
        (tmp_path / "pushctl.state.journal").unlink()
        check_plan(f'{{"seal": "x", "format_version": "1.0", "{part}": {deep}}}'.encode())
        shutil.rmtree(tmp_path)
        tmp_path.mkdir()
