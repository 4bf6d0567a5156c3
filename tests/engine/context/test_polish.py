"""A second language: its lexicon is data, read by the same code, and one call may mix it with English."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from tests.engine.context.notation import COUNTED, call_of, evaluator, readings, table_rows, wrongly_read
from triage_triggers import Evaluator
from triage_triggers.engine.context.lexicon import load_lexicon
from triage_triggers.ruleset.definition import Rule

TABLE = Path(__file__).parent / "tables_pl" / "polish.txt"
_PHRASES = {
    "przemoc": (
        "(uderzył|bił|bije|dusił|dusi|uderzy|zabije) (mnie|panią|ją)",
        "(mnie|panią|ją) (uderzył|bił|bije|dusił|dusi|uderzy|zabije)",
        "(ojciec|mąż) mnie (bił|bije|uderzył)",
    ),
    "broń": ("(nóż|noża|nożem)",),
}


@cache
def mixed() -> Evaluator:
    """The English rules of the other tables, and Polish ones beside them."""
    english = evaluator().ruleset
    polish = [
        Rule(id=f"pl.{number}", theme="weapon", language="pl", phrases=phrases)
        for number, phrases in enumerate(_PHRASES.values())
    ]
    return Evaluator(english.model_copy(update={"rules": (*english.rules, *polish)}))


@pytest.mark.parametrize(("notation", "expected"), table_rows([TABLE]))
def test_the_table(notation: str, expected: tuple[str, ...]) -> None:
    assert wrongly_read(notation, *expected, by=mixed()) is None


def test_diacritics_make_no_difference() -> None:
    for said in ("On ma nóż", "on ma noz", "ON MA NÓŻ", "on ma no\u0301z\u0307"):
        (read,) = readings(said, by=mixed())
        assert read.reading == "current"


def test_english_is_read_as_ever_beside_another_language() -> None:
    for said in (
        "he hasn't hit me",
        "no he hit me",
        "he used to strangle me",
        "if he hits me",
        "T: Any weapons? / C: No.",
    ):
        assert readings(said, by=mixed()) == readings(said)


def test_an_open_call_is_read_as_a_closed_one() -> None:
    rows = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if line and line[0] not in "#="]
    assert len(rows) > 80
    for row in [*rows, "O: Zabije mnie! / C: To tylko film.", "O: Zabije mnie! / T: Kto to? / C: To telewizor."]:
        call = call_of(row.replace("[", "").replace("]", ""))
        live = mixed().open_call("-")
        for utterance in call.utterances:
            live.add(utterance)
        assert live.assessment().findings == mixed().evaluate(call).findings, row


def test_a_lexicon_lends_plain_answers_only() -> None:
    english = load_lexicon("en", "pl")
    assert [english.answers.at([word], 0) is not None for word in ("tak", "nie", "jest", "no")] == [
        True,
        True,
        False,
        True,
    ]
    no = english.answers.at(["no"], 0)
    assert no is not None
    assert no.kind == "answer_no"
    assert load_lexicon("en").answers.at(["tak"], 0) is None
    polish_no = english.of("pl").answers.at(["no"], 0)
    assert polish_no is not None
    assert polish_no.kind == "answer_openers"


def test_an_assessment_names_every_lexicon() -> None:
    english, polish = load_lexicon("en"), load_lexicon("pl")
    assert mixed().evaluate("nic").lexicon == f"{english.version}+{polish.version}"
    assert load_lexicon("en", "pl").digest not in {english.digest, polish.digest}
    assert load_lexicon("pl", "en").of("en-GB").words is not polish.words
    assert load_lexicon("en-GB", "en").version == english.version


def test_what_is_counted_is_counted_at_every_spelling() -> None:
    assert all(read.reading in COUNTED for read in readings("Mąż mnie bije, on ma nóż!", by=mixed()))
