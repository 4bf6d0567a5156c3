"""What is said would have changed a decision does change it, and nothing smaller does."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings

from tests.strategies import calls, conversation_rulesets
from tests.told import BLOKE, teller
from triage_triggers import Call, Evaluator, Ruleset, Utterance
from triage_triggers.assessment import Cue, Why
from triage_triggers.replay.counterfactual import MOST_JUDGED, Search, apply, counterfactuals, possible_changes

if TYPE_CHECKING:
    from triage_triggers.calls.call import Speaker


def conversation(*said: str, code: str | None = "C4") -> Call:
    speakers: tuple[Speaker, ...] = ("call_taker", "caller") * len(said)
    return Call(
        "C-1", [Utterance(text, speaker) for text, speaker in zip(said, speakers, strict=False)], current_code=code
    )


def search_for(evaluator: Evaluator, call: Call, aim: str) -> Search:
    return next(search for search in counterfactuals(evaluator, call) if search.aim == aim)


def sentences(evaluator: Evaluator, call: Call, aim: str) -> list[str]:
    actual = evaluator.evaluate(call)
    return [found.sentence(actual) for found in search_for(evaluator, call, aim).found]


def test_an_answer_the_other_way_and_the_call_really_changed(evaluator: Evaluator) -> None:
    denied = conversation("Has he got his hands round my throat?", "No.")
    outcome = "it would have been flagged, and C2 suggested instead of C4."
    assert sentences(evaluator, denied, "flagged") == [f"Had the question in utterance 1 been answered yes, {outcome}"]
    confirmed = evaluator.evaluate(conversation("Has he got his hands round my throat?", "Yes."))
    assert (confirmed.flagged, confirmed.suggested_code) == (True, "C2")
    assert "Had the question in utterance 1 been answered no, it would not have been flagged." in sentences(
        evaluator, conversation("Did he hit you?", "Yes."), "not_flagged"
    )


@pytest.mark.parametrize(
    ("said", "really", "sentence"),
    [
        ("He never hit me.", "He hit me.", "Had the denial in utterance 2 not been said, "),
        (
            "In a film he hit her.",
            "He hit her.",
            "Had the words in utterance 2 been meant, not told of a film or a game, ",
        ),
        (
            "I've hit me up.",
            "I've hit me.",
            "Had the words in utterance 2 not been part of a phrase that the rule excludes, ",
        ),
        (
            "He used to hit me.",
            "He hit me.",
            "Had the words in utterance 2 been said as happening now, not told of the past, ",
        ),
    ],
)
def test_one_reading_the_other_way(evaluator: Evaluator, said: str, really: str, sentence: str) -> None:
    assert not evaluator.evaluate(conversation("Yes?", said)).flagged
    found = sentences(evaluator, conversation("Yes?", said), "flagged")
    assert found == [f"{sentence}it would have been flagged, and C3 suggested instead of C4."]
    assert evaluator.evaluate(conversation("Yes?", really)).suggested_code == "C3"


def test_another_speaker(evaluator: Evaluator) -> None:
    call = Call("C-1", [Utterance("He hit me.", "caller"), Utterance("I've got a gun", "other")])
    said = "Had the words in utterance 2 been said by somebody whom the rule listens to, not by the other, "
    assert f"{said}it would still have been flagged, but C1 suggested." in sentences(evaluator, call, "more_urgent")


def test_words_not_said_and_a_rule_that_is_missing(evaluator: Evaluator) -> None:
    assert sentences(evaluator, conversation("Hello?", "He hit me."), "not_flagged") == [
        "Had the words in utterance 2 been told of the past, it would not have been flagged.",
        "Had the words of finding 1 in utterance 2 not been said, it would not have been flagged.",
        "Without the rule violence.hit, it would not have been flagged.",
    ]
    assert sentences(evaluator, conversation("Hello?", "He hit me with a knife."), "less_urgent")[-2:] == [
        "Without the rule violence.hit, it would not have been flagged.",
        "Without the rule weapon.knife, it would still have been flagged, but C3 suggested instead of C4.",
    ]


def test_two_together_where_no_one_is_enough(evaluator: Evaluator) -> None:
    call = conversation("Has he got a knife?", "No.", "Did he hit you?", "No.")
    search = search_for(evaluator, call, "more_urgent")
    assert search.size == 1, "violence alone suggests a code"
    call = conversation("Has he got a knife?", "No. He never hit me. He's got his hands round my throat.")
    search = search_for(evaluator, call, "more_urgent")
    assert (search.size, search.complete) == (2, True)
    together = "Had the question in utterance 1 been answered yes and had the denial in utterance 2 not been said"
    outcome = "it would still have been flagged, but C1 suggested instead of C4."
    assert sentences(evaluator, call, "more_urgent") == [f"{together}, {outcome}"]


def test_a_change_to_what_was_said_with_one_to_the_rules(evaluator: Evaluator) -> None:
    call = conversation("Hello?", "He hit me.", "And?", "He hit me with pizza.")
    found = sentences(evaluator, call, "not_flagged")
    mixed = "Had the words of finding 3 in utterance 4 not been said, without the rule violence.hit"
    assert f"{mixed}, it would not have been flagged." in found


def test_where_nothing_helps_the_signs_say_what_they_lacked(evaluator: Evaluator) -> None:
    armed = evaluator.ruleset.signs[2].model_copy(update={"find": ("weapon",), "with_": ("violence",)})
    ruleset = evaluator.ruleset.model_copy(update={"signs": (armed,), "then": ()})
    search = search_for(Evaluator(ruleset), conversation("A knife?", "I'm scared of the blade."), "flagged")
    assert (search.size, search.found) == (0, ())
    assert search.lacks == ("the sign armed-attack: violence within 120 words",)
    assert search_for(evaluator, conversation("Hello?", "Hello."), "flagged").lacks == ()


def test_a_flag_of_several_signs_needs_several_words_unsaid(evaluator: Evaluator) -> None:
    call = conversation("Hello?", "He hit me.", "And?", "Hands round my throat.", "And?", "Pizza.", code=None)
    search = search_for(evaluator, call, "not_flagged")
    assert search.size == 3
    assert all(change.kind == "words" for change in search.found[0].changes)


def test_a_tally_falls_without_the_smallest_set_of_lines(evaluator: Evaluator) -> None:
    lines = [
        {"id": rule.id, "find": rule.id, "points": 2, "reason": "R."}
        for rule in evaluator.ruleset.rules
        if rule.theme in {"violence", "weapon", "fear"}
    ]
    content = evaluator.ruleset.model_dump(by_alias=True, exclude={"signs", "then"})
    content["tally"] = {"look_again": 2, "flag": 4, "lines": lines}
    tallied = Evaluator(Ruleset.model_validate(content))
    call = conversation("Hello?", "He hit me.", "And?", "A knife.", "And?", "I'm scared.", code=None)
    found = sentences(tallied, call, "not_flagged")
    lines_missing = "Without what feeds the tally's line weapon.knife and what feeds the tally's line fear.scared"
    assert f"{lines_missing}, it would not have been flagged; the tally would be 2, and 4 flags." in found
    assert search_for(tallied, call, "not_flagged").size == 2


def test_the_search_says_when_it_stops_early(evaluator: Evaluator) -> None:
    call = conversation("Has he got a knife?", "No. I'm scared.")
    (search, _) = counterfactuals(evaluator, call, most=1)
    assert (search.judged, search.complete) == (1, False)
    (search, _) = counterfactuals(evaluator, call)
    assert search.complete


def test_nothing_that_was_said_is_in_the_sentences(evaluator: Evaluator) -> None:
    call = conversation("Has he got a knife?", "No, Marigold. He never hit me. I used to be scared.")
    for search in counterfactuals(evaluator, call):
        for found in search.found:
            assert "Marigold" not in found.sentence(evaluator.evaluate(call))


def achieved(aim: str, other: tuple[bool, str | None], actual: tuple[bool, str | None], codes: tuple[str, ...]) -> bool:
    """The four aims, once more, over a flag and the place of a code (0 is the most urgent)."""
    new, old = (len(codes) if code is None else codes.index(code) for code in (other[1], actual[1]))
    return {
        "flagged": other[0],
        "not_flagged": not other[0],
        "more_urgent": new < old,
        "less_urgent": new > old,
    }[aim]


@settings(max_examples=30, deadline=None)
@given(calls, conversation_rulesets())
def test_what_is_found_is_so_and_is_the_smallest(call: Call, ruleset: Ruleset) -> None:
    evaluator = Evaluator(ruleset)
    actual = evaluator.evaluate(call)
    changes = possible_changes(call, actual.findings)
    codes = evaluator.ladder.codes

    def judged(together: tuple[object, ...]) -> tuple[bool, str | None]:
        other = evaluator.reassess(call, apply(together, actual.findings))  # type: ignore[arg-type]
        return other.flagged, other.suggested_code

    then = (actual.flagged, actual.suggested_code)
    for search in counterfactuals(evaluator, call):
        assert search.complete or search.judged == MOST_JUDGED
        for found in search.found:
            assert len(found.changes) == search.size
            assert achieved(search.aim, judged(found.changes), then, codes)
        for size in range(1, search.size or 3) if search.complete else ():
            some = changes if size < 3 else [change for change in changes if change.kind in {"words", "line"}]
            for together in combinations(some, size):
                touched = [position for change in together for position in change.findings]
                if len(touched) == len(set(touched)):
                    assert not achieved(search.aim, judged(together), then, codes)


@settings(max_examples=40)
@given(calls)
def test_a_call_judged_again_without_a_change_is_judged_the_same(evaluator: Evaluator, call: Call) -> None:
    actual = evaluator.evaluate(call)
    assert evaluator.reassess(call, apply((), actual.findings)) == actual
    for change in possible_changes(call, actual.findings):
        other = apply([change], actual.findings)
        assert other != actual.findings
        assert len(other) == len(actual.findings) - len(change.findings) * change.removed


def test_without_the_words_that_tell_who_did_it() -> None:
    evaluator = teller()
    found = sentences(evaluator, BLOKE, "not_flagged")
    tied = [sentence for sentence in found if "in utterance 3 that tell" in sentence]
    assert len(tied) == 1
    assert tied[0].endswith(" who it is, it would not have been flagged; the tally would be 3, and 5 flags.")
    assert not any("question in utterance 4" in sentence for sentence in found), "it counts whatever the answer"


def test_harm_that_was_excused_would_count_had_it_been_meant() -> None:
    call, (hit, *_) = Call("C-1", BLOKE.utterances[:1]), teller().evaluate(BLOKE).findings
    excused = hit._replace(intent="accident", counts=False, why=Why.BY_ACCIDENT, cue=Cue("accident", 0, 0, 2))
    (change,) = possible_changes(call, [excused])
    assert change.text == "the words in utterance 1 been meant as harm, not said to be an accident"
    (read,) = apply([change], [excused])
    assert (read.counts, read.intent, read.tie) == (True, "meant", "partner")


def test_a_tie_survives_judging_again() -> None:
    evaluator = teller()
    actual = evaluator.evaluate(BLOKE)
    past = [finding._replace(temporality="hypothetical") for finding in actual.findings]
    assert evaluator.reassess(BLOKE, past).tally == actual.tally


def test_where_nothing_helps_the_tally_says_how_far_it_is() -> None:
    call = Call("C-1", [*BLOKE.utterances[:1], *BLOKE.utterances[3:]])
    search = search_for(teller(), call, "flagged")
    assert (search.found, search.lacks) == ((), ("the tally: it is 3, and 5 flags",))
