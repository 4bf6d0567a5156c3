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
policy:
  - id: p
    reason: r
"""


def faults_of(tmp_path: Path, text: str) -> list[str]:
    path = tmp_path / "f.yaml"
    path.write_text(text, encoding="utf-8")
    try:
        load_ruleset(path)
    except RulesetError as error:
        return [str(fault).removeprefix(f"{path}:") for fault in error.faults]
    return []


@pytest.mark.parametrize(
    "when",
    [
        "{theme: weapon}",
        "{theme: weapon, at_least: 2}",
        "{theme: [weapon, fear], at_least: 3}",
        "{rule: [demo.knife, demo.gun], at_least: 2}",
        "{any: [{theme: fear}, {theme: weapon}], at_least: 2}",
        "{all: [{theme: fear}, {not: {theme: weapon}}]}",
        "{not: {not: {theme: weapon}}}",
        "{not: {any: [{not: {theme: weapon}}, {theme: fear}]}}",
        "{any: [{not: {theme: weapon}}, {theme: fear}], at_least: 2}",
    ],
)
def test_conditions_that_some_calls_meet(tmp_path: Path, when: str) -> None:
    assert faults_of(tmp_path, f"{TEXT}    when: {when}\n") == []


NOTHING = "15:11: p: this condition holds for a call in which nothing was found; ask for at least one theme or rule"


@pytest.mark.parametrize(
    ("when", "faults"),
    [
        ("{theme: wepon}", ["15:19: p: no rule has the theme 'wepon'; did you mean weapon?"]),
        ("{theme: [fear, feer]}", ["15:26: p: no rule has the theme 'feer'; did you mean fear?"]),
        ("{rule: demo.knive}", ["15:18: p: there is no rule 'demo.knive'; did you mean demo.knife or demo.gun or demo.fear?"]),
        ("{not: {all: [{theme: fear}, {any: [{rule: [x]}, {theme: y}]}]}}", [
            "15:54: p: there is no rule 'x'; known: demo.fear, demo.gun, demo.knife",
            "15:67: p: no rule has the theme 'y'; known: fear, weapon", NOTHING]),
        ("{theme: weapon, at_least: 3}", [
            "15:37: p: at least 3 are asked for, but only 2 rules have these themes, so this never holds"]),
        ("{rule: [demo.gun, demo.gun], at_least: 2}", [
            "15:50: p: at least 2 are asked for, but only 1 rules are named, so this never holds"]),
        ("{any: [{theme: fear}], at_least: 2}", [
            "15:44: p: at least 2 are asked for, but only 1 conditions are listed, so this never holds"]),
        ("{not: {theme: fear}}", [NOTHING]),
        ("{all: [{not: {theme: fear}}, {not: {theme: weapon}}]}", [NOTHING]),
        ("{any: [{not: {theme: fear}}, {theme: weapon}]}", [NOTHING]),
    ],
)  # fmt: skip
def test_conditions_that_are_mistaken(tmp_path: Path, when: str, faults: list[str]) -> None:
    assert sorted(faults_of(tmp_path, f"{TEXT}    when: {when}\n")) == sorted(faults)


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("conditions: {a: {theme: weapon}}\ngates: [{id: g, themes: [fear], when: {is: a}, reason: r}]", []),
        ("gates: [{id: g, reason: r}]", []),
        ("conditions: {a: {not: {theme: fear}}}", []),
        ("conditions: {a: {theme: wepon}}", ["12:25: no rule has the theme 'wepon'; did you mean weapon?"]),
        ("conditions: {a: {any: [{is: b}, {theme: fear}]}}", ["12:29: there is no condition 'b'; known: a"]),
        ("conditions: {a: {is: a}}", ["12:22: the condition 'a' leads back to itself, or to what is not there"]),
        ("conditions: {a: {is: b}, b: {is: x}}", [
            "12:22: the condition 'b' leads back to itself, or to what is not there",
            "12:34: there is no condition 'x'; known: a, b"]),
        ("conditions: {a: {theme: 1x}}", ["12:25: 'theme' must be small letters, digits, '_' and '-' only, starting with a letter (at most 64); not '1x'"]),
        ("conditions: [a]", ["12:13: 'conditions' must be a group of keys, not a list"]),
        ("gates: [{id: g, themes: [wepon], rules: [demo.knif], except_rules: [x], reason: r}]", [
            "12:26: g: no rule has the theme 'wepon'; did you mean weapon?",
            "12:42: g: there is no rule 'demo.knif'; did you mean demo.knife or demo.gun or demo.fear?",
            "12:69: g: there is no rule 'x'; known: demo.fear, demo.gun, demo.knife"]),
        ("gates: [{id: g, when: {is: b}, reason: r}]", ["12:28: g: there is no condition 'b'; known: none"]),
        ("gates: [{id: g, when: {rule: x}, reason: r}, {id: g, reason: r}]", [
            "12:30: g: there is no rule 'x'; known: demo.fear, demo.gun, demo.knife",
            "12:46: g: the gate 'g' is defined twice; the other is at f.yaml:12:9"]),
        ("gates: [{id: g, when: {not: {theme: fear}}, reason: r}]", [NOTHING.replace("15:11: p", "12:23: g")]),
        ("conditions: {a: {not: {theme: fear}}}\ngates: [{id: g, when: {is: a}, reason: r}]", [NOTHING.replace("15:11: p", "13:23: g")]),
        ("gates: [{id: g, when: {is: a}}]", ["12:9: g: 'reason' is missing"]),
    ],
)  # fmt: skip
def test_conditions_and_gates(tmp_path: Path, text: str, faults: list[str]) -> None:
    found = faults_of(tmp_path, f"{TEXT.partition('policy:')[0].rstrip()}\n{text}\n")
    assert [fault.replace(f"{tmp_path}/", "") for fault in found] == faults


@pytest.mark.parametrize(
    ("system", "code", "fault"),
    [
        ("nhs-arp", "C2", None),
        ("nhs-arp", "cat 2", None),
        ("nhs-arp", "2C", "16:14: p: '2C' is no code of nhs-arp that can be suggested; known: C1, C2, C3, C4"),
        ("nhs-arp", "C5", "16:14: p: 'C5' is no code of nhs-arp that can be suggested; did you mean C4 or C3 or C2?"),
        ("our-own", "whatever", None),
    ],
)
def test_codes_are_checked_where_the_ladder_is_known(tmp_path: Path, system: str, code: str, fault: str | None) -> None:
    text = f"{TEXT.replace('nhs-arp', system)}    when: {{theme: fear}}\n    suggest: {code}\n"
    found = faults_of(tmp_path, text)
    assert [entry.split("; ")[0] for entry in found] == ([fault.split("; ")[0]] if fault else [])


def test_a_ladder_with_faults_is_not_the_fault_of_the_ruleset(tmp_path: Path) -> None:
    (tmp_path / "our-own.yaml").write_text("format: 2", encoding="utf-8")
    path = tmp_path / "f.yaml"
    text = f"{TEXT.replace('nhs-arp', 'our-own')}    when: {{theme: fear}}\n    suggest: X\n"
    path.write_text(text, encoding="utf-8")
    assert load_ruleset(path, search=[tmp_path]).code_system == "our-own"


def test_ladders_too_are_looked_for_in_the_search_folders(tmp_path: Path) -> None:
    shipped = (shipped_folder() / "codes" / "scotland.yaml").read_text(encoding="utf-8")
    ladder = shipped.replace("id: scotland", "id: ours")
    (tmp_path / "ours.yaml").write_text(ladder, encoding="utf-8")
    path = tmp_path / "f.yaml"
    text = f"{TEXT.replace('nhs-arp', 'ours')}    when: {{theme: fear}}\n    suggest: B\n"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RulesetError, match="'B' is no code of ours"):
        load_ruleset(path, search=[tmp_path])
