# ruff: noqa: E501, ISC004  the messages are tables, a line each
from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from triage_triggers.documents.catalogue import shipped_rulesets
from triage_triggers.errors import RulesetError, RulesetStatusError, near
from triage_triggers.ruleset.loading import MAX_OVERLAYS, load_ruleset

if TYPE_CHECKING:
    from pathlib import Path

BASE = """
format: 1
id: base
version: 1.2.3
title: Base
language: en
status: draft
code_system: nhs-arp
description: What it is for.
review_by: 2030-01-01
lists: {who: [me], whom: [you]}
rules:
  - {id: knife, theme: weapon, phrases: [got a knife]}
  - {id: gun, theme: weapon, phrases: ['got a gun to {who}']}
  - {id: scare, theme: fear, phrases: [scared]}
signs:
  - {id: armed, find: weapon, reason: r}
  - {id: scared, find: fear, reason: r}
tally:
  look_again: 2
  flag: 3
  lines:
    - {id: fear, find: fear, points: 2, reason: r}
    - {id: gun, find: weapon, points: 1, reason: r}
then:
  - {id: armed, if: armed, suggest: C2, reason: r}
  - {id: scared, if: any_sign, suggest: C3, reason: r}
"""
LOCAL = "format: 1\nid: local\nversion: 2.0.0\ntitle: Local\nstatus: review\nextends: base.yaml\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "base.yaml").write_text(BASE, encoding="utf-8")
    return tmp_path


def write(folder: Path, text: str, name: str = "local") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def faults_of(path: Path) -> list[str]:
    with pytest.raises(RulesetError) as caught:
        load_ruleset(path)
    return [str(fault).replace(f"{path.parent}/", "") for fault in caught.value.faults]


def test_an_overlay_adds_replaces_and_switches_off(folder: Path) -> None:
    text = """
lists: {who: [us]}
rules:
  - {id: axe, theme: weapon, phrases: [got an axe]}
  - {id: knife, theme: weapon, phrases: [has a knife]}
signs:
  - {id: armed, find: [knife, gun], reason: r}
  - {id: axed, find: axe, reason: r}
tally:
  lines: [{id: fear, find: axe, points: 3, reason: s}]
then:
  - {id: armed, if: armed, suggest: C1, reason: r}
disable: {rules: [scare], signs: [scared], then: [scared]}
"""
    ruleset = load_ruleset(write(folder, LOCAL + text))
    assert [(rule.id, rule.phrases[0]) for rule in ruleset.rules] == [
        ("knife", "has a knife"),
        ("gun", "got a gun to {who}"),
        ("axe", "got an axe"),
    ]
    assert ruleset.lists == {"who": ("us",), "whom": ("you",)}
    assert [(sign.id, sign.find) for sign in ruleset.signs] == [("armed", ("knife", "gun")), ("axed", ("axe",))]
    assert ruleset.tally is not None
    assert [(line.id, line.find, line.points) for line in ruleset.tally.lines] == [
        ("fear", ("axe",), 3),
        ("gun", ("weapon",), 1),
    ]
    assert [(line.id, line.suggest) for line in ruleset.then] == [("armed", "C1")]


def test_one_point_and_one_threshold_can_be_changed_alone(folder: Path) -> None:
    ruleset = load_ruleset(write(folder, f"{LOCAL}tally: {{flag: 5, lines: [{{id: fear, points: 4}}]}}\n"))
    base = load_ruleset(folder / "base.yaml")
    assert ruleset.tally is not None
    assert base.tally is not None
    assert (ruleset.tally.look_again, ruleset.tally.flag) == (2, 5)
    assert ruleset.tally.lines == (base.tally.lines[0].model_copy(update={"points": 4}), base.tally.lines[1])


def test_lines_of_the_tally_can_be_switched_off(folder: Path) -> None:
    ruleset = load_ruleset(
        write(folder, f"{LOCAL}disable: {{tally: [gun], signs: [armed], then: [armed]}}\ntally: {{flag: 2}}\n")
    )
    assert ruleset.tally is not None
    assert [line.id for line in ruleset.tally.lines] == ["fear"]
    assert ruleset.sign_ids == ("scared", "tally")


def test_what_it_says_of_itself_is_its_own(folder: Path) -> None:
    ruleset, base = load_ruleset(write(folder, LOCAL)), load_ruleset(folder / "base.yaml")
    assert (ruleset.id, ruleset.version, ruleset.title, ruleset.status) == ("local", "2.0.0", "Local", "review")
    assert (ruleset.description, ruleset.review_by) == (None, None)
    assert (ruleset.language, ruleset.code_system) == ("en", "nhs-arp")
    assert ruleset.extends is not None
    assert ruleset.extends.model_dump() == {"id": "base", "version": "1.2.3", "digest": base.digest}
    assert (ruleset.rules, ruleset.lists) == (base.rules, base.lists)
    assert (ruleset.signs, ruleset.tally, ruleset.then) == (base.signs, base.tally, base.then)


def test_language_and_code_system_can_be_its_own(folder: Path) -> None:
    ruleset = load_ruleset(write(folder, f"{LOCAL}language: en-GB\ncode_system: our-own\n"))
    assert (ruleset.language, ruleset.code_system) == ("en-GB", "our-own")


def test_signs_can_be_given_to_a_ruleset_without(folder: Path) -> None:
    write(folder, BASE.partition("signs:")[0], "base")
    assert load_ruleset(write(folder, LOCAL)).flags_for_anything
    ruleset = load_ruleset(write(folder, f"{LOCAL}signs:\n  - {{id: armed, find: weapon, reason: r}}\n"))
    assert ruleset.sign_ids == ("armed",)


def test_overlays_can_lie_on_overlays_and_on_folders(folder: Path) -> None:
    nested = folder / "nested"
    nested.mkdir()
    write(nested, LOCAL.replace("base.yaml", "../base.yaml") + "disable: {rules: [gun]}\n", "ruleset")
    top = write(folder, LOCAL.replace("base.yaml", "./nested").replace("id: local", "id: top"), "top")
    ruleset = load_ruleset(top)
    assert ruleset.extends is not None
    assert (ruleset.id, ruleset.extends.id) == ("top", "local")
    assert [rule.id for rule in ruleset.rules] == ["knife", "scare"]


def test_ids_are_looked_for_in_the_search_folders(folder: Path) -> None:
    local = write(folder, LOCAL.replace("base.yaml", "base"))
    elsewhere = folder / "elsewhere"
    elsewhere.mkdir()
    write(elsewhere, BASE.replace("1.2.3", "9.9.9"), "base")
    ruleset = load_ruleset(local, search=[elsewhere])
    assert ruleset.extends is not None
    assert ruleset.extends.version == "9.9.9"


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("disable: {rules: [gunn]}", ["local.yaml:7:19: there is no rule 'gunn' to switch off; did you mean gun?"]),
        ("disable: {signs: [armd]}", ["local.yaml:7:19: there is no sign 'armd' to switch off; did you mean armed or scared?"]),
        ("disable: {tally: [gum]}", ["local.yaml:7:19: there is no tally line 'gum' to switch off; did you mean gun?"]),
        ("disable: {signs: [armed]}", ["base.yaml:26:21: armed: there is no sign 'armed'; did you mean scared? (as changed by local.yaml)"]),
        ("tally: {flag: 4}", ["local.yaml:7:15: all lines together come to 3 points, so the tally never reaches 4"]),
        ("tally: {flag: 1}", ["base.yaml:20:15: 'look_again' is 2, more than 'flag', which is 1 (as changed by local.yaml)"]),
        ("tally: {lines: [{id: new, points: 2}]}", ["local.yaml:7:17: new: 'find' is missing", "local.yaml:7:17: new: 'reason' is missing"]),
        ("disable: {rules: [gun]}\nrules: [{id: gun, theme: x, phrases: [a]}]", [
            "local.yaml:7:19: the rule 'gun' is switched off here and also defined in this ruleset; keep one"]),
        ("disable: {rules: [scare]}", [
            "base.yaml:18:24: scared: there is no rule and no theme 'fear'; known: gun, knife, weapon (as changed by local.yaml)",
            "base.yaml:23:24: fear: there is no rule and no theme 'fear'; known: gun, knife, weapon (as changed by local.yaml)"]),
        ("disable: x\nrules: [{id: a, theme: fear, phrases: ['{who} (c']}]", [
            "local.yaml:7:10: 'disable' must be a group of keys, not text: rules, signs, tally, then",
            "local.yaml:8:47: a: this '(' is never closed: add ')'"]),
        ("lists: {who: ['(a']}", ["local.yaml:7:16: this '(' is never closed: add ')'"]),
        ("version: x\ncolour: red\nrules: [{id: a, theme: b, phrases: ['{what} c']}]", [
            "local.yaml:7:1: 'version' stands here twice; it is already on line 3",
            "local.yaml:8:1: unknown key 'colour'; known: approval, code_system, codes, description, disable, extends, format, id, "
             "language, lint, lists, review_by, rules, signs, status, tally, then, title, version, vocabulary",
            "local.yaml:9:38: a: there is no list {what}: known: who, whom"]),
    ],
)  # fmt: skip
def test_faults_between_an_overlay_and_its_base(folder: Path, text: str, faults: list[str]) -> None:
    assert faults_of(write(folder, LOCAL + text)) == faults


@pytest.mark.parametrize(
    ("extends", "fault"),
    [
        ("gone.yaml", "local.yaml:6:10: there is no file or folder 'gone.yaml'"),
        (
            "uk-ambulanc",
            f"local.yaml:6:10: there is no ruleset 'uk-ambulanc'; {near('uk-ambulanc', shipped_rulesets())}",
        ),
        ("local.yaml", "local.yaml:6:10: rulesets extend each other in a circle: local.yaml → local.yaml"),
        ("[base]", "local.yaml:6:10: 'extends' must be text, not a list; if it is a phrase, put it in quotes"),
        ("", "local.yaml:6:1: 'extends' has nothing after it; remove the line, or write something"),
        ("''", "local.yaml:6:10: 'extends' is empty"),
    ],
)
def test_faults_of_extends_itself(folder: Path, extends: str, fault: str) -> None:
    # What the rules name may stand in the ruleset that could not be loaded, so it is not called unknown.
    text = f"{LOCAL.replace('base.yaml', extends)}rules: [{{id: a, theme: b, phrases: ['{{who}} c']}}]\n"
    assert faults_of(write(folder, text)) == [fault]


def test_faults_of_the_base_are_reported_with_those_of_the_overlay(folder: Path) -> None:
    write(folder, BASE.replace("got a knife", "got (a knife"), "base")
    assert faults_of(write(folder, f"{LOCAL}colour: red\n"))[1:] == [
        "base.yaml:13:46: knife: this '(' is never closed: add ')'"
    ]


def test_longer_circles_and_towers_are_refused(folder: Path) -> None:
    write(folder, LOCAL.replace("base.yaml", "b.yaml"), "a")
    write(folder, LOCAL.replace("base.yaml", "a.yaml"), "b")
    assert faults_of(folder / "a.yaml") == [
        "b.yaml:6:10: rulesets extend each other in a circle: a.yaml → b.yaml → a.yaml"
    ]
    for level in range(MAX_OVERLAYS + 1):
        write(folder, LOCAL.replace("base.yaml", "base.yaml" if level == 0 else f"l{level - 1}.yaml"), f"l{level}")
    assert load_ruleset(folder / f"l{MAX_OVERLAYS - 1}.yaml").rules
    assert faults_of(folder / f"l{MAX_OVERLAYS}.yaml") == [
        f"l0.yaml:6:10: more than {MAX_OVERLAYS} rulesets extend one another"
    ]


def test_an_overlay_of_a_withdrawn_ruleset_is_refused(folder: Path) -> None:
    write(folder, BASE.replace("status: draft", "status: withdrawn"), "base")
    with pytest.raises(RulesetStatusError, match=r"base 1\.2\.3 is withdrawn"):
        load_ruleset(write(folder, LOCAL))
    assert load_ruleset(folder / "local.yaml", allow_withdrawn=True).extends is not None


def test_a_change_in_the_base_changes_the_digest(folder: Path) -> None:
    before = load_ruleset(write(folder, LOCAL)).digest
    write(folder, f"# A comment.\n{BASE}", "base")
    assert load_ruleset(folder / "local.yaml").digest == before
    write(folder, BASE.replace("title: Base", "title: Basis"), "base")
    assert load_ruleset(folder / "local.yaml").digest != before


def test_extends_is_relative_to_the_file_and_not_to_where_one_stands(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    local = write(folder, LOCAL)
    monkeypatch.chdir(folder.parent)
    assert load_ruleset(os.path.relpath(local)).id == "local"
