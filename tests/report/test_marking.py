from __future__ import annotations

import unicodedata
from collections import Counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import calls
from triage_triggers import Call, Evaluator, Utterance
from triage_triggers.assessment import Why
from triage_triggers.report.marking import MASK, Mark, MarkedRun, lay_out, mark_text, shown, why_set_aside

if TYPE_CHECKING:
    from triage_triggers.report.marking import TranscriptLine

TEXTS = st.text(st.characters(exclude_categories=()) | st.sampled_from("\u202e\x1b\0\u200b<&\"'\n\ud800"), max_size=30)
MARKS = st.lists(
    st.builds(
        Mark,
        st.integers(-2, 32),
        st.integers(-2, 32),
        st.sampled_from(("counted", "set_aside", "cue")),
        st.text(max_size=5),
    ),
    max_size=6,
)


def said(run: MarkedRun) -> str:
    return "".join(
        chr(int(f"0x{piece.text[2:]}", 0)) if piece.kind == "character" else piece.text for piece in run.pieces
    )


@given(TEXTS, MARKS)
def test_every_character_is_shown_once_and_in_its_place(text: str, marks: list[Mark]) -> None:
    runs = mark_text(text, marks)
    assert "".join(map(said, runs)) == text
    at = 0
    for run in runs:
        end = at + len(said(run))
        assert set(run.marks) == {mark for mark in marks if mark.start <= at and end <= mark.end and at < end}
        at = end


@given(TEXTS, MARKS)
def test_every_mark_in_the_text_is_labelled_once_at_its_end(text: str, marks: list[Mark]) -> None:
    inside = [mark for mark in marks if max(mark.start, 0) < min(mark.end, len(text))]
    assert Counter(mark for run in mark_text(text, marks) for mark in run.ending) == Counter(inside)
    for run in mark_text(text, marks):
        assert set(run.ending) <= set(run.marks)


@given(TEXTS, MARKS)
def test_redacted_shows_the_words_of_findings_alone_and_keeps_every_length(text: str, marks: list[Mark]) -> None:
    at = 0
    for run in mark_text(text, marks, "redacted"):
        end = at + len(said(run))
        findings = [mark for mark in run.marks if mark.kind != "cue"]
        assert said(run) == (text[at:end] if findings else MASK * (end - at))
        at = end
    assert at == len(text)


@given(TEXTS, MARKS)
def test_without_words_nothing_is_shown(text: str, marks: list[Mark]) -> None:
    assert "".join(map(said, mark_text(text, marks, "none"))) == MASK * len(text)


@given(TEXTS)
def test_nothing_that_steers_or_hides_is_shown_as_it_is(text: str) -> None:
    for piece in shown(text):
        if piece.kind == "said":
            hidden = {char for char in piece.text if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl"}}
            assert hidden <= set("\t\n\r\u200c\u200d")


@pytest.mark.parametrize(
    "char", ["\u202e", "\u2066", "\x1b", "\0", "\x7f", "\x9b", "\u200b", "\ufeff", "\u2028", "\xad"]
)
def test_hidden_characters_are_named(char: str) -> None:
    assert [piece.text for piece in shown(f"a{char}b")] == ["a", f"U+{ord(char):04X}", "b"]


def test_a_lone_surrogate_is_named_and_an_emoji_with_joiners_stays_whole() -> None:
    assert [piece.kind for piece in shown("\ud83d")] == ["character"]
    family = "\U0001f469\u200d\U0001f467"
    assert [piece.text for piece in shown(family)] == [family]


def test_of_marks_over_one_another_what_counts_shows() -> None:
    marks = [Mark(0, 6, "set_aside", "a"), Mark(2, 4, "counted", "b"), Mark(3, 8, "cue", "c")]
    runs = mark_text("12345678", marks)
    assert [(run.kind, said(run)) for run in runs] == [
        ("set_aside", "12"),
        ("counted", "3"),
        ("counted", "4"),
        ("set_aside", "56"),
        ("cue", "78"),
    ]
    assert [[mark.label for mark in run.ending] for run in runs] == [[], [], ["b"], ["a"], ["c"]]


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
    alone = (
        evaluator.evaluate("He hit me.").findings[0]._replace(counts=False, reason=Why.ALONE.in_words, why=Why.ALONE)
    )
    assert why_set_aside(alone) == "means little by itself, and nothing beside it counts"


@given(calls)
def test_every_call_can_be_laid_out(evaluator: Evaluator, call: Call) -> None:
    findings = evaluator.evaluate(call).findings
    for words in ("full", "redacted"):
        lines = lay_out(call, findings, words=words)
        assert [sum(len(piece.text) for run in line.runs for piece in run.pieces) for line in lines] == [
            len(utterance.text) for utterance in call.utterances
        ]
