"""What is inside what, and what overlaps what, compared with every text that is short enough to try."""

from __future__ import annotations

from datetime import date
from itertools import product
from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from tests.reference import Said, matcher_of
from triage_triggers.lint.check import Subject
from triage_triggers.lint.phrases import CHECKS as PHRASE_CHECKS
from triage_triggers.ruleset.definition import Rule, Ruleset
from triage_triggers.ruleset.loading import LocatedRuleset

if TYPE_CHECKING:
    from collections.abc import Iterable

WORDS = ("a", "b", "c")
LITERALS = [" ".join(words) for size in (1, 2, 3) for words in product(WORDS, repeat=size)]
TEXTS = [" ".join(words) for size in range(1, 6) for words in product(WORDS, repeat=size)]
phrases = st.lists(st.sampled_from(LITERALS), min_size=1, max_size=3, unique=True)


def remarks(check: str, rules: Iterable[Rule]) -> set[tuple[str, object]]:
    ruleset = Ruleset(
        format=1,
        id="demo",
        version="1.0.0",
        title="Demo",
        language="en",
        status="draft",
        code_system="nhs-arp",
        rules=tuple(rules),
    )
    (found,) = (each for each in PHRASE_CHECKS if each.id == check)
    # Only where a remark stands needs the files.
    located = LocatedRuleset(ruleset, draft=None, own=frozenset())  # type: ignore[arg-type]
    return {(remark.name, remark.place[-1]) for remark in found.find(Subject(located, date(2026, 11, 24), frozenset()))}


@given(phrases, phrases)
def test_an_idiom_is_idle_where_no_text_shows_it_at_work(said: list[str], unless: list[str]) -> None:
    idle = set()
    for number, idiom in enumerate(unless):
        phrases = [Said(0, False, text) for text in said]
        without, matcher = matcher_of(phrases), matcher_of([*phrases, Said(0, True, idiom)])
        if all(matcher.scan(text) == without.scan(text) for text in TEXTS):
            idle.add(("r", number))
    rule = Rule(id="r", theme="t", phrases=tuple(said), unless=tuple(unless))
    found = remarks("unless-idle", [rule])
    assert found <= idle
    alone = {
        ("r", number) for number, idiom in enumerate(unless) if set(idiom.split()).isdisjoint(" ".join(said).split())
    }
    assert found == alone


@given(st.lists(phrases, min_size=2, max_size=3))
def test_a_phrase_is_contained_where_another_rule_s_phrase_has_its_words(rules: list[list[str]]) -> None:
    expected = {
        (f"r{one}", number)
        for one, said in enumerate(rules)
        for number, phrase in enumerate(said)
        for other, others in enumerate(rules)
        if one != other and any(f" {phrase} " in f" {around} " and phrase != around for around in others)
    }
    made = [Rule(id=f"r{number}", theme="t", phrases=tuple(said)) for number, said in enumerate(rules)]
    assert remarks("phrase-contained", made) == expected
