"""A short way to write a call and how its findings should be read.

``"T: Has he got a [knife]? / C: No."`` is a call of two turns; T, C and O are the call-taker, the caller and another
voice, and a text without them is one by nobody known. Square brackets mark the findings that are meant; without any,
all are. A reading is one word: ``negated``, ``questioned``, ``set aside`` (for what is only supposed, or told of a
film), or for what counts ``current``, ``past`` or ``feared``.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import pytest

from triage_triggers import Call, Evaluator, Ruleset, Utterance
from triage_triggers.assessment import words
from triage_triggers.ruleset.definition import Rule

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from triage_triggers.assessment import Finding
    from triage_triggers.calls.call import Speaker

__all__ = ["COUNTED", "Read", "call_of", "evaluator", "readings", "table_rows", "wrongly_read"]

COUNTED = ("current", "past", "feared")

_SPEAKERS: dict[str, Speaker] = {"T": "call_taker", "C": "caller", "O": "other", "U": "unknown"}
_VERBS = ("attack", "beat", "choke", "grab", "hit", "hurt", "kick", "kill", "punch", "rape", "slap", "stab", "strangle")
_PHRASES = {
    "violence": (
        *(f"{verb}~ {{whom}}" for verb in (*_VERBS, "touch")),
        "(burnt|pushed|threw) {whom}",
        "laid a (finger|hand) on {whom}",
        "raised a hand to {whom}",
        "hands (on|round) my (neck|throat)",
        "(assaulted|strangulation|DV)",
    ),
    "weapon": ("(bat|gun|hammer|knife|machete|weapon~)",),
    "note": ("(LOC|SOB|PV bleed)",),
}


class Read(NamedTuple):
    """A finding's words, its reading, and the cue's kind and words."""

    words: str
    reading: str
    cue: tuple[str, str] | None


@cache
def evaluator() -> Evaluator:
    """An evaluator of plain rules: verbs of violence, weapons, and what notes list."""
    rules = [
        Rule(id=theme, theme=theme, phrases=phrases, unless=("killing me this", "kicking off", "stabbing pain"))
        for theme, phrases in _PHRASES.items()
    ]
    whom = (
        "(me|her|him|us|you|them|pt)",
        "my (arm|daughter|face|mum|sister)",
        "the (baby|kids|patient)",
        "(mam|mum|mummy)",
    )
    return Evaluator(
        Ruleset(
            format=1,
            id="plain",
            version="1.0.0",
            title="Plain",
            language="en",
            status="draft",
            code_system="nhs-arp",
            lists={"whom": whom},
            rules=tuple(rules),
        )
    )


def call_of(notation: str) -> Call:
    """The call, with its brackets."""
    if not re.match("[TCOU]: ", notation):
        return Call.from_text(notation)
    turns = re.split(r" / (?=[TCOU]: )", notation)
    return Call("-", [Utterance(turn[3:], _SPEAKERS[turn[0]]) for turn in turns])


def readings(notation: str, *, by: Evaluator | None = None) -> list[Read]:
    """How the marked findings are read."""
    marked = call_of(notation)
    call = Call("-", [Utterance(re.sub(r"[\[\]]", "", turn.text), turn.speaker) for turn in marked.utterances])
    spans = [
        (number, mark.start() - 2 * before, mark.end() - 2 * before - 2)
        for number, turn in enumerate(marked.utterances)
        for before, mark in enumerate(re.finditer(r"\[[^]]*\]", turn.text))
    ]
    return [
        Read(
            words(call, finding.utterance, finding.start, finding.end_utterance, finding.end),
            _reading(finding),
            finding.cue
            and (finding.cue.kind, call.utterances[finding.cue.utterance].text[finding.cue.start : finding.cue.end]),
        )
        for finding in (by or evaluator()).evaluate(call).findings
        if not spans or any(_within(finding, *span) for span in spans)
    ]


def wrongly_read(notation: str, *expected: str, by: Evaluator | None = None) -> str | None:
    """``None`` if there are findings and each reads as one of those expected; otherwise what was read."""
    found = readings(notation, by=by)
    if found and all(read.reading in expected for read in found):
        return None
    return f"{notation}  ->  {found or 'no finding'}"


def table_rows(tables: Iterable[Path]) -> list[object]:
    """Every sentence of some tables with the readings that it may have."""
    found: list[object] = []
    for table in tables:
        expected: tuple[str, ...] = ()
        for line in table.read_text(encoding="utf-8").splitlines():
            if line.startswith("== "):
                reading = line[3:].partition(":")[0]
                expected = COUNTED if reading == "counted" else (reading,)
            elif line and not line.startswith("#"):
                found.append(pytest.param(line, expected, id=f"{table.stem}: {line}"))
    return found


def _within(finding: Finding, utterance: int, start: int, end: int) -> bool:
    return finding.utterance == utterance and start <= finding.start and finding.end <= end


def _reading(finding: Finding) -> str:
    if finding.polarity != "affirmed":
        assert not finding.counts
        return finding.polarity
    if not finding.counts:
        return "set aside"
    return "feared" if finding.temporality == "hypothetical" else finding.temporality
