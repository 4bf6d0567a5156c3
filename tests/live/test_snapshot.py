from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.live_strategies import evaluators, utterances
from triage_triggers import Call, CodeError, Evaluator, LiveCall, Ruleset, SnapshotError, TriageTriggersError, Utterance


def handed_over(live: LiveCall) -> dict[str, Any]:
    return dict(json.loads(json.dumps(live.snapshot())))


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(utterances, max_size=8), st.data())
def test_a_call_goes_on_from_any_point_as_if_nothing_had_happened(said: list[Utterance], data: st.DataObject) -> None:
    evaluator = evaluators()[0]
    whole, live = evaluator.open_call("C-1", current_code="C4"), evaluator.open_call("C-1", current_code="C4")
    for utterance in said:
        if data.draw(st.booleans()):
            live = evaluator.resume(handed_over(live))
        assert live.add(utterance).to_dict() == whole.add(utterance).to_dict()
    resumed = evaluator.resume(handed_over(live))
    assert resumed.assessment() == whole.assessment() == evaluator.evaluate(Call("C-1", said, current_code="C4"))
    assert (resumed.suggestions, resumed.utterance_ids) == (whole.suggestions, whole.utterance_ids)


def test_any_text_survives(evaluator: Evaluator) -> None:
    live = evaluator.open_call("\ud800")
    live.add(Utterance("\x00 \ud83d hit me \U0001f600", "other"), utterance_id="ü")
    assert evaluator.resume(handed_over(live)).call == live.call


@pytest.fixture
def stricter(ruleset: Ruleset) -> Evaluator:
    return Evaluator(ruleset.model_copy(update={"version": "2.0.0", "signs": (), "then": ()}))


def test_another_ruleset_is_refused_unless_it_is_asked_for(evaluator: Evaluator, stricter: Evaluator) -> None:
    live = evaluator.open_call("C-1", current_code="C4")
    live.add(Utterance("He hit me.", "caller"))
    with pytest.raises(
        SnapshotError, match=r"another ruleset: ruleset small 1\.0\.0 .*, here small 2\.0\.0 .*reevaluate"
    ):
        stricter.resume(handed_over(live))
    resumed = stricter.resume(handed_over(live), reevaluate=True)
    assert resumed.assessment() == stricter.evaluate(live.call)
    assert [kept.superseded for kept in resumed.suggestions] == ["taken up with another ruleset"]
    (moved,) = resumed.ruleset_moves
    assert (moved.before.version, moved.ruleset.version) == ("1.0.0", "2.0.0")
    again = stricter.resume(handed_over(resumed))
    assert again.ruleset_moves == resumed.ruleset_moves


def test_another_engine_or_lexicon_is_refused_too(evaluator: Evaluator) -> None:
    snapshot = handed_over(evaluator.open_call("C-1"))
    snapshot["read_with"]["lexicon"] = "en/0"
    snapshot["read_with"]["engine"] = "0"
    with pytest.raises(SnapshotError, match="another lexicon and engine"):
        evaluator.resume(snapshot)


def test_a_code_of_another_ladder_can_not_be_taken_up(evaluator: Evaluator) -> None:
    snapshot = handed_over(evaluator.open_call("C-1"))
    with pytest.raises(CodeError):
        evaluator.resume({**snapshot, "current_code": "purple"})
    with pytest.raises(CodeError):
        evaluator.resume(snapshot, code_system="scotland")


def _places(data: object, place: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    parts = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [place, *(found for step, part in parts for found in _places(part, (*place, step)))]


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_damaged_snapshot_is_refused_in_plain_words(evaluator: Evaluator, data: st.DataObject) -> None:
    live = evaluator.open_call("C-1", current_code="C4")
    live.add(Utterance("SECRET he hit me.", "caller"))
    live.set_code("C3")
    snapshot = handed_over(live)
    place = data.draw(st.sampled_from(_places(snapshot)[1:]))
    parent: Any = snapshot
    for step in place[:-1]:
        parent = parent[step]
    if data.draw(st.booleans()):
        parent[place[-1]] = data.draw(st.sampled_from((None, 7, "x", [], {}, True, [[]])))
    else:
        del parent[place[-1]]
    try:
        evaluator.resume(snapshot)
    except TriageTriggersError as error:
        assert "SECRET" not in str(error)  # noqa: PT017  either it is refused or it is legal


@pytest.mark.parametrize("snapshot", [{}, {"format": 2}, [], None, "x"])
def test_what_is_no_snapshot_is_refused(evaluator: Evaluator, snapshot: Any) -> None:  # noqa: ANN401
    with pytest.raises(SnapshotError, match="no snapshot of an open call in format 1"):
        evaluator.resume(snapshot)
