from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.strategies import match_texts
from triage_triggers.calls.call import Call, Utterance
from triage_triggers.engine.context.sentence import Sentence, sentence_at, tokens
from triage_triggers.engine.matching.document import Document
from triage_triggers.folding import fold


def sentence(marked: str) -> tuple[Document, Sentence]:
    """The sentence around the part in square brackets."""
    start, end = marked.index("["), marked.index("]") - 1
    document = Document(Call.from_text(marked.replace("[", "").replace("]", "")))
    return document, Sentence(document, *sentence_at(document, start, end))


@pytest.mark.parametrize(
    ("marked", "text"),
    [
        ("He [hit] me", "He hit me"),
        ("Help. He [hit] me. Please.", " He hit me"),
        ("Help! He [hit] me? Please.", " He hit me"),
        ("He... [hit] me . . . there. Then", "He... hit me . . . there"),
        ("The p.t. was [hit]", " was hit"),
        ("The p.t [hit] him", "The p.t hit him"),
        ("[hit]", "hit"),
        ("One. [hit]", " hit"),
        ("One\n\n[hit]", "One\n\nhit"),
    ],
)
def test_the_sentence_around_a_finding(marked: str, text: str) -> None:
    document, found = sentence(marked)
    assert document.raw[found.start : found.end] == text


def test_a_sentence_ends_with_the_turn() -> None:
    document = Document(Call("C-1", [Utterance("did he", "call_taker"), Utterance("hit me", "caller")]))
    assert sentence_at(document, 7, 10) == (7, 13)


def test_unpunctuated_speech_is_read_around_the_finding_only() -> None:
    text = "and then he said " * 1000 + "he hit me" + " and then I said" * 1000
    start = text.index("he hit")
    document = Document(Call.from_text(text))
    low, high = sentence_at(document, start, start + 9)
    assert start - low < 400
    assert high - start < 400
    words = Sentence(document, low, high).words
    assert words[0] in {"and", "then", "he", "said"}  # whole words, at the start


@pytest.mark.parametrize(
    ("marked", "breaks"),
    [
        ("no [he] hit me", ["", "", "", ""]),
        ("no, [he] hit me", ["", ",", "", ""]),
        ("no; [he] hit me", ["", ";", "", ""]),
        ("no - [he] hit-me", ["", ";", "", ""]),
        ("no \u2013 [he] (hit) me", ["", ";", ";", ";"]),
        ("no\n\n[he] hit\nme", ["", ";", "", ""]),
        ("no, um, [he] hit me", ["", "", "", ""]),  # hesitations bring their own commas
        ("no... [he] hit\u3001 me", ["", "", "", ","]),
        ('no "[he]" hit me', ["", ";", ";", ""]),
        ("'no' [he]'s here", ["", "", ""]),
    ],
)
def test_the_punctuation_before_each_word(marked: str, breaks: list[str]) -> None:
    assert sentence(marked)[1].breaks == breaks


@pytest.mark.parametrize(
    ("marked", "question"),
    [
        ("has he [hit] you?", True),
        ("has he [hit] you?!", True),
        ("has he [hit] you!?", True),
        ("has he [hit] you...?", True),
        ("has he [hit] you\uff1f", True),
        ("he [hit] me!", False),
        ("he [hit] me. What?", False),
        ("he [hit] me", False),
    ],
)
def test_a_question_ends_in_a_question_mark(marked: str, *, question: bool) -> None:
    assert sentence(marked)[1].question is question


@given(match_texts, st.data())
def test_a_finding_is_inside_its_sentence(text: str, data: st.DataObject) -> None:
    document = Document(Call.from_text(text))
    found = tokens(document.folded)
    if not found:
        return
    token = data.draw(st.sampled_from(found))
    low, high = sentence_at(document, token.start, token.end)
    assert 0 <= low <= token.start < token.end <= high <= len(text)
    around = Sentence(document, low, high)
    first, last = around.words_of(token.start, token.end)
    assert around.words[first:last] == [token.word]
    assert len(around.starts) == len(around.words)
    assert len(around.breaks) == len(around.words)


@given(match_texts, st.integers(0, 60), st.integers(1, 9))
def test_any_span_touches_words_of_its_sentence(text: str, start: int, length: int) -> None:
    document = Document(Call.from_text(text.replace("\x1e", " ")))
    around = Sentence(document, 0, len(text))
    first, last = around.words_of(start, start + length)
    assert 0 <= first <= len(around.words)
    assert last <= len(around.words)
    touched = [token.word for token in tokens(document.folded) if token.start < start + length and token.end > start]
    assert around.words[first:last] == touched


@given(match_texts)
def test_words_are_cut_at_their_offsets(text: str) -> None:
    folded = fold(text)
    for token in tokens(folded):
        assert tokens(folded, token.start, token.end) == [token]
        assert token.word.strip("'") == token.word
