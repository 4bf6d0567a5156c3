"""The rulesets shown in docs/ruleset-format.md load."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from triage_triggers.errors import RulesetError
from triage_triggers.ruleset.loading import load_ruleset

PAGE = (Path(__file__).parents[2] / "docs" / "ruleset-format.md").read_text(encoding="utf-8")
SMALLEST, RULE, POLICY, GATES, OVERLAY, CODES, LANGUAGE = re.findall(r"```yaml\n(.*?)```", PAGE, flags=re.DOTALL)


def write(folder: Path, text: str) -> Path:
    path = folder / "demo.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_the_smallest_a_rule_and_a_policy(tmp_path: Path) -> None:
    assert load_ruleset(write(tmp_path, SMALLEST)).id == "demo"
    head = SMALLEST.partition("rules:")[0]
    policy = POLICY.replace("theme: strangulation", "theme: weapon")
    ruleset = load_ruleset(write(tmp_path, f"{head}lists: {{victim: [me]}}\nrules:\n{RULE}{policy}"))
    assert ruleset.rules[0].never_set_aside
    assert ruleset.rules[0].known_false_alarm


def test_conditions_and_gates(tmp_path: Path) -> None:
    head = SMALLEST.partition("rules:")[0]
    names = ("relationship.partner", "relationship.ex-partner", "physical_violence.by-relative", "weapon.knife")
    rules = "".join(f"  - {{id: {name}, theme: {name.partition('.')[0]}, phrases: [x]}}\n" for name in names)
    ruleset = load_ruleset(write(tmp_path, f"{head}rules:\n{rules}{GATES}"))
    assert list(ruleset.conditions) == ["someone_close", "domestic"]
    assert ruleset.gates[0].except_rules == ("physical_violence.by-relative",)


def test_the_overlay(tmp_path: Path) -> None:
    ruleset = load_ruleset(write(tmp_path, OVERLAY))
    assert ruleset.extends is not None
    assert ruleset.extends.id == "uk-ambulance"
    assert ruleset.lists["victim"] == ("me", "her", "them")


def test_an_overlay_over_another_ladder(tmp_path: Path) -> None:
    head = OVERLAY.partition("extends:")[0]
    ruleset = load_ruleset(write(tmp_path, head + CODES))
    assert ruleset.code_system == "scotland"
    assert {policy.suggest for policy in ruleset.policy or ()} == {None, "purple", "red", "amber"}


def test_a_rule_in_another_language(tmp_path: Path) -> None:
    ruleset = load_ruleset(write(tmp_path, SMALLEST + LANGUAGE))
    assert [rule.language for rule in ruleset.rules] == [None, "pl"]


def test_the_faults_it_shows(tmp_path: Path) -> None:
    shown = re.findall(r"```\n(demo\.yaml:.*?)```", PAGE, flags=re.DOTALL)
    text = SMALLEST.partition("\n")[2].replace("phrases:", "phrase:")
    text += "  - id: demo.y\n    theme: weapon\n    phrases: [a]\n"
    text += "policy:\n  - {id: armed, reason: r, when: {theme: wepon}}\n"
    with pytest.raises(RulesetError) as caught:
        load_ruleset(write(tmp_path, text))
    found = [str(fault).removeprefix(f"{tmp_path}/") for fault in caught.value.faults]
    assert [re.sub(r":\d+:\d+", "", line) for line in found] == [
        re.sub(r":\d+:\d+", "", line) for line in shown[0].splitlines()
    ]
