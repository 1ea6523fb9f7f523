"""`${name}` in texts."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.unit.manifest.project import HEAD, PUSH, codes, project
from tests.unit.manifest.resolve.test_resolver import WEEKLY, clean


def test_variables_keep_their_type_alone_and_become_text_inside(tmp_path: Path) -> None:
    text = (
        HEAD
        + "vars: {brand: Acme, quiet: true, ttl: 90, zone: Asia/Tokyo, who: user7, share: 0.5}\n"
        + "defaults: {expires_after: '${ttl}'}\n"
        + "pushes:\n  a:\n"
        + '    schedule: {every: [mon], at: "20:00", timezone: "${zone}"}\n'
        + '    to: {users: ["${who}", "x-${who}"]}\n'
        + "    message:\n"
        + '      title: "${brand}: $${brand} ${quiet} ${ttl} ${ share }"\n'
        + "      body: $5 {x} $ {y}\n"
        + '      silent: "${quiet}"\n'
    )
    (push,) = clean(project(tmp_path, {"pushctl.yaml": text})).pushes
    assert push.entry.message.title == "Acme: ${brand} true 90 0.5"
    assert push.entry.message.body == "$5 {x} $ {y}"
    assert push.entry.message.silent is True
    assert push.entry.expires_after == 90
    assert push.entry.schedule.timezone == "Asia/Tokyo"
    assert push.targets == ("user7", "x-user7")


def test_variables_do_not_refer_to_variables(tmp_path: Path) -> None:
    text = (
        HEAD
        + 'vars: {a: "${b}", b: x}\npushes:\n  p:\n'
        + WEEKLY
        + '    message: {title: "${a}", body: "${b}"}\n'
    )
    (push,) = project(tmp_path, {"pushctl.yaml": text}).pushes
    assert push.entry.message.title == "${b}"


def test_a_few_lines_cannot_fill_the_memory(tmp_path: Path) -> None:
    text = (
        HEAD
        + f"vars: {{a: {'x' * 100_000}}}\npushes:\n  p:\n    for_each:\n"
        + "".join(f"      k{at}: 1\n" for at in range(1000))
        + WEEKLY
        + '    message: {title: t, body: "'
        + "${a}" * 1000
        + '"}\n'
    )
    assert codes(project(tmp_path, {"pushctl.yaml": text})) == ["PSH108"]


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("${each.value.title}", ["subtitel"]),
        ("${each.value.title} ${each.value.subtitel}", []),
        ("${each.key}", []),
    ],
)
def test_values_of_instances_that_nothing_refers_to(
    title: str, told: list[str], tmp_path: Path
) -> None:
    each = "      a: {title: A, subtitel: B}\n      b: {title: C, subtitel: D}\n"
    text = f"{HEAD}pushes:\n  hello:\n    for_each:\n{each}{WEEKLY}"
    text += f'    message: {{title: "{title}", body: B}}\n'
    found = project(tmp_path, {"pushctl.yaml": text}).diagnostics
    assert [item.detail for item in found] == [
        f"`{name}` stands in `for_each`, but nothing refers to it." for name in told
    ]
    assert [item.range.start.line for item in found if item.range] == [7] * len(told)


def test_a_misspelt_value_of_an_instance_is_told_once(tmp_path: Path) -> None:
    each = "      a: {title: A, body: B}\n"
    text = f"{HEAD}pushes:\n  hello:\n    for_each:\n{each}{WEEKLY}"
    text += '    message: {title: "${each.value.titel}", body: "${each.value.body}"}\n'
    found = project(tmp_path, {"pushctl.yaml": text}).diagnostics
    assert [item.fix for item in found] == ["did you mean ${each.value.title}?"]


@pytest.mark.parametrize(
    ("name", "guess"),
    [
        ("each.kye", "each.key"),
        ("each.valeu.title", "each.value.title"),
        ("each.value.tilte", "each.value.title"),
    ],
)
def test_each_is_spelled_out_in_full(name: str, guess: str, tmp_path: Path) -> None:
    push = PUSH.replace("Hello", f'"${{{name}}}"') + "    for_each: {x: {title: A}}\n"
    (found,) = project(tmp_path, {"pushctl.yaml": f"{HEAD}pushes:\n  a:\n{push}"}).diagnostics
    assert found.fix == f"did you mean ${{{guess}}}?"
