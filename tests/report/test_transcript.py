from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given

from tests.strategies import calls
from triage_triggers import Call, Evaluator, Utterance
from triage_triggers.report.marking import lay_out, why_set_aside

if TYPE_CHECKING:
    from triage_triggers.report.marking import TranscriptLine


def labels(lines: tuple[TranscriptLine, ...]) -> list[list[str]]:
    return [[mark.label for run in line.runs for mark in run.ending] for line in lines]


def test_findings_and_cues_stand_where_they_were_said(evaluator: Evaluator) -> None:
    call = Call(
        "C-1",
        [
            Utterance("Did he hit you?", "call_taker", 1, 2),
            Utterance("No. I'm scared.", "caller"),
            Utterance("", "caller"),
        ],
    )
    lines = lay_out(call, evaluator.evaluate(call).findings, anchor="f")
    assert labels(lines) == [["1 set aside (negated): violence"], ["cue of 1: answer no", "2 counted: fear"], []]
    assert [(line.number, line.speaker, line.clock) for line in lines] == [
        (1, "call-taker", "00:01"),
        (2, "caller", ""),
        (3, "caller", ""),
    ]
    assert {mark.target for line in lines for run in line.runs for mark in run.marks} == {"f-1", "f-2"}


def test_a_finding_that_runs_over_segments_is_marked_in_each(evaluator: Evaluator) -> None:
    call = Call("C-1", [Utterance("he's hit", "caller"), Utterance("me", "caller")])
    lines = lay_out(call, evaluator.evaluate(call).findings)
    assert labels(lines) == [["1 counted: violence"], ["1 counted: violence"]]
    assert [[piece.text for run in line.runs for piece in run.pieces] for line in lines] == [["he's ", "hit"], ["me"]]


def test_without_words_a_line_has_its_length_alone(evaluator: Evaluator) -> None:
    call = Call.from_text("He hit me.")
    (line,) = lay_out(call, evaluator.evaluate(call).findings, words="none")
    assert (line.runs, line.length) == ((), 10)


def test_why_a_finding_is_set_aside_in_a_word(evaluator: Evaluator) -> None:
    def why(text: str, speaker: str = "unknown") -> str:
        call = Call("C-1", [Utterance(text, speaker)])  # type: ignore[arg-type]
        return why_set_aside(evaluator.evaluate(call).findings[0])

    assert why("He never hit me.") == "negated"
    assert why("They hit me up for money.") == "idiom"
    assert why("I've got a gun", "other") == "another speaker"


@given(calls)
def test_every_call_can_be_laid_out(evaluator: Evaluator, call: Call) -> None:
    findings = evaluator.evaluate(call).findings
    for words in ("full", "redacted"):
        lines = lay_out(call, findings, words=words)
        assert [sum(len(piece.text) for run in line.runs for piece in run.pieces) for line in lines] == [
            len(utterance.text) for utterance in call.utterances
        ]
