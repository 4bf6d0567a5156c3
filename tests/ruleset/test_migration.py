"""Old rulesets, flattened: what comes out loads, and says what could not be said."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from triage_triggers.ruleset.loading import load_ruleset
from triage_triggers.ruleset.migration import migrated

EXAMPLE = Path(__file__).parents[2] / "examples" / "old-ruleset.yaml"
WEAPON, FEAR, TIE = {"theme": "weapon"}, {"rule": "fear.said"}, {"theme": ["relationship", "order"]}


def signs_of(when: dict[str, Any], **conditions: Any) -> tuple[list[dict[str, Any]], str]:
    text = migrated({"conditions": conditions, "policy": [{"id": "p", "when": when, "reason": "R."}]})
    signs = yaml.safe_load(text)["signs"]
    return [{key: sign[key] for key in sign if key not in {"id", "reason"}} for sign in signs], text


@pytest.mark.parametrize(
    ("when", "signs", "remark"),
    [
        (WEAPON, [{"find": ["weapon"]}], None),
        ({"theme": "weapon", "temporality": "past"}, [{"find": ["weapon"], "time": ["past"]}], None),
        ({"theme": "weapon", "at_least": 2}, [{"find": ["weapon"], "at_least": 2}], None),
        ({"any": [WEAPON, FEAR]}, [{"find": ["weapon", "fear.said"]}], None),
        (
            {"all": [WEAPON, {"any": [FEAR, TIE]}], "within": {"turns": 3}},
            [{"find": ["weapon"], "with": ["fear.said", "relationship", "order"]}],
            None,
        ),
        (
            {"any": [{"all": [WEAPON, FEAR]}, {"any": [TIE, {"all": [FEAR, TIE]}]}]},
            [
                {"find": ["weapon"], "with": ["fear.said"]},
                {"find": ["relationship", "order"]},
                {"find": ["fear.said"], "with": ["relationship", "order"]},
            ],
            None,
        ),
        ({"is": "armed"}, [{"find": ["weapon"], "with": ["fear.said"]}], None),
        ({"all": [WEAPON, {"not": FEAR}]}, [{"find": ["weapon"]}], "p: dropped 'not: {rule: fear.said}'"),
        ({"all": [WEAPON, {"is": "calm"}]}, [{"find": ["weapon"]}], "p: dropped 'not: {rule: fear.said}'"),
        ({"all": [WEAPON, FEAR, TIE]}, [{"find": ["weapon"], "with": ["fear.said"]}], "asks for more than two things"),
        ({"all": [{"is": "armed"}, TIE]}, [{"find": ["weapon"], "with": ["fear.said"]}], "more than two things"),
        (
            {"any": [WEAPON, FEAR], "at_least": 2},
            [{"find": ["weapon", "fear.said"], "at_least": 2}],
            "have become as many different rules",
        ),
    ],
)
def test_a_condition_becomes_signs(when: dict[str, Any], signs: list[dict[str, Any]], remark: str | None) -> None:
    found, text = signs_of(when, armed={"all": [WEAPON, FEAR]}, calm={"not": FEAR})
    assert found == signs
    assert (remark is None) == (not text.startswith("#"))
    assert remark is None or remark in text


def test_what_nothing_is_left_of_is_said() -> None:
    text = migrated({"policy": [{"id": "p", "when": {"is": "gone"}, "reason": "R."}]})
    assert "# p: there is no condition 'gone'" in text
    assert "could not be converted" in text


def test_a_broad_condition_becomes_any_sign() -> None:
    several = {"any": [{"all": [WEAPON, {"theme": f"t{number}"}]} for number in range(20)]}
    when = {"all": [FEAR, {"is": "several"}]}
    policy = {"id": "p", "when": when, "suggest": "C2", "advise": ["scene_safety"], "reason": "R."}
    text = migrated({"conditions": {"several": several}, "policy": [policy]})
    assert yaml.safe_load(text) == {
        "then": [
            {
                "id": "p",
                "if": ["any_sign"],
                "find": ["fear.said"],
                "suggest": "C2",
                "advice": ["scene_safety"],
                "reason": "R.",
            }
        ]
    }


def test_what_comes_out_loads(tmp_path: Path) -> None:
    old = EXAMPLE.read_text("utf-8")
    new = old.partition("conditions:")[0] + migrated(yaml.safe_load(old))
    (tmp_path / "new.yaml").write_text(new, encoding="utf-8")
    ruleset = load_ruleset(tmp_path / "new.yaml")
    assert [(sign.id, sign.find, sign.with_) for sign in ruleset.signs] == [("armed", ("weapon",), ("relationship",))]
    assert [(line.if_, line.suggest, line.advice) for line in ruleset.then] == [(("armed",), "C2", ("scene_safety",))]
