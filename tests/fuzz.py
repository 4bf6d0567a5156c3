"""Random texts and random rulesets, in any number: ``python tests/fuzz.py --texts 200000 --rulesets 20000 --seed 1``.

Texts: the matcher equals the reference, every offset cuts the words of a phrase, and evaluation never crashes.
Rulesets (as they should be, with parts replaced, and their text damaged): nothing but this package's own errors.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections import Counter
from copy import deepcopy
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # run as a script, "tests" is not importable

from tests.reference import Said, matcher_of, matches
from triage_triggers import Call, Evaluator, TriageTriggersError, Utterance, load_ladder, load_ruleset
from triage_triggers.assessment import words
from triage_triggers.calls.call import SPEAKERS
from triage_triggers.engine.matching.document import Document
from triage_triggers.folding import APOSTROPHE, fold_phrase

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triage_triggers.ladders.ladder import Ladder

__all__ = ["fuzz_rulesets", "fuzz_texts", "main"]

TEXTS_A_MATCHER = 50
TEXTS_A_RULESET = 3

_WORDS = (
    *(
        "he",
        "she",
        "hit",
        "me",
        "hits",
        "he's",
        "hes",
        "s",
        "t",
        "white",
        "the",
        "rapist",
        "therapist",
        "a",
        "b",
        "knife",
    ),
    *(
        "can't",
        "can",
        "no",
        "not",
        "never",
        "hasn't",
        "if",
        "yes",
        "yeah",
        "did",
        "has",
        "you",
        "and",
        "or",
        "but",
        "ago",
    ),
    *(
        "cafe\u0301",
        "caf\u00e9",
        "İ",
        "ß",
        "\ufb01n",
        "nobody",
        "denies",
        "said",
        "he'd've",
        "used",
        "to",
        "2/7",
        "2015",
    ),
)
_BETWEEN = (
    *(" ",) * 30,
    *("", "  ", "\n", ", ", "-", "'", "\u2019", "'s ", "'t ", " um ", ", er, ", " um... ", "... ", "\u2026", " . . . "),
    *(". ", "? ", "!", ".", "?", "\x1e", "|", "\u0301", "\u00ad", "\u200d", "\x00", "\ud800", ". . ", "(", '"', "\n\n"),
    *(" \U0001f600 ", "\U0001f468\u200d\U0001f469", "/", ": ", "; ", " - ", " " * 90, "'" * 5, "\u0301" * 5, "\u3002"),
)
_PHRASES = (
    *(
        "hit me",
        "he ... hit me",
        "knife",
        "{whom}",
        "hit~ {whom}",
        "(he|she) [just] hit",
        "he's",
        "a ... b ... a",
        "the rapist",
    ),
    *(
        "therapist",
        "cafe\u0301",
        "p.t.",
        "no ... not",
        "(",
        "{gone}",
        "hit.",
        "a*",
        "",
        "um",
        "~",
        "...",
        "[a]",
        "xyzzyq~",
        "if",
    ),
)
_SCRAPS = (
    *"\t\x00:-[]{}&*!|>'\"#%@`,\n \u00e9\u2028\ufeff\x85",
    "- ",
    ": ",
    "\n  ",
    "---\n",
    "<<: *a",
    "!!x ",
    "&a ",
    "\ud800",
)
_REPLACEMENTS: tuple[Any, ...] = (
    None,
    "",
    "x",
    "no",
    "{gone}",
    7,
    1e300,
    True,
    [],
    {},
    ["x"],
    {"id": "x"},
    "2026-13-01",
)


def random_call(random: Random, words: Sequence[str] = _WORDS) -> Call:
    """A call of a few turns and segments: words with anything between them, and now and then any character at all."""

    def text() -> str:
        parts = []
        for _ in range(random.randint(0, 8)):
            any_character = random.random() < 0.03
            parts.append(chr(random.randrange(sys.maxunicode + 1)) if any_character else random.choice(words))
            parts.append(random.choice(_BETWEEN))
        return "".join(parts)

    return Call("C-1", [Utterance(text(), random.choice(SPEAKERS)) for _ in range(random.randint(0, 4))])


def random_phrases(random: Random, words: Sequence[str]) -> list[Said]:
    """A few rules' phrases and idioms, half of them of several parts."""
    spellings = [spelling for spelling in map(fold_phrase, words) if spelling]

    def part() -> str:
        ways = [" ".join(random.choices(spellings, k=random.randint(1, 3))) for _ in range(random.randint(1, 3))]
        return random.choice((f"({'|'.join(ways)})", f"{ways[0]} [{ways[-1]}]", f"[{ways[0]}] {ways[-1]}"))

    def phrase() -> Said:
        owner, idiom = random.randrange(3), random.random() < 0.25
        barred = frozenset(spellings[:2]) if idiom and owner == 1 else frozenset[str]()
        return Said(owner, idiom, " ... ".join(part() for _ in range(random.choice((1, 1, 2, 3)))), barred)

    return [phrase() for _ in range(random.randint(0, 8))]


def fuzz_texts(texts: int, seed: int) -> Counter[str]:
    """Scan and evaluate random texts; return how much was seen."""
    random = Random(seed)  # noqa: S311  repeatable, not secret
    seen: Counter[str] = Counter()
    evaluator = _evaluator()
    while seen["texts"] < texts:
        few = random.sample(_WORDS, k=6)  # so that many of the phrases are said
        phrases = random_phrases(random, few)
        matcher = matcher_of(phrases)
        for _ in range(min(TEXTS_A_MATCHER, texts - seen["texts"])):
            call = random_call(random, random.choice((few, few, _WORDS)))
            document = Document(call) if call.utterances else None
            folded, raw = (document.folded, document.raw) if document else ("", "")
            found = matcher.scan(folded, raw)
            expected = matches(phrases, folded, raw)
            assert found == expected, f"{phrases!r}\n{folded!r}\n{found}\n{expected}"
            seen["texts"] += 1
            seen["matches"] += len(found)
            seen["findings"] += _check_evaluation(evaluator, call)
    return seen


def _check_evaluation(evaluator: Evaluator, call: Call) -> int:
    assessment = evaluator.evaluate(call)
    assert json.loads(assessment.to_json(call))["flagged"] == assessment.flagged
    for finding in assessment.findings:
        said = words(call, finding.utterance, finding.start, finding.end_utterance, finding.end)
        last = fold_phrase(said).split()[-1].replace(APOSTROPHE, "")
        assert last in {"me", "you", "yous", "ya", "ye", "knife", "rapist"}, said
        if finding.cue:
            cue = finding.cue
            assert words(call, cue.utterance, cue.start, cue.utterance, cue.end), finding
    return len(assessment.findings)


def fuzz_rulesets(rulesets: int, seed: int) -> Counter[str]:
    """Load, compile and use random rulesets, good and bad; return what became of them."""
    random = Random(seed)  # noqa: S311  repeatable, not secret
    seen: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ruleset.yaml"
        while seen["rulesets"] < rulesets:
            path.write_bytes(_random_source(random).encode("utf-8", "surrogatepass"))
            seen["rulesets"] += 1
            try:
                ruleset = load_ruleset(path)
                ladder = _ladder() if ruleset.code_system == "nhs-arp" else load_ladder(ruleset.code_system)
                evaluator = Evaluator(ruleset, ladder=ladder)
            except TriageTriggersError as error:
                seen[type(error).__name__ if str(error) else "errors without a message"] += 1
                continue
            seen["used"] += 1
            for _ in range(TEXTS_A_RULESET):
                seen["flagged"] += evaluator.evaluate(random_call(random), current_code="C3").flagged
    assert not seen["errors without a message"]
    return seen


def _random_source(random: Random) -> str:
    document = _random_document(random)
    kind = random.random()
    if kind > 0.4:
        for _ in range(random.randint(1, 3)):
            _replace_a_part(random, document)
    text = json.dumps(document, ensure_ascii=random.random() < 0.5, indent=random.choice((None, 1)))  # YAML too
    if kind > 0.8:
        for _ in range(random.randint(1, 5)):
            at = random.randint(0, len(text))
            text = text[:at] + random.choice(_SCRAPS) + text[at + random.randint(0, 4) :]
    return text if kind < 0.97 else "".join(random.choices(_SCRAPS, k=random.randint(0, 60)))


def _random_document(random: Random) -> dict[str, Any]:
    good = _PHRASES[: _PHRASES.index("(")]
    rules = [
        {
            "id": f"r{number}",
            "theme": random.choice(("weapon", "fear")),
            "phrases": random.sample(good if random.random() < 0.9 else _PHRASES, k=random.randint(1, 4)),
            "unless": random.sample(good, k=random.randint(0, 2)),
            "never_set_aside": random.random() < 0.2,
        }
        for number in range(random.randint(1, 4))
    ]
    head = {"format": 1, "id": "fuzz", "version": "1.0.0", "title": "Fuzz", "language": "en", "status": "draft"}
    document: dict[str, Any] = {
        **head,
        "code_system": "nhs-arp",
        "lists": {"whom": ["me", "[you] lot", "her"]},
        "rules": rules,
    }
    if random.random() < 0.6:
        sign: dict[str, Any] = {"id": "p", "find": random.choice(("weapon", "fear")), "reason": "Because."}
        if random.random() < 0.4:
            sign |= {"with": ["r0"], "near": 20}
        document["signs"] = [sign]
        document["then"] = [{"id": "p", "if": "p", "suggest": random.choice(("C1", "C2")), "reason": "Because."}]
    return document


def _replace_a_part(random: Random, document: dict[str, Any]) -> None:
    parent: Any = document
    while True:
        steps = list(parent) if isinstance(parent, dict) else list(range(len(parent)))
        if not steps:
            return
        step = random.choice(steps)
        inner = parent[step]
        if isinstance(inner, (dict, list)) and inner and random.random() < 0.8:
            parent = inner
            continue
        if random.random() < 0.3:
            del parent[step]
        else:
            parent[step] = deepcopy(random.choice(_REPLACEMENTS))
        return


@cache
def _ladder() -> Ladder:
    return load_ladder("nhs-arp")


@cache
def _evaluator() -> Evaluator:
    source = """
    {format: 1, id: fuzz, version: 1.0.0, title: Fuzz, language: en, status: draft, code_system: nhs-arp, rules: [
    {id: violence, theme: violence, phrases: ["hit~ (me|you)", "he ... hit me"], unless: ["hit me and"]},
    {id: weapon, theme: weapon, phrases: [knife], speakers: [caller]},
    {id: other, theme: other, phrases: ["the rapist"], never_set_aside: true}]}
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "fuzz.yaml"
        path.write_text(source, encoding="utf-8")
        return Evaluator(load_ruleset(path))


def main(arguments: list[str] | None = None) -> None:
    """Run as much as was asked for and print what was seen; an assertion that fails ends it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--texts", type=int, default=20_000)
    parser.add_argument("--rulesets", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    for name, fuzz in (("texts", fuzz_texts), ("rulesets", fuzz_rulesets)):
        began = time.perf_counter()
        seen = fuzz(getattr(options, name), options.seed)
        counts = ", ".join(f"{count:,} {what}" for what, count in seen.items())
        print(f"{counts}: {time.perf_counter() - began:.1f} s")  # noqa: T201  a script


if __name__ == "__main__":
    main()
