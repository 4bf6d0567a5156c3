"""What noise costs: the same calls as recognisers and accents leave them, seeded; per 100 calls what is lost.

    python -m benchmarks.noise                          # all rounds of first contact
    python -m benchmarks.noise calls.jsonl --write      # labelled calls; the table into docs/measured.md

A word of a recogniser's mistakes is, six times in ten, replaced by another word of these calls that sounds alike, and
else lost or doubled into a filler; short words are lost more often, as recognisers lose them. Only figures are printed.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter, defaultdict
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tools.rounds import DOCS, cell, fill, labelled, markdown, rounds
from triage_triggers import Call, load_ruleset
from triage_triggers.engine.engine import Engine
from triage_triggers.lab.figures import Confusion

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from tools.rounds import Labelled

SEED: Final = 999
WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
SHORT: Final = 3
FILLERS: Final = ("uh", "um", "the", "and", "so", "a")
SOUNDS: Final = (
    *(("ght", "t"), ("ph", "f"), ("kn", "n"), ("wr", "r"), ("wh", "w"), ("th", "f"), ("ck", "k"), ("dg", "j")),
    *(("sh", "x"), ("ch", "x"), ("qu", "kw"), ("c", "k"), ("q", "k"), ("z", "s"), ("v", "f"), ("d", "t"), ("b", "p")),
    *(("g", "k"), ("m", "n"), ("y", "i")),
)
"""Spellings made alike in order, so that words which sound alike to a recogniser come to be one."""
ACCENTS: Final = {
    name: dict(pair.split("=") for pair in pairs.split())
    for name, _, pairs in (
        line.partition(": ") for line in Path(__file__).with_name("accents.txt").read_text("utf-8").splitlines()
    )
}
"""How words are spelled as they are said, an accent a line."""


def sound(word: str) -> str:
    """Return how a word sounds, roughly: its consonants, those that recognisers confuse being one.

    >>> sound("hit") == sound("head"), sound("neck") == sound("knack"), sound("neck") == sound("door")
    (True, True, False)
    """
    word = word.lower().replace("'", "").replace("’", "")
    for spelling, other in SOUNDS:
        word = word.replace(spelling, other)
    return word[:1] + re.sub(r"(.)\1+", r"\1", re.sub(r"[aeiouhw]", "", word[1:]))


def alike(calls: Sequence[Labelled]) -> Mapping[str, list[str]]:
    """Return for each sound the words of some calls that have it, as often as they are said."""
    said = Counter(
        word.lower() for told in calls for utterance in told.call.utterances for word in WORD.findall(utterance.text)
    )
    found: defaultdict[str, list[str]] = defaultdict(list)
    for word, count in said.items():
        found[sound(word)] += [word] * min(count, 50)
    return found


def confused(share: float, words: Mapping[str, list[str]], text: str, chance: random.Random) -> str:
    """Return a text in which a share of the words is what a recogniser made of them."""

    def heard(match: re.Match[str]) -> str:
        word = match[0]
        if chance.random() >= share:
            return word
        others = [other for other in words.get(sound(word), ()) if other != word.lower()]
        kind = chance.random()
        if kind < (0.3 if len(word) <= SHORT else 0.6) and others:
            return chance.choice(others)
        return f"{word} {chance.choice(FILLERS)}" if kind > 0.9 else ""

    return WORD.sub(heard, text)


def spelled(words: Mapping[str, str], text: str, chance: random.Random) -> str:  # noqa: ARG001  as the others are called
    """Return a text in an accent's spelling, the -ing of every verb included."""

    def said(match: re.Match[str]) -> str:
        word = match[0]
        other = words.get(word.lower())
        if other is None:
            return re.sub(r"(?<=[a-z]{2})ing$", "in", word)
        return other.capitalize() if word[0].isupper() and word != "I" else other

    return WORD.sub(said, text)


def bare(text: str, chance: random.Random) -> str:  # noqa: ARG001  as the others are called
    """Return a text without punctuation and capitals; apostrophes stay, as recognisers leave them."""
    return " ".join(re.sub(r"[^\w\s'’/£%+-]", " ", text).lower().split())


def nobody_known(call: Call) -> Call:
    """Return a call in which nobody knows who speaks."""
    return replace(call, utterances=tuple(replace(said, speaker="unknown") for said in call.utterances))


def retold(change: Callable[[str, random.Random], str], call: Call) -> Call:
    """Return a call with every utterance changed, by a chance of its own, so that other calls make no difference."""
    chance = random.Random(f"{SEED}/{call.call_id}")  # noqa: S311  no secret
    said = (replace(one, text=change(one.text, chance)) for one in call.utterances)
    return replace(call, utterances=tuple(said))


def with_accent(words: Mapping[str, str], call: Call) -> Call:
    """Return a call in which everybody but the call-taker is spelled as they speak."""
    told = retold(partial(spelled, words), call)
    pairs = zip(call.utterances, told.utterances, strict=True)
    return replace(call, utterances=tuple(one if one.speaker == "call_taker" else other for one, other in pairs))


def noises(calls: Sequence[Labelled]) -> Mapping[str, Callable[[Call], Call]]:
    """Return what is done to each call, by what the table says of it."""
    words = alike(calls)
    shares = {f"{share:.0%} of words misheard": partial(confused, share, words) for share in (0.05, 0.10, 0.20)}
    plain = partial(retold, bare)
    return {
        "as written": lambda call: call,
        "speakers removed": nobody_known,
        "punctuation and capitals removed": plain,
        "both": lambda call: nobody_known(plain(call)),
        **{name: partial(retold, change) for name, change in shares.items()},
        "both, and 10% misheard": lambda call: nobody_known(plain(retold(partial(confused, 0.10, words), call))),
        **{f"{name} spelling, call-taker apart": partial(with_accent, words) for name, words in ACCENTS.items()},
    }


def table(engine: Engine, calls: Sequence[Labelled]) -> str:
    rows: list[list[str]] = []
    whole: set[int] = set()
    for name, noise in noises(calls).items():
        flagged = {at for at, told in enumerate(calls) if engine.assess(noise(told.call)).flagged}
        now = Confusion.of((told.label, at in flagged) for at, told in enumerate(calls))
        whole = whole or flagged
        lost, won = (_labelled("positive", calls, found) for found in (whole - flagged, flagged - whole))
        alarms = _labelled("negative", calls, flagged - whole)
        per = [100 * lost / now.positives, 100 * won / now.positives, 100 * alarms / now.negatives]
        changes = ["–"] * 3 if name == "as written" else [f"{share:.1f}" for share in per]
        rows.append([name, cell(now.sensitivity), *changes[:2], cell(now.specificity), changes[2]])
    headings = ["calls", "recall", "lost per 100", "won per 100", "specificity", "new false alarms per 100"]
    return markdown(headings, rows)


def _labelled(label: str, calls: Sequence[Labelled], chosen: set[int]) -> int:
    return sum(calls[at].label == label for at in chosen)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("calls", nargs="*", type=Path, help="labelled calls; all rounds of first contact if none")
    parser.add_argument("--ruleset", default="uk-ambulance", help="id or path")
    parser.add_argument("--write", action="store_true", help="write the table into docs/measured.md")
    chosen = parser.parse_args(arguments)
    found = table(Engine(load_ruleset(chosen.ruleset)), labelled(*chosen.calls) if chosen.calls else rounds())
    if chosen.write:
        fill(DOCS / "measured.md", "noise", found)
    else:
        print(found)


if __name__ == "__main__":
    main()
