from __future__ import annotations

import pytest

from tests.engine.context.notation import call_of, evaluator, readings
from triage_triggers import Call, Utterance
from triage_triggers.engine.context.lexicon import load_lexicon
from triage_triggers.engine.context.reader import ContextReader
from triage_triggers.engine.matching.document import Document


@pytest.mark.parametrize(
    ("notation", "reading", "kind", "cue"),
    [
        ("he hasn\u2019t hit me", "negated", "negation", "hasn\u2019t"),
        ("he has never, um, ever hit me", "negated", "negation", "never, um, ever"),
        ("no gun", "negated", "determiner", "no"),
        ("nobody's got a knife", "negated", "nobody", "nobody's"),
        ("Denies LOC, SOB or [DV]", "negated", "denial", "Denies"),
        ("no evidence of strangulation", "negated", "absence", "no evidence of"),
        ("Weapons: nil", "negated", "absence_after", "nil"),
        ("Weapons - no", "negated", "absence_after", "no"),
        ("a knife, no sorry, it's a comb", "negated", "correction", "no sorry, it's"),
        ("T: Did he [hit you]? / C: Well, no he didn't.", "negated", "answer_no", "no"),
        ("T: Did he [hit you]? / C: Oh God yes.", "current", "answer_yes", "yes"),
        ("T: Did he [hit you]? / C: I'm not sure.", "questioned", "answer_unknown", "I'm not sure"),
        ("T: Did he [hit you]?", "questioned", "question", "you"),
        ("he used to hit me", "past", "past_habit", "used to"),
        ("hx of DV", "past", "past_noun", "hx of"),
        ("assaulted 2/7 ago", "past", "past_date", "2/7"),
        ("he hit me two years ago", "past", "past_date", "two years ago"),
        ("he hit me back in 2011", "past", "past_date", "2011"),
        ("he's hit me before", "past", "past_after", "before"),
        ("he'll hit me", "feared", "feared", "he'll"),
        ("he said he'd kill me", "current", "reported", "said"),
        ("he's threatening to stab me", "current", "threatening", "threatening"),
        ("if he hits me", "set aside", "supposed", "if"),
        ("in a film he stabs her", "set aside", "fiction", "in a film"),
        ("he's kicking off his shoes, he kicks her", "current", None, None),
    ],
)
def test_the_cue_that_decided(notation: str, reading: str, kind: str | None, cue: str | None) -> None:
    (read,) = readings(notation)
    assert read.reading == reading
    assert read.cue == (None if kind is None else (kind, cue))


@pytest.mark.parametrize(
    ("notation", "turn", "end"),
    [
        ("C: Help. / C: He hit me.", 1, 9),
        ("T: Did he hit you? / C: Um, yes he did.", 1, 7),
        ("T: Did he hit you? / O: What? / C: Oh yes.", 2, 6),
        ("T: When did he hit you? / C: Last night.", 1, 10),
        ("C: He's hit me, hasn't he? / T: Right.", 0, 11),
    ],
)
def test_when_a_reading_was_known(notation: str, turn: int, end: int) -> None:
    first = evaluator().evaluate(call_of(notation)).first_flag
    assert first is not None
    assert (first.utterance, first.end) == (turn, end)


def test_a_cue_that_runs_on_is_shown_where_it_starts() -> None:
    call = Call("C-1", [Utterance("there is no", "caller"), Utterance("evidence of strangulation", "caller")])
    (finding,) = evaluator().evaluate(call).findings
    assert finding.cue == ("absence", 0, 9, 11)


def test_a_reason_holds_no_words_of_the_call() -> None:
    for said in ("he hasn't hit Zebedee he hasn't hit me", "if Zebedee hits me", "two years ago Zebedee hit me"):
        for finding in evaluator().evaluate(said).findings:
            assert "zebedee" not in finding.reason.lower()


def test_the_same_words_in_two_sentences_are_read_apart() -> None:
    assert [read.reading for read in readings("He hit me. He hasn't hit me. He used to hit me. He hit me.")] == [
        "current",
        "negated",
        "past",
        "current",
    ]


def test_findings_of_one_sentence_may_be_read_differently() -> None:
    assert [read.reading for read in readings("he hasn't got a gun he's got a knife and he'll stab me")] == [
        "negated",
        "current",
        "feared",
    ]


HIT_BY_HUSBAND = frozenset({"husband", "he", "hes", "hit", "hitting", "me"})


@pytest.mark.parametrize(
    ("text", "polarity", "temporality", "cue"),
    [
        ("My husband has never hit me.", "negated", "current", "never"),
        ("My husband didn't hit me.", "negated", "current", "didn't"),
        ("My husband used to hit me.", "affirmed", "past", "used to"),
        ("My husband might hit me.", "affirmed", "hypothetical", "might"),
        ("My husband won't stop hitting me.", "affirmed", "current", None),
        ("My husband never stops hitting me.", "affirmed", "current", None),
        ("My husband didn't just hit me.", "affirmed", "current", None),
        ("My husband, not my brother, hit me.", "affirmed", "current", None),
        ("My husband hit me never.", "affirmed", "current", None),
    ],
)
def test_what_a_phrase_leaves_open_is_read_too(text: str, polarity: str, temporality: str, cue: str | None) -> None:
    document = Document(Call.from_text(text))
    start, end = text.index("husband"), text.index("me", text.index("hit")) + 2
    reading = ContextReader(document, load_lexicon("en")).read(start, end, HIT_BY_HUSBAND)
    assert (reading.polarity, reading.temporality) == (polarity, temporality)
    assert (None if reading.cue is None else text[reading.cue.start : reading.cue.end]) == cue
    assert reading.counts == (polarity == "affirmed")


def test_the_words_of_a_phrase_itself_deny_nothing() -> None:
    text = "He won't give me my inhaler."
    reader = ContextReader(Document(Call.from_text(text)), load_lexicon("en"))
    words = frozenset({"wont", "give", "me", "inhaler"})
    assert reader.read(text.index("won't"), len(text) - 1, words).polarity == "affirmed"
