"""Who gets what, over all entries: people sorted by the entries that they get.

Most people are in the same audiences as many others, so that there are far fewer combinations of
entries than people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence

from msgspec import Struct

from pushctl.lint.check import LintTarget
from pushctl.text.quote import quoted


class Group(Struct):
    """People who get exactly some entries, by their numbers, rising.

    `one` is one of the people, `size` how many they are.
    """

    members: tuple[int, ...]
    one: str
    size: int = 0


def groups(subjects: Sequence[LintTarget]) -> Iterator[Group]:
    """Yield all groups. The same name means another person where it is another kind of target."""
    kinds: dict[str, list[int]] = defaultdict(list)
    for number, subject in enumerate(subjects):
        kinds[subject.push.dimension].append(number)
    for numbers in kinds.values():
        yield from _of_one_kind(subjects, numbers)


def _of_one_kind(subjects: Sequence[LintTarget], numbers: Iterable[int]) -> Iterator[Group]:
    sharing: dict[int, list[int]] = defaultdict(list)
    for number in numbers:
        sharing[id(subjects[number].push.targets)].append(number)  # one file is read once
    audiences = list(sharing.values())
    first: dict[str, int] = {}
    several: dict[str, list[int]] = {}
    for at, (number, *_) in enumerate(audiences):
        for target in subjects[number].push.targets:
            before = first.setdefault(target, at)
            if before != at:
                several.setdefault(target, [before]).append(at)
    found: dict[tuple[int, ...], Group] = {}
    for target, at in first.items():
        key = tuple(several[target]) if target in several else (at,)
        if key not in found:
            members = tuple(sorted(number for each in key for number in audiences[each]))
            found[key] = Group(members, target)
        found[key].size += 1
    yield from found.values()


class Met(Struct):
    """What some entries do to people: to how many, to whom for example, and when first."""

    one: str
    at: tuple[int, ...]
    people: int = 0


def whom(met: Met, label: Callable[[str], str], *, whole: bool) -> tuple[str, str]:
    """Return who they are, and a sentence that names one of them if they are several.

    `whole` tells that everybody was counted.
    """
    if met.people == 1 and whole:
        return quoted(label(met.one)), ""
    people = f"the same {met.people:,} people" if whole else f"{met.people:,} people or more"
    return people, f" One of them is {quoted(label(met.one))}."
