"""The tables of ``tables/*.txt``, and the products of what may be said with what it may be said next to."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest

from tests.engine.context.notation import COUNTED, readings, table_rows, wrongly_read

TABLES = sorted((Path(__file__).parent / "tables").glob("*.txt"))


@pytest.mark.parametrize(("notation", "expected"), table_rows(TABLES))
def test_the_tables(notation: str, expected: tuple[str, ...]) -> None:
    assert wrongly_read(notation, *expected) is None


def test_no_sentence_stands_twice() -> None:
    lines = [line for table in TABLES for line in table.read_text(encoding="utf-8").splitlines() if line]
    assert sorted(line for line in set(lines) if lines.count(line) > 1) == []


def failures(notations: list[str], *expected: str) -> list[str]:
    return [wrong for notation in notations if (wrong := wrongly_read(notation, *expected))]


BESIDE = """
I can't breathe; I cannot see; I can't stop the bleeding; I can't feel my face; I can't get up; I can't get out
I can't leave; I can't talk right now; I can't take it any more; I can't stay here; I can't wake her up; I'm not safe
I'm not okay; I'm not well; I'm not lying; I'm not joking; I'm not drunk; I'm not allowed out; I don't feel safe
I don't want police; I don't want him here; I don't want him arrested; I don't know what to do; I don't know where he is
I don't know what happened; I don't know if she's alive; don't send the police; don't call back; don't hang up
don't tell him; please don't hang up; don't let him in; he won't stop; he won't leave me alone; he won't let me go
he won't calm down; he won't get off her; he isn't well; he's not well; he's not here; he's not right in the head
he's not supposed to be here; he's not taking his meds; he doesn't live here; he doesn't know I'm ringing
he didn't like my answer; he hasn't slept; he never listens; he never stops; she's not moving; she isn't breathing
she won't wake up; she can't talk; she doesn't want me to ring; she's not answering; there's no time
there's nobody here; there's no one else here; there is nobody to help; nobody will help me; nobody's coming
no one believes me; nothing works; no; no no no; no please; nope; nah; not really; no I'm bleeding; no he's outside
it's not my fault; it wasn't me; it's not an accident; it's never been this bad; it's not stopping; for no reason
never mind that; I've never been so scared; I've never seen him like this; I haven't told anyone; I haven't eaten
I didn't do anything; I didn't fall; I didn't mean to ring; I never did nothing; we're not together; we're not married
we don't live together; my baby isn't moving; the baby's not crying; the kids aren't safe; the police didn't come
you're not listening; you don't understand; can you not hear me; why aren't you coming; haven't you sent someone
isn't anyone coming; can you help me; are you there; if you can hear me
"""
HARM = (
    "he hit me",
    "he's hit me",
    "he just strangled me",
    "he is strangling me",
    "my husband hit me",
    "my husband's strangled me",
    "my ex stabbed me",
    "dad hit her",
    "she's stabbed me",
    "he keeps hitting me",
    "he's got a knife",
    "he has a gun",
    "he tried to strangle me",
    "they hit her",
    "somebody stabbed her",
    "her boyfriend's punched her",
)
JOINED = (" ", ", ", ". ", " because ", " cos ", " and ", " - ", "... ", " so ", " but ")


def pairs(*sides: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Rows in which every two values of the first side and of any other meet, and the rest take turns."""
    first, *others = sides
    longest = max(map(len, others))
    return [
        (value, *(other[(turn + number * step) % len(other)] for step, other in enumerate(others)))
        for number, value in enumerate(first)
        for turn in range(longest)
    ]


def test_plain_harm_counts_next_to_anything() -> None:
    clauses = tuple(clause.strip() for line in BESIDE.strip().splitlines() for clause in line.split(";"))
    rows = pairs(clauses, HARM, JOINED)
    assert len(rows) == len(clauses) * len(HARM) > 1500
    said = [f"{clause}{joint}[{harm}]" for clause, harm, joint in rows]
    said += [f"[{harm}]{joint}{clause}" for clause, harm, joint in rows]
    assert failures(said, *COUNTED) == []


BARE = ("hit me", "strangle me", "punch her", "stab me", "hurt me")
DONE = ("hit me", "strangled me", "punched her", "stabbed me", "hurt me")
DOING = ("hitting me", "strangling me", "punching her", "stabbing me", "hurting me")
DENYING = (
    *product(("hasn't", "has never", "has not", "hasn't ever", "has never once", "hasn't actually", "hasnt"), [DONE]),
    *product(("never", "never ever", "has never physically", "ain't"), [DONE]),
    *product(("didn't", "did not", "doesn't", "didnt", "didn't try to", "hasn't tried to", "didn't even"), [BARE]),
    *product(("wouldn't", "won't", "would never", "definitely didn't", "didn't really"), [BARE]),
    *product(("isn't", "is not", "hasn't been"), [DOING]),
)


def test_denials_of_every_shape_are_negated() -> None:
    subjects = ("he", "she", "my husband", "my ex", "dad", "they", "the neighbour", "my mum's boyfriend")
    said = [
        frame.format(f"{subject} {negation} {verb}")
        for subject, (negation, verbs) in product(subjects, DENYING)
        for verb in verbs
        for frame in ("{}", "No, {}.", "I'm bleeding but {}")
    ]
    assert failures(said, "negated") == []


def test_absent_things_are_negated() -> None:
    frames = """he hasn't got {}; he's not got {}; there isn't {}; I can't see {}
    I don't think he's got {}; nobody's got {}; he doesn't have {}; he never had {}; he didn't have {} on him; not {}
    there wasn't {}; without {}; I didn't see {}; there aren't any {}; not {} or anything like that
    he hasn't got any {} or anything; I've not seen {}; we don't have {}; there's not {}; denies {}; no mention of {}
    nil {}; he wasn't carrying {}; I don't believe he has {}; he hasn't any {}; they haven't got {} no"""
    said = [
        frame.strip().format(thing)
        for line in frames.splitlines()
        for frame in line.split(";")
        for thing in ("a knife", "gun", "weapons")
    ]
    assert failures(said, "negated") == []


ASKING = (
    "has he got {}",
    "have they got {}",
    "is there {}",
    "any {}",
    "are there any {}",
    "does he have {}",
    "did you see {}",
    "has anyone got {}",
    "and has he got {} with him",
    "okay and is there {} there",
    "has he got {} or anything like that",
    "he's got {} has he",
    "you said he's got {} is that right",
)
ANSWERS = {
    "negated": """No; no; Nope.; No, no, nothing.; No he hasn't; Not that I know of; No not really; I don't think so
        Nah; Oh no; Um no; no no; No, just his fists; No, thank God.; never; There isn't; not that I've seen""",
    "current": """Yes; yeah; Yep.; Yeah he has; He has, yeah; Yes, a big one; mm-hm; Mm; uh-huh; aye; I think so
        Er yeah; oh god yes; Yeah, yeah; He does; yes please hurry; There is; course he has; well yeah
        Yes. Yes he does.""",
    "questioned": """I don't know; dunno; I'm not sure; I can't tell; no idea; maybe; I couldn't see; Please just hurry
        What?; ...""",
}


@pytest.mark.parametrize("expected", ANSWERS)
def test_answers_to_every_question(expected: str) -> None:
    answers = [answer.strip() for line in ANSWERS[expected].splitlines() for answer in line.split(";")]
    said = []
    for question, thing, answer in product(ASKING, ("a [knife]", "[weapons]"), answers):
        asked = question.format(thing)
        said += [f"T: {asked}? / C: {answer}", f"T: {asked} / C: {answer}", f"{asked}? {answer}."]
    assert failures(said, expected) == []


def test_the_answer_is_the_cue() -> None:
    for answer in ("No", "Yes", "I don't know"):
        (read,) = readings(f"T: Has he got a knife? / C: Oh, {answer}, please hurry.")
        assert read.cue is not None
        assert read.cue[1] == answer
