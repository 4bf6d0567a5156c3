"""docs/phrase-language.md says what is so."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.reference import Said, matcher_of
from triage_triggers.errors import PhraseError
from triage_triggers.folding import fold
from triage_triggers.phrases.syntax import parse_phrase

PAGE = (Path(__file__).parents[2] / "docs" / "phrase-language.md").read_text(encoding="utf-8")
ROWS = [
    tuple(cell.replace("\\|", "|") for cell in row)
    for row in re.findall(r"^\| `(.+?)` \| (.+?) \|$", PAGE, flags=re.MULTILINE)
]
SIGNS = [row for row in ROWS if "`" not in row[1]]
REFUSED = [row for row in ROWS if row not in SIGNS]


@pytest.mark.parametrize(("source", "finds"), SIGNS)
def test_what_a_sign_finds(source: str, finds: str) -> None:
    matcher = matcher_of([Said(0, False, source)], {"victim": ["me"]})
    for example in re.findall(r"\*(.+?)\*", finds):
        assert matcher.scan(fold(example))


@pytest.mark.parametrize(("regular_expression", "instead"), REFUSED)
def test_what_to_write_instead(regular_expression: str, instead: str) -> None:
    with pytest.raises(PhraseError):
        parse_phrase(regular_expression)
    assert parse_phrase(instead.strip("`"))


def test_every_row_was_read() -> None:
    assert (len(SIGNS), len(REFUSED)) == (6, 6)


def test_the_message_shown_is_the_message_given() -> None:
    with pytest.raises(PhraseError) as raised:
        parse_phrase("he strang* me")
    assert f"```\n{raised.value}\n```" in PAGE
