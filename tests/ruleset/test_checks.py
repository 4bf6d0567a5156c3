# ruff: noqa: E501  the messages are tables, a line each
from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from triage_triggers.documents.catalogue import shipped_folder
from triage_triggers.errors import RulesetError
from triage_triggers.ruleset.loading import load_ruleset

if TYPE_CHECKING:
    from pathlib import Path

TEXT = """format: 1
id: demo
version: 1.0.0
title: Demo
language: en
status: draft
code_system: nhs-arp
rules:
  - {id: demo.knife, theme: weapon, phrases: [got a knife]}
  - {id: demo.gun, theme: weapon, phrases: [got a gun]}
  - {id: demo.fear, theme: fear, phrases: [scared]}
signs:
  - id: p
    reason: r
    find: fear
"""
TALLY = "tally:\n  look_again: 2\n  flag: 3\n  lines:\n    - {id: t, find: weapon, points: 3, reason: r}\n"


def faults_of(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "f.yaml"
    path.write_text(text, encoding="utf-8")
    try:
        load_ruleset(path)
    except RulesetError as error:
        return [str(fault).removeprefix(f"{path}:") for fault in error.faults]
    return []


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("    with: [demo.knife, weapon]\n    at_least: 1\n", []),
        ("    with: wepon\n", ["16:11: p: there is no rule and no theme 'wepon'; did you mean weapon?"]),
        ("    with: [fear, demo.knive, x]\n", [
            "16:18: p: there is no rule and no theme 'demo.knive'; did you mean demo.knife or demo.gun or demo.fear?",
            "16:30: p: there is no rule and no theme 'x'; known: demo.fear, demo.gun, demo.knife, fear, weapon"]),
        ("    at_least: 2\n", ["16:15: p: at least 2 rules are asked for, but 'find' names 1, so this never holds"]),
        ("  - {id: p, find: fear, reason: s}\n", ["16:5: p: the sign 'p' is defined twice; the other is at f.yaml:13:5"]),
        ("  - {id: tally, find: fear, reason: s}\n", ["16:10: tally: no sign can be called 'tally', which has a meaning of its own"]),
        ("  - {id: q, find: feer, raeson: s}\n", [
            "16:5: q: 'reason' is missing",
            "16:19: q: there is no rule and no theme 'feer'; did you mean fear?",
            "16:25: q: unknown key 'raeson'; did you mean reason?"]),
        (TALLY, []),
        (TALLY.replace("flag: 3", "flag: 4"), ["18:9: all lines together come to 3 points, so the tally never reaches 4"]),
        (TALLY.replace("look_again: 2", "look_again: 4"), ["17:15: 'look_again' is 4, more than 'flag', which is 3"]),
        (TALLY.replace("  look_again: 2\n", ""), ["17:3: 'look_again' is missing"]),
        (TALLY.replace("points: 3, ", ""), ["20:7: t: 'points' is missing"]),
        (TALLY.replace("points: 3", "points: 0"), ["20:37: t: 'points' must not be 0, which changes nothing"]),
        (TALLY.replace("points: 3", "points: 10"), ["20:37: t: 'points' must be at most 9"]),
        (TALLY.replace("find: weapon", "find: wepon"), ["20:21: t: there is no rule and no theme 'wepon'; did you mean weapon?"]),
        (TALLY + TALLY.splitlines()[-1], ["21:7: t: the tally line 't' is defined twice; the other is at f.yaml:20:7"]),
        (TALLY + "".join(f"    - {{id: t{n}, find: weapon, points: 1, reason: r}}\n" for n in range(20)), [
            "20:5: 'lines' has more than 20 items", "17:3: the tally has 21 lines; the most is 20"]),
        ("then:\n  - {id: a, if: [p, tally], reason: r}\n", ["17:21: a: there is no sign 'tally'; known: any_sign, p"]),
        ("then:\n  - {id: a, if: any_sign, suggest: C2, find: [wepon], reason: r}\n", [
            "17:47: a: there is no rule and no theme 'wepon'; did you mean weapon?"]),
        ("then:\n  - {id: a, find: weapon, suggest: C2, reason: r}\n", [
            "17:36: a: without 'if' a line only advises; name the signs that this code follows from"]),
        ("then:\n  - {id: a, advice: [scene_safety], reason: r}\n", ["17:5: a: it needs 'if' or 'find'"]),
        ("then:\n  - {id: a, if: q, sugest: C2, reason: r}\n", [
            "17:17: a: there is no sign 'q'; known: any_sign, p", "17:20: a: unknown key 'sugest'; did you mean suggest or sources?"]),
    ],
)  # fmt: skip
def test_each_fault_between_the_parts(tmp_path: Path, text: str, faults: list[str]) -> None:
    found = faults_of(tmp_path, TEXT + text)
    assert sorted(fault.replace(f"{tmp_path}/", "") for fault in found) == sorted(faults)


def test_a_name_that_is_a_rule_and_a_theme_is_a_fault(tmp_path: Path) -> None:
    (fault,) = faults_of(tmp_path, TEXT.replace("demo.fear", "fear"))
    assert fault == "15:11: p: 'fear' is a rule and a theme as well; rename one of the two"


def test_any_sign_needs_a_sign(tmp_path: Path) -> None:
    text = TEXT.partition("signs:")[0] + "then:\n  - {id: a, if: any_sign, reason: r}\n"
    assert faults_of(tmp_path, text) == ["13:17: a: there is no sign 'any_sign'; known: none"]


@pytest.mark.parametrize(
    ("system", "code", "fault"),
    [
        ("nhs-arp", "C2", None),
        ("nhs-arp", "cat 2", None),
        ("nhs-arp", "2C", "18:14: a: '2C' is no code of nhs-arp that can be suggested; known: C1, C2, C3, C4"),
        ("nhs-arp", "C5", "18:14: a: 'C5' is no code of nhs-arp that can be suggested; did you mean C4 or C3 or C2?"),
        ("our-own", "whatever", None),
    ],
)
def test_codes_are_checked_where_the_ladder_is_known(tmp_path: Path, system: str, code: str, fault: str | None) -> None:
    text = f"{TEXT.replace('nhs-arp', system)}then:\n  - {{id: a, if: p, reason: r,\n    suggest: {code}}}\n"
    found = faults_of(tmp_path, text)
    assert [entry.split("; ")[0] for entry in found] == ([fault.split("; ")[0]] if fault else [])


def test_a_ladder_with_faults_is_not_the_fault_of_the_ruleset(tmp_path: Path) -> None:
    (tmp_path / "our-own.yaml").write_text("format: 2", encoding="utf-8")
    path = tmp_path / "f.yaml"
    text = f"{TEXT.replace('nhs-arp', 'our-own')}then: [{{id: a, if: p, suggest: X, reason: r}}]\n"
    path.write_text(text, encoding="utf-8")
    assert load_ruleset(path, search=[tmp_path]).code_system == "our-own"


def test_ladders_too_are_looked_for_in_the_search_folders(tmp_path: Path) -> None:
    shipped = (shipped_folder() / "codes" / "scotland.yaml").read_text(encoding="utf-8")
    ladder = shipped.replace("id: scotland", "id: ours")
    (tmp_path / "ours.yaml").write_text(ladder, encoding="utf-8")
    path = tmp_path / "f.yaml"
    text = f"{TEXT.replace('nhs-arp', 'ours')}then: [{{id: a, if: p, suggest: B, reason: r}}]\n"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RulesetError, match="'B' is no code of ours"):
        load_ruleset(path, search=[tmp_path])
