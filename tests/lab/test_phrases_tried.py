from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.lab.labelled import observed
from triage_triggers import Evaluator, PhraseError, Ruleset, RulesetError, RulesetNotFoundError, load_ladder
from triage_triggers.lab.phrases import TRIAL, Trial, evaluator_with, try_phrase

if TYPE_CHECKING:
    from triage_triggers.lab.labels import Label

TEXTS: list[tuple[str, Label]] = [
    ("He shoved me.", "positive"),
    ("He hit me and shoved me.", "positive"),
    ("The crowd shoved me.", "negative"),
    ("Nobody shoved me.", "negative"),
    ("He shoved me and nobody shoved me. A knife.", "none"),
    ("Hello.", "none"),
]


def trial(ruleset: Ruleset, **options: object) -> Trial:
    evaluator = evaluator_with("shoved me", ruleset, **options)  # type: ignore[arg-type]
    return try_phrase(evaluator, observed(evaluator, TEXTS), phrase="shoved me")


def test_on_its_own_it_shows_the_most_it_could_do(ruleset: Ruleset) -> None:
    result = trial(ruleset)
    assert len(result.calls) == 5
    assert result.findings == 6
    assert sum(result.set_aside.values()) == 2
    assert [len(result.newly(label)) for label in ("positive", "negative", "ignored", "none")] == [1, 1, 0, 1]
    assert result.changed_codes == 0
    assert [call.counts for call in result.calls] == [True, True, True, False, True]


def test_with_a_theme_the_signs_decide(ruleset: Ruleset) -> None:
    as_weapon = trial(ruleset, theme="weapon")
    assert [len(as_weapon.newly(label)) for label in ("positive", "negative", "none")] == [0, 0, 0]
    assert as_weapon.changed_codes == 1, "violence with a weapon asks for C1"
    as_violence = trial(ruleset, theme="violence")
    assert [len(as_violence.newly(label)) for label in ("positive", "negative", "none")] == [1, 1, 1]


def test_idioms_and_speakers_count_as_in_a_rule(ruleset: Ruleset) -> None:
    assert len(trial(ruleset, unless=["crowd shoved me"]).newly("negative")) == 0
    assert trial(ruleset, speakers=["call_taker"]).newly("positive") == ()


def test_what_it_says_is_what_a_ruleset_with_the_rule_says(ruleset: Ruleset, evaluator: Evaluator) -> None:
    result = trial(ruleset, theme="violence")
    for call in result.calls:
        without = evaluator.evaluate(call.observation.call)
        assert call.newly_flagged is (call.observation.flagged and not without.flagged)
        assert call.code_without == without.suggested_code


def test_a_ruleset_without_signs_flags_by_itself(ruleset: Ruleset) -> None:
    bare = ruleset.model_copy(update={"signs": (), "then": ()})
    assert len(trial(bare).newly("positive")) == 1


def test_it_is_json_without_what_was_said(ruleset: Ruleset) -> None:
    text = json.dumps(trial(ruleset).to_dict(), allow_nan=False)
    assert "crowd" not in text
    assert json.loads(text)["newly_flagged"]["positive"] == ["C-1"]


def test_faults_are_told_before_anything_is_read(ruleset: Ruleset) -> None:
    with pytest.raises(PhraseError):
        evaluator_with("shoved (me", ruleset)
    with pytest.raises(PhraseError):
        evaluator_with("shoved me", ruleset, unless=["(a"])
    with pytest.raises(RulesetError, match="nobody"):
        evaluator_with("shoved {nobody}", ruleset)
    with pytest.raises(RulesetNotFoundError, match="did you mean weapon"):
        evaluator_with("shoved me", ruleset, theme="wepon")


def test_the_ladder_and_the_digest_are_those_of_what_is_tried(ruleset: Ruleset) -> None:
    ladder = load_ladder("nhs-arp")
    evaluator = evaluator_with("shoved me", ruleset, ladder=ladder)
    assert evaluator.ladder is ladder
    assert evaluator.ruleset.digest != ruleset.digest
    assert evaluator.ruleset.rules[-1].id == TRIAL
