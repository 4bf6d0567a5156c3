"""An overlay over another ladder: ``codes`` says what each code of the extended ruleset becomes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from tests.strategies import as_yaml
from triage_triggers import Evaluator, load_ruleset
from triage_triggers.errors import RulesetError

if TYPE_CHECKING:
    from pathlib import Path

BASE: dict[str, Any] = {
    "format": "1",
    "id": "base",
    "version": "1.0.0",
    "title": "Base",
    "language": "en",
    "status": "draft",
    "code_system": "nhs-arp",
    "rules": [
        {"id": "weapon.knife", "theme": "weapon", "phrases": ["a knife"]},
        {"id": "fear.afraid", "theme": "fear", "phrases": ["so scared"]},
    ],
    "signs": [{"id": "any", "find": ["weapon", "fear"], "reason": "R."}],
    "then": [
        {"id": "armed", "if": "any", "find": "weapon", "suggest": "C2", "reason": "R."},
        {"id": "afraid", "if": "any", "find": "fear", "suggest": "C3", "reason": "R."},
        {"id": "both", "if": "any", "advice": ["scene_safety"], "reason": "R."},
    ],
}
OVERLAY = {"format": "1", "id": "over", "version": "1.0.0", "title": "Over", "status": "draft", "extends": "base.yaml"}
SCOTLAND = OVERLAY | {"code_system": "scotland"}


def write(folder: Path, **overlay: object) -> Path:
    (folder / "base.yaml").write_text(as_yaml(BASE), encoding="utf-8")
    (folder / "over.yaml").write_text(as_yaml(SCOTLAND | overlay), encoding="utf-8")
    return folder / "over.yaml"


def faults(folder: Path, **overlay: object) -> list[str]:
    with pytest.raises(RulesetError) as caught:
        load_ruleset(write(folder, **overlay))
    return [str(fault).partition(f"{folder}/")[2] for fault in caught.value.faults]


def test_lines_suggest_the_other_ladder_s_codes(tmp_path: Path) -> None:
    ruleset = load_ruleset(write(tmp_path, codes={"C2": "red", "C3": "amber"}))
    assert [line.suggest for line in ruleset.then] == ["red", "amber", None]
    assert Evaluator(ruleset).evaluate("a knife", current_code="green").suggested_code == "red"
    base = load_ruleset(tmp_path / "base.yaml")
    assert ruleset.rules == base.rules
    assert ruleset.digest != base.digest


def test_a_code_of_which_nothing_is_said_is_a_fault_of_the_overlay(tmp_path: Path) -> None:
    found = faults(tmp_path, codes={"C2": "red"})
    assert found[0].startswith("over.yaml:")
    assert "nothing is said of 'C3', which afraid suggest; add 'C3: ...'" in found[0]


def test_what_is_replaced_or_switched_off_needs_no_code(tmp_path: Path) -> None:
    own = {"id": "afraid", "if": "any", "find": "fear", "suggest": "yellow", "reason": "R."}
    ruleset = load_ruleset(write(tmp_path, codes={"C2": "red"}, then=[own]))
    assert [line.suggest for line in ruleset.then] == ["red", "yellow", None]
    ruleset = load_ruleset(write(tmp_path, codes={"C2": "red"}, disable={"then": ["afraid"]}))
    assert [line.id for line in ruleset.then] == ["armed", "both"]


def test_a_code_that_the_ladder_does_not_have_is_a_fault_where_it_stands(tmp_path: Path) -> None:
    (found,) = faults(tmp_path, codes={"C2": "read", "C3": "amber"})
    assert "'read' is no code of scotland that can be suggested; did you mean red?" in found


def test_without_codes_another_ladder_is_a_fault(tmp_path: Path) -> None:
    found = faults(tmp_path)
    assert len(found) == 2
    assert all("is no code of scotland" in fault for fault in found)


def test_codes_go_with_extends_only(tmp_path: Path) -> None:
    (tmp_path / "alone.yaml").write_text(as_yaml(BASE | {"codes": {"C2": "red"}}), encoding="utf-8")
    with pytest.raises(RulesetError, match="'codes' goes with 'extends', and only with it"):
        load_ruleset(tmp_path / "alone.yaml")


@pytest.mark.parametrize("written", ["red", {"C2": ["red"]}, {}])
def test_codes_are_a_group_of_codes(tmp_path: Path, written: object) -> None:
    assert any("'C2'" in fault or "'codes'" in fault for fault in faults(tmp_path, codes=written))
