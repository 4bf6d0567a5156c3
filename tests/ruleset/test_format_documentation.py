"""The rulesets shown in docs/ruleset-format.md load."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from triage_triggers.errors import RulesetError
from triage_triggers.lint.rule_tests import run_rule_tests
from triage_triggers.ruleset.loading import load_ruleset

PAGE = (Path(__file__).parents[2] / "docs" / "ruleset-format.md").read_text(encoding="utf-8")
YAML = re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)
SMALLEST, RULE, EVENTS, SIGNS, TALLY, THEN, WORDS, OVERLAY, CODES, LANGUAGE = YAML


def write(folder: Path, text: str) -> Path:
    path = folder / "demo.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_smallest_and_a_rule(tmp_path: Path) -> None:
    assert load_ruleset(write(tmp_path, SMALLEST)).id == "demo"
    head = SMALLEST.partition("rules:")[0]
    ruleset = load_ruleset(write(tmp_path, f"{head}lists: {{victim: [me]}}\nrules:\n{RULE}"))
    assert ruleset.rules[0].never_set_aside
    assert ruleset.rules[0].known_false_alarm


def test_signs_tally_and_then(tmp_path: Path) -> None:
    head = SMALLEST.partition("rules:")[0]
    themes = ("strangulation", "physical_violence", "fear", "perpetrator_present", "repeat_history", "injury")
    names = ("weapon.ligature", *(f"{theme}.x" for theme in (*themes, "injury_mismatch", "children_present")))
    rules = "".join(f"  - {{id: {name}, theme: {name.partition('.')[0]}, phrases: [x]}}\n" for name in names)
    ruleset = load_ruleset(write(tmp_path, f"{head}rules:\n{rules}{SIGNS}{TALLY}{THEN}"))
    assert ruleset.sign_ids == ("strangled-by-someone", "violence-by-someone-close", "tally")
    assert ruleset.signs[1].near == 60
    assert [line.suggest for line in ruleset.then] == ["C2", "C1", None]


def test_rules_about_events_and_words_of_its_own(tmp_path: Path) -> None:
    head = SMALLEST.partition("rules:")[0]
    words = "".join(f"  {line}\n" for line in WORDS.splitlines())
    ruleset = load_ruleset(write(tmp_path, f"{head}vocabulary:\n{words}rules:\n{EVENTS}"))
    assert [rule.event.does for rule in ruleset.rules if rule.event] == [("strike", "throw"), ("throttle",)]
    assert run_rule_tests(ruleset).passed
    (tmp_path / "vocabulary").mkdir()
    (tmp_path / "vocabulary" / "own.yaml").write_text(WORDS, encoding="utf-8")
    (tmp_path / "ruleset.yaml").write_text(f"{head}rules:\n{EVENTS}", encoding="utf-8")
    assert load_ruleset(tmp_path).digest == ruleset.digest


def test_the_overlay(tmp_path: Path) -> None:
    ruleset = load_ruleset(write(tmp_path, OVERLAY))
    assert ruleset.extends is not None
    assert ruleset.extends.id == "uk-ambulance"
    assert ruleset.lists["victim"] == ("me", "her", "them")


def test_an_overlay_over_another_ladder(tmp_path: Path) -> None:
    head = OVERLAY.partition("extends:")[0]
    ruleset = load_ruleset(write(tmp_path, head + CODES))
    assert ruleset.code_system == "scotland"
    assert {line.suggest for line in ruleset.then} == {None, "purple", "red", "amber"}


def test_a_rule_in_another_language(tmp_path: Path) -> None:
    ruleset = load_ruleset(write(tmp_path, SMALLEST + LANGUAGE))
    assert [rule.language for rule in ruleset.rules] == [None, "pl"]


def test_the_faults_it_shows(tmp_path: Path) -> None:
    shown = re.findall(r"```\n(demo\.yaml:.*?)```", PAGE, flags=re.DOTALL)
    text = SMALLEST.partition("\n")[2].replace("phrases:", "phrase:")
    text += "  - id: demo.y\n    theme: weapon\n    phrases: [a]\n"
    text += "signs:\n  - {id: armed, reason: r, find: wepon}\n"
    with pytest.raises(RulesetError) as caught:
        load_ruleset(write(tmp_path, text))
    found = [str(fault).removeprefix(f"{tmp_path}/") for fault in caught.value.faults]
    assert [re.sub(r":\d+:\d+", "", line) for line in found] == [
        re.sub(r":\d+:\d+", "", line) for line in shown[0].splitlines()
    ]
