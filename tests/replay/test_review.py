from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.replay.conftest import entry
from tests.strategies import calls, conversation_rulesets
from triage_triggers import Call, CallError, Evaluator, Ruleset, Utterance
from triage_triggers.replay.case import Case, Moment, duration, parse_moment
from triage_triggers.replay.review import Review, review_case, unfold

if TYPE_CHECKING:
    from triage_triggers.replay.case import CaseEntry


@given(
    st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)),  # noqa: DTZ001  Hypothesis wants them without a zone
    st.sampled_from(("", "+00:00", "+01:00", "-05:30", "Z")),
)
def test_what_is_written_is_read(time: datetime, offset: str) -> None:
    time = time.replace(microsecond=0)
    moment = parse_moment(f"{time.isoformat()}{offset}")
    assert moment.time.replace(tzinfo=None) == time
    assert moment.has_offset is bool(offset)
    assert not moment.is_day
    assert (
        parse_moment(str(moment).replace(" UTC", "Z").replace(" -0530", "-05:30").replace(" +0100", "+01:00")) == moment
    )


def test_a_day_lasts_until_its_end() -> None:
    day = parse_moment("2025-03-02")
    assert (str(day), day.is_day, day.clock) == ("2025-03-02", True, "")
    assert day.latest - day.time == timedelta(days=1)
    call = parse_moment("2025-03-02 09:00")
    assert day.latest > call.time == call.latest


def test_seconds_later() -> None:
    assert str(parse_moment("2025-03-02T23:59:30Z").after(45.5)) == "2025-03-03 00:00:15 UTC"


@pytest.mark.parametrize(
    "written",
    ["", "yesterday", "2025-3-2", "2025-02-30", "2025-03-02T25:00", "20250302", "2025-03-02T09", 5, None,
     "2025-03-02T09:00+99:00", "0001-01-01", "9999-12-31", "2025-03-02T09:00:00+00:00 "],
)  # fmt: skip
def test_what_is_no_time_is_refused(written: object) -> None:
    with pytest.raises(ValueError, match=r"^must be a day"):
        parse_moment(written)


def test_a_moment_stays_a_moment() -> None:
    moment = Moment(datetime(2025, 1, 1, tzinfo=UTC))
    assert parse_moment(moment) is moment


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (-28.6, "29 s"), (59.6, "1 min"), (60, "1 min"), (3_600, "1 h"), (86_400, "1 day"),
     (86_400 * 2 + 3_600 * 5 + 59, "2 days 5 h"), (3_725, "1 h 2 min")],
)  # fmt: skip
def test_lengths_of_time_in_words(seconds: float, words: str) -> None:
    assert duration(seconds) == words


TIMED = Call("C", [Utterance("He hit me.", "caller", 1)])
UNTOLD = "can't be told: a time is missing"


def review(evaluator: Evaluator, *entries: CaseEntry) -> list[Review]:
    return list(review_case(Case("a", "A", entries, ()), lambda _: evaluator))


def test_what_was_known_before_is_kept_apart_from_what_was_said(evaluator: Evaluator, case: Case) -> None:
    first, note, second = review_case(case, lambda _: evaluator)
    assert first.known == ()
    assert [(known.theme, known.entry.call.call_id, known.temporalities) for known in note.known] == [
        ("violence", "C-1", ("past",))
    ]
    assert [(known.theme, known.times) for known in second.known] == [("violence", 1), ("fear", 1)]
    alone = evaluator.evaluate(second.entry.call)
    assert second.assessment == alone, "earlier disclosures never enter the assessment"


def test_the_moment_against_each_dispatch(evaluator: Evaluator, case: Case) -> None:
    first, _, second = review_case(case, lambda _: evaluator)
    assert [(gap.flag, gap.suggestion) for gap in first.against] == [("none", "none")]
    assert (second.unfolding.flagged, second.unfolding.suggested) == second.unfolding.steps
    assert str(second.moment(second.unfolding.suggested)) == "2025-02-01 10:00:10 UTC"
    assert [(gap.sent.code, gap.flag, gap.suggestion) for gap in second.against] == [
        ("C4", "1 min 4 s after it", "1 min 10 s after it"),
        ("C2", "6 s before it", "in the same second"),
    ]


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        (entry(Call.from_text("He hit me."), "2025-01-01T10:00:00Z", ("2025-01-01T10:00:30Z", None)), UNTOLD),
        (entry(TIMED, "2025-01-01", ("2025-01-01T10:00:30Z", None)), UNTOLD),
        (entry(TIMED, "2025-01-01T10:00:00Z", ("2025-01-01", None)), UNTOLD),
        (entry(TIMED, "2025-01-01T10:00:00Z", ("2025-01-01T10:00:30Z", None)), "29 s before it"),
        (entry(TIMED, "2025-01-01T10:00:00Z", ("2025-01-01T10:00:30Z", None), kind="note"), "30 s before it"),
    ],
)
def test_what_is_missing_is_said(evaluator: Evaluator, told: CaseEntry, expected: str) -> None:
    (found,) = review(evaluator, told)
    assert found.against[0].flag == expected


def test_an_entry_with_an_unknown_code_is_named(evaluator: Evaluator) -> None:
    with pytest.raises(CallError, match="note 'N-1': this is no code of nhs-arp"):
        review(evaluator, entry(Call("N-1", (), current_code="Mary"), "2025-01-01", kind="note"))


SAID = (
    Utterance("Hello?", "call_taker", 0, 1),
    Utterance("He hit me.", "caller", 2, 3),
    Utterance("Has he got a knife?", "call_taker", 4),
    Utterance("Yes.", "caller", 6, 7),
)


def test_each_change_is_a_step_with_its_time(evaluator: Evaluator) -> None:
    unfolding = unfold(evaluator, Call("C-1", SAID, current_code="C4"))
    steps = unfolding.steps
    assert [(step.utterance, step.time, step.assessment.suggested_code) for step in steps] == [
        (1, 3, "C3"),
        (3, 7, "C1"),
    ]
    assert (unfolding.flagged, unfolding.suggested) == steps


def test_where_nothing_is_found_there_are_no_steps(evaluator: Evaluator) -> None:
    unfolding = unfold(evaluator, Call("C-1", SAID[:1]))
    assert (unfolding.steps, unfolding.flagged, unfolding.suggested) == ((), None, None)
    assert (unfolding.to_dict()["first_flagged"], unfolding.to_dict()["first_suggested"]) == (None, None)


def test_each_ruleset_has_its_own_moment(evaluator: Evaluator, ruleset: Ruleset, case: Case) -> None:
    quiet = Evaluator(
        ruleset.model_copy(update={"signs": ruleset.signs[:1], "then": ruleset.then[:1], "version": "2.0.0"})
    )
    one, other = (unfold(each, case.entries[2].call) for each in (evaluator, quiet))
    assert one.to_dict() == {
        "ruleset": {"id": "small", "version": "1.0.0", "digest": ruleset.digest},
        "flagged": True,
        "suggested_code": "C1",
        "policies": ["violence-now", "armed-attack"],
        "first_flagged": {"utterance": 1, "time": 4.4},
        "first_suggested": {"utterance": 2, "time": 10},
    }
    assert other.to_dict()["first_suggested"] == {"utterance": 1, "time": 4.4}


def test_an_utterance_without_an_end_is_timed_by_its_start(evaluator: Evaluator) -> None:
    (step,) = unfold(evaluator, Call("C-1", [Utterance("He hit me.", "caller", 4)])).steps
    assert step.time == 4
    (step,) = unfold(evaluator, Call.from_text("He hit me.")).steps
    assert step.time is None


@given(calls)
def test_the_last_step_is_what_the_whole_call_gives(evaluator: Evaluator, call: Call) -> None:
    unfolding = unfold(evaluator, call)
    steps, whole = unfolding.steps, evaluator.evaluate(call)
    assert unfolding.assessment == whole
    last = steps[-1].assessment if steps else evaluator.evaluate(Call("C-1", ()))
    assert (last.flagged, last.suggested_code, last.policies) == (whole.flagged, whole.suggested_code, whole.policies)
    for number, step in enumerate(steps):
        so_far = evaluator.evaluate(Call(call.call_id, call.utterances[: step.utterance + 1]))
        assert step.assessment == so_far
        assert number == 0 or steps[number - 1].utterance < step.utterance


@settings(max_examples=40, deadline=None)
@given(calls, conversation_rulesets())
def test_each_step_is_what_was_said_by_then_under_any_gates(call: Call, ruleset: Ruleset) -> None:
    evaluator = Evaluator(ruleset)
    for step in unfold(evaluator, call).steps:
        so_far = Call(call.call_id, call.utterances[: step.utterance + 1])
        assert step.assessment == evaluator.evaluate(so_far)
