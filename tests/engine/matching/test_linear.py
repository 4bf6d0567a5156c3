"""However long a call, each letter of it is looked at a few times only."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, SupportsIndex

import pytest

from tests.reference import Said, matcher_of
from triage_triggers import Call, Utterance
from triage_triggers.engine.context.lexicon import load_lexicon
from triage_triggers.engine.context.reader import ContextReader
from triage_triggers.engine.matching.document import Document
from triage_triggers.engine.matching.search import PhraseSearch
from triage_triggers.engine.matching.words import MOST_CLITICS, SpokenWords
from triage_triggers.folding import fold

if TYPE_CHECKING:
    from collections.abc import Callable

    from triage_triggers.calls.call import Speaker


@pytest.mark.parametrize("times", [50, 400])
def test_idioms_are_looked_for_once_per_stretch(monkeypatch: pytest.MonkeyPatch, times: int) -> None:
    searched = 0
    spans = PhraseSearch.spans

    def counted(
        search: PhraseSearch, text: SpokenWords, low: int = 0, high: int | None = None
    ) -> dict[int, set[tuple[int, int]]]:
        nonlocal searched
        searched += (text.size if high is None else high) - low
        return spans(search, text, low, high)

    monkeypatch.setattr(PhraseSearch, "spans", counted)
    matcher = matcher_of([Said(0, False, "hit me"), Said(0, True, "hit me up")])
    text = "he hit me and he hit me up " * times
    matches = matcher.scan(text)
    assert [match.idiom is None for match in matches] == [True, False] * times
    assert searched <= 2 * len(text.split()) + 10


class _Watched(str):
    """A text that counts how many of its letters were copied or searched through, one look being a letter at least."""

    __slots__ = ("looked_at",)
    looked_at: int

    def __getitem__(self, where: SupportsIndex | slice) -> str:
        part = super().__getitem__(where)
        self.looked_at += 1 + len(part)
        return part

    def find(self, sought: str, start: SupportsIndex | None = None, end: SupportsIndex | None = None) -> int:
        at = super().find(sought, start, end)
        low = 0 if start is None else int(start)
        high = len(self) if end is None else int(end)
        self.looked_at += 1 + (at if at >= 0 else high) - low
        return at


def _letters_looked_at(*said: tuple[str, Speaker]) -> int:
    """Read every "hit" in a call and return how much of the call was looked at for it."""
    document = Document(Call("C-1", [Utterance(text, speaker) for text, speaker in said]))
    raw, folded = _Watched(document.raw), _Watched(document.folded)
    raw.looked_at = folded.looked_at = 0
    document.raw, document.folded = raw, folded
    reader = ContextReader(document, load_lexicon("en"))
    for match in re.finditer("hit", document.folded):
        reader.read(*match.span())
    return raw.looked_at + folded.looked_at


@pytest.mark.parametrize(
    "calls",
    [
        lambda times: [("has he hit you. " * times, "call_taker"), ("well it is a long story " * times, "caller")],
        lambda times: [("has he hit you? " * times, "unknown")],
        lambda times: [("i hit her. " * times, "other"), ("well he is shouting again " * times, "caller")],
        lambda times: [("has he hit you", "call_taker")] * times,
        lambda times: [("has he hit you?", "call_taker"), ("sorry?", "caller")] * times,
    ],
    ids=["asked without a mark", "asked without speakers", "a voice in the background", "segments", "asked back"],
)
def test_eight_times_the_call_takes_eight_times_the_looks(calls: Callable[[int], list[tuple[str, Speaker]]]) -> None:
    once, eight_times = _letters_looked_at(*calls(40)), _letters_looked_at(*calls(320))
    assert eight_times <= 10 * once


def test_a_word_of_many_apostrophes_is_read_a_few_letters_at_a_time() -> None:
    text = SpokenWords(fold("a'" + "s'" * 5_000))
    assert len(text.bare[0]) == MOST_CLITICS


def test_hesitations_beside_every_pause_are_blank() -> None:
    assert fold("he um.. er... hit me " * 1_000) == fold("he   ..   ... hit me " * 1_000)
