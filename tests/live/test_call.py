from __future__ import annotations

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings

from tests.live_strategies import evaluators
from tests.strategies import calls
from tests.told import BLOKE, teller
from triage_triggers import Call, CallError, CodeError, Evaluator, Ruleset, Update, Utterance, Why, load_ladder
from triage_triggers.live import FindingReread, FindingWithdrawn, SuggestionSuperseded
from triage_triggers.live.call import LiveCall
from triage_triggers.live.changes import finding_events, why_changed


def test_a_call_is_read_as_it_comes_in(evaluator: Evaluator) -> None:
    live = evaluator.open_call("C-7", current_code="C4")
    assert not live.assessment().flagged
    assert not live.add(Utterance("Did he hit you?", "call_taker", 1.0, 2.0)).flagged
    assessment = live.add(Utterance("Yes.", "caller", 3.0, 3.5)).assessment
    assert (assessment.call_id, assessment.suggested_code, assessment.first_flag) == ("C-7", "C3", (1, 3, 3.5))
    assert live.add(Utterance("He's got a knife.", "caller", 4.0, 5.0)).suggested_code == "C1"
    assert live.assessment().first_flag == (1, 3, 3.5)


def test_segments_are_joined_as_they_come_in(evaluator: Evaluator) -> None:
    live = evaluator.open_call("C-7")
    assert not live.add(Utterance("he hit", "caller")).assessment.findings
    assert live.add(Utterance("me", "caller")).flagged


def test_an_unknown_code_is_refused_when_the_call_is_opened(evaluator: Evaluator) -> None:
    with pytest.raises(CodeError):
        evaluator.open_call("C-7", current_code="C77")
    with pytest.raises(CodeError):
        evaluator.open_call("C-7", code_system="wales-2025")


def test_two_open_calls_know_nothing_of_each_other(evaluator: Evaluator) -> None:
    one, other = evaluator.open_call("C-1"), evaluator.open_call("C-2")
    one.add(Utterance("He hit me."))
    assert not other.assessment().findings
    assert other.call == Call("C-2", [])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(calls)
def test_live_equals_the_whole_call_after_every_utterance(evaluator: Evaluator, call: Call) -> None:
    live = evaluator.open_call(call.call_id, current_code="C4", code_system="nhs-arp")
    for number, utterance in enumerate(call.utterances, start=1):
        so_far = Call(call.call_id, call.utterances[:number], current_code="C4", code_system="nhs-arp")
        assert live.add(utterance).assessment == evaluator.evaluate(so_far)
        assert live.call == so_far
        assert live.assessment() == evaluator.evaluate(so_far)


def kinds(update: Update) -> list[str]:
    return [event.kind for event in update.events]


def reason(update: Update, kind: str) -> str:
    (event,) = (event for event in update.events if event.kind == kind)
    return event.reason


def test_a_disclosure(evaluator: Evaluator) -> None:
    update = evaluator.open_call("C-1", current_code="C4").add(Utterance("He hit me.", "caller", 1.0, 2.0))
    assert kinds(update) == ["finding_added", "flagged", "suggestion_raised"]
    assert (update.number, update.utterance, update.time) == (1, 0, 2.0)
    assert (update.suggested_code, update.policies) == ("C3", ("violence-now",))
    assert reason(update, "suggestion_raised") == "violence-now: Violence."
    assert update.to_dict()["events"][0]["finding"]["rule"] == "violence.hit"


def test_an_answer_makes_a_question_count(evaluator: Evaluator) -> None:
    live = evaluator.open_call("C-1")
    assert kinds(live.add(Utterance("Has he hit you?", "call_taker"))) == ["finding_added"]
    update = live.add(Utterance("Yeah.", "caller"))
    assert kinds(update) == ["finding_reread", "flagged", "suggestion_raised"]
    (reread,) = (event for event in update.events if isinstance(event, FindingReread))
    assert (reread.before.polarity, reread.finding.polarity) == ("questioned", "affirmed")
    assert reread.reason == "asked, and answered yes"


def test_a_revised_answer_supersedes_the_suggestion_with_the_reason(evaluator: Evaluator) -> None:
    live = evaluator.open_call("C-1", current_code="C4")
    live.add(Utterance("Has he hit you?", "call_taker"), utterance_id="q")
    live.add(Utterance("Yes", "caller"), utterance_id="a")
    update = live.revise("a", "Yes no he hasn't, no.", end=4.0)
    update = live.revise("a", "No.")
    assert kinds(update)[-2:] == ["suggestion_superseded", "unflagged"] or "suggestion_superseded" in kinds(update)
    (kept,) = live.suggestions
    assert (kept.code, kept.utterance) == ("C3", 1)
    assert kept.superseded is not None
    assert "violence.hit no longer counts: asked, and answered no" in kept.superseded
    assert not update.flagged
    assert live.utterance_ids == ("q", "a")


def test_a_voice_that_was_a_film(evaluator: Evaluator) -> None:
    live = evaluator.open_call("C-1")
    live.add(Utterance("he hit her", "other"))
    update = live.add(Utterance("Sorry, it's a film.", "caller"))
    assert kinds(update) == ["finding_reread", "suggestion_superseded", "unflagged"]


def test_words_that_turn_out_to_be_part_of_a_longer_phrase() -> None:
    live = evaluators()[0].open_call("C-1")
    live.add(Utterance("hit me", "caller"))
    update = live.add(Utterance("he hit", "caller"))
    (gone,) = (event for event in update.events if isinstance(event, FindingWithdrawn))
    assert gone.reason == "its words are part of a longer phrase of the same rule"


def test_what_was_said_is_taken_back(evaluator: Evaluator) -> None:
    live = evaluator.open_call("C-1")
    live.add(Utterance("He hit me.", "caller"))
    update = live.revise(0, "")
    assert kinds(update) == ["finding_withdrawn", "suggestion_superseded", "unflagged"]
    assert reason(update, "suggestion_superseded") == "violence.hit is gone: the words were revised"


def test_a_more_urgent_code_takes_the_place_of_another(evaluator: Evaluator) -> None:
    live = evaluator.open_call("C-1")
    live.add(Utterance("He hit me.", "caller"))
    update = live.add(Utterance("He's got a knife.", "caller"))
    assert kinds(update) == ["finding_added", "suggestion_superseded", "suggestion_raised", "advice_changed"]
    assert reason(update, "suggestion_superseded") == "C1 is suggested instead, as armed-attack holds now"
    assert reason(update, "advice_changed") == "advised by armed-attack"
    assert [(kept.code, kept.superseded is None) for kept in live.suggestions] == [("C3", False), ("C1", True)]


def test_the_dispatcher_sets_the_code(evaluator: Evaluator) -> None:
    live = evaluator.open_call("C-1", current_code="C4")
    live.add(Utterance("He hit me.", "caller"))
    update = live.set_code("cat 3")
    assert kinds(update) == ["code_set", "suggestion_superseded"]
    assert (update.flagged, update.suggested_code, update.utterance) == (True, None, None)
    assert reason(update, "suggestion_superseded") == "the code was set to C3"
    with pytest.raises(CodeError):
        live.set_code("C77")
    assert live.assessment().current_code == "C3"
    assert kinds(live.set_code(None)) == ["code_set", "suggestion_raised"]


def test_minus_points_take_a_flag_back() -> None:
    live = evaluators()[0].open_call("C-1", current_code="C4")
    first = live.add(Utterance("He's got a knife.", "caller"))
    assert [(event.kind, event.reason) for event in first.events][1:] == [
        ("flagged", "tally: What was said adds up to 2 points or more."),
        ("advice_changed", "advised by weapon"),
    ]
    second = live.add(Utterance("I'm scared.", "caller"))
    assert kinds(second)[-1] == "unflagged"
    assert (second.flagged, second.advice) == (False, ("do_not_disclose",))
    closed = live.revise(1, "I'm here.")
    assert closed.flagged
    assert closed.assessment == evaluators()[0].evaluate(live.call)


def test_another_ruleset(evaluator: Evaluator) -> None:
    live = evaluator.open_call("C-1")
    live.add(Utterance("hands round my throat he hit me", "caller"))
    update = live.move_to(evaluators()[0])
    assert kinds(update)[0] == "ruleset_moved"
    (moved,) = live.ruleset_moves
    assert moved.reason == "moved from small 1.0.0 to live 1.0.0"
    assert any(isinstance(event, SuggestionSuperseded) for event in update.events)
    assert live.assessment() == evaluators()[0].evaluate(live.call)
    assert update.to_dict()["events"][0]["ruleset"]["id"] == "live"


def test_a_code_that_the_new_ruleset_does_not_know_keeps_the_old_one(evaluator: Evaluator, ruleset: Ruleset) -> None:
    wales = Evaluator(
        ruleset.model_copy(update={"code_system": "wales-2025", "signs": (), "then": ()}),
        ladder=load_ladder("wales-2025"),
    )
    live = evaluator.open_call("C-1", current_code="C4")
    with pytest.raises(CodeError):
        live.move_to(wales)
    assert live.evaluator is evaluator


def test_ids_are_unique_and_of_a_kind_that_json_keeps(evaluator: Evaluator) -> None:
    live = evaluator.open_call("C-1")
    live.add(Utterance("a"), utterance_id=1)
    with pytest.raises(CallError, match="revise it, or give another id"):
        live.add(Utterance("b"))  # its number is taken
    with pytest.raises(CallError, match="must be a number or text, not float"):
        live.add(Utterance("b"), utterance_id=1.0)  # type: ignore[arg-type]
    with pytest.raises(CallError, match="must be a number or text, not bool"):
        live.add(Utterance("b"), utterance_id=True)
    with pytest.raises(CallError, match="no utterance with the id 'x'"):
        live.revise("x", "b")
    assert len(live.call.utterances) == 1


def test_an_answer_that_ties_somebody_to_a_deed_is_told_by_mention_and_without_words() -> None:
    live = teller().open_call("C-1", current_code="C3")
    updates = [live.add(said) for said in BLOKE.utterances]
    assert [kinds(update) for update in updates[:3]] == [
        ["finding_added"],
        [],
        ["finding_reread", "finding_added"],
    ]
    (reread,) = (event for event in updates[2].events if isinstance(event, FindingReread))
    assert (reread.before.tie, reread.finding.tie) == ("unknown", "partner")
    assert re.fullmatch(r"said now to be by person 2 \(partner, .* in utterance 3\), to the caller", reread.reason)
    assert "bloke" not in json.dumps(updates[2].to_dict())
    assert kinds(updates[3]) == ["finding_added", "flagged", "suggestion_raised", "advice_changed"]


def test_a_revised_answer_unties_and_supersedes_with_the_reason() -> None:
    live = teller().open_call("C-1", current_code="C3")
    for number, said in enumerate(BLOKE.utterances):
        live.add(said, utterance_id=number)
    update = live.revise(2, "I'm not sure.")
    assert not update.flagged
    assert kinds(update)[-1] == "unflagged"
    (kept,) = live.suggestions
    assert kept.superseded is not None
    assert "violence.struck is by somebody else than thought: said now to be by somebody" in kept.superseded
    assert "relationship.named is gone: the words were revised" in kept.superseded


def test_people_numbered_anew_are_no_event() -> None:
    hit = teller().evaluate(BLOKE).findings[0]
    assert hit.agent is not None
    other = hit._replace(agent=hit.agent._replace(person=9))
    assert list(finding_events([hit], [other], because=None)) == []
    excused = other._replace(intent="accident", counts=False, why=Why.BY_ACCIDENT, reason=Why.BY_ACCIDENT.in_words)
    events = list(finding_events([hit], [excused], because=None))
    assert why_changed(events) == "violence.struck no longer counts: said to be an accident"


class Clock:
    """Seconds that pass when told."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def live(evaluator: Evaluator, clock: Clock) -> LiveCall:
    return LiveCall(evaluator, "C-1", current_code="C4", min_interval=0.5, clock=clock)


def test_a_partial_result_waits_and_flush_evaluates_it(live: LiveCall, clock: Clock) -> None:
    update = live.add(Utterance("He", "caller"), final=False)
    assert (update.waiting, update.events, live.due) == (True, (), 0.5)
    clock.now = 0.3
    update = live.revise(0, "He hit me.", final=False)
    assert (update.waiting, update.flagged, live.due) == (True, False, 0.8)
    flushed = live.flush()
    assert flushed is not None
    assert (flushed.flagged, flushed.waiting, live.due) == (True, False, None)
    assert live.flush() is None


def test_what_is_flushed_is_told_of_the_utterance_that_waited(live: LiveCall) -> None:
    live.add(Utterance("He", "caller", 1.0, 2.0), utterance_id="earlier", final=False)
    live.add(Utterance("Hello.", "call_taker", 3.0, 4.0), utterance_id="later")
    live.revise("earlier", "He hit me.", final=False)
    flushed = live.flush()
    assert flushed is not None
    assert (flushed.utterance, flushed.time) == ("earlier", 2.0)


def test_final_words_are_evaluated_at_once(live: LiveCall) -> None:
    live.add(Utterance("He hit", "caller"), final=False)
    update = live.revise(0, "He hit me.")
    assert [event.kind for event in update.events] == ["finding_added", "flagged", "suggestion_raised"]
    assert live.due is None


@pytest.mark.parametrize("asked", ["assessment", "snapshot", "set_code"])
def test_whatever_needs_an_answer_evaluates(live: LiveCall, asked: str) -> None:
    live.add(Utterance("He hit me.", "caller"), final=False)
    getattr(live, asked)(*(["C4"] if asked == "set_code" else []))
    assert live.due is None
    assert live.assessment().flagged


def test_without_an_interval_nothing_waits(evaluator: Evaluator) -> None:
    update = evaluator.open_call("C-1").add(Utterance("He hit me.", "caller"), final=False)
    assert update.flagged
    assert not update.waiting
    assert "waiting" not in update.to_dict()


def test_a_resumed_call_waits_as_well(live: LiveCall, evaluator: Evaluator) -> None:
    live.add(Utterance("He", "caller"), final=False)
    resumed = evaluator.resume(live.snapshot(), min_interval=60.0)
    assert resumed.revise(0, "He hit me.", final=False).to_dict()["waiting"] is True
    assert resumed.assessment().flagged


@pytest.mark.parametrize("interval", [-1.0, float("nan")])
def test_an_interval_that_is_none(evaluator: Evaluator, interval: float) -> None:
    with pytest.raises(CallError, match="0 or more"):
        evaluator.open_call("C-1", min_interval=interval)
