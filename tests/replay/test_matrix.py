from __future__ import annotations

from typing import TYPE_CHECKING

from triage_triggers import Evaluator, Ruleset
from triage_triggers.replay.matrix import judge_under

if TYPE_CHECKING:
    from triage_triggers.replay.case import Case


def test_each_ruleset_has_its_own_moment(evaluator: Evaluator, ruleset: Ruleset, case: Case) -> None:
    quiet = Evaluator(ruleset.model_copy(update={"policy": (ruleset.policy or ())[:1], "version": "2.0.0"}))
    one, other = judge_under(case.entries[2].call, [evaluator, quiet])
    assert one.to_dict() == {
        "ruleset": {"id": "small", "version": "1.0.0", "digest": ruleset.digest},
        "flagged": True,
        "suggested_code": "C1",
        "policies": ["violence-now", "armed-attack"],
        "first_flagged": {"utterance": 1, "time": 4.4},
        "first_suggested": {"utterance": 2, "time": 10},
    }
    assert other.to_dict()["first_suggested"] == {"utterance": 1, "time": 4.4}


def test_what_is_never_flagged_has_no_moment(evaluator: Evaluator, case: Case) -> None:
    (cell,) = judge_under(case.entries[1].call, [evaluator])
    assert (cell.to_dict()["first_flagged"], cell.to_dict()["first_suggested"]) == (None, None)
