"""The scanners that ``benchmarks.peers`` times, each in the environment where its library is installed.

Run by ``benchmarks.peers``, never by hand: it reads one order a line as JSON from standard input, and answers each with
a line of JSON. An order either prepares a scanner for a list of phrases, or has it scan the first so many texts.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["SCANNERS"]

Scan: TypeAlias = Callable[[int], int]
"""Scans the first so many texts and returns how many hits there were."""


def _whole(text: str, start: int, end: int) -> bool:
    before, after = text[start - 1 : start], text[end : end + 1]
    return not (before.isalnum() or before == "_" or after.isalnum() or after == "_")


def _bare_automaton(phrases: Sequence[str], texts: Sequence[str]) -> Scan:
    """Return the limit: ``Automaton.iter`` and nothing else, on text and phrases that are folded already."""
    import ahocorasick  # noqa: PLC0415

    from triage_triggers import Call  # noqa: PLC0415
    from triage_triggers.engine.matching.document import Document  # noqa: PLC0415
    from triage_triggers.folding import fold_phrase  # noqa: PLC0415

    automaton = ahocorasick.Automaton()
    for phrase in phrases:
        automaton.add_word(fold_phrase(phrase), phrase)
    automaton.make_automaton()
    folded = [Document(Call.from_text(text)).folded for text in texts]

    def scan(number: int) -> int:
        return sum(1 for text in folded[:number] for _ in automaton.iter(text))  # parts of words too

    return scan


def _pyahocorasick(phrases: Sequence[str], texts: Sequence[str]) -> Scan:
    import ahocorasick  # noqa: PLC0415

    automaton = ahocorasick.Automaton()
    for phrase in phrases:
        automaton.add_word(phrase, len(phrase))
    automaton.make_automaton()

    def scan(number: int) -> int:
        hits = 0
        for text in texts[:number]:
            for last, size in automaton.iter(text.lower()):
                hits += _whole(text, last + 1 - size, last + 1)
        return hits

    return scan


def _ahocorasick_rs(phrases: Sequence[str], texts: Sequence[str]) -> Scan:
    from ahocorasick_rs import AhoCorasick, Implementation  # noqa: PLC0415

    automaton = AhoCorasick(phrases, implementation=Implementation.DFA)

    def scan(number: int) -> int:
        hits = 0
        for text in texts[:number]:
            for _, start, end in automaton.find_matches_as_indexes(text.lower(), overlapping=True):
                hits += _whole(text, start, end)
        return hits

    return scan


def _flashtext(phrases: Sequence[str], texts: Sequence[str]) -> Scan:
    from flashtext import KeywordProcessor  # noqa: PLC0415

    processor = KeywordProcessor(case_sensitive=False)
    processor.add_keywords_from_list(list(phrases))
    return lambda number: sum(len(processor.extract_keywords(text, span_info=True)) for text in texts[:number])


def _re(phrases: Sequence[str], texts: Sequence[str]) -> Scan:
    longest_first = sorted(phrases, key=len, reverse=True)
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.IGNORECASE)
    return lambda number: sum(1 for text in texts[:number] for _ in pattern.finditer(text))


def _phrase_matcher(phrases: Sequence[str], texts: Sequence[str]) -> Scan:
    import spacy  # noqa: PLC0415
    from spacy.matcher import PhraseMatcher  # noqa: PLC0415

    nlp = spacy.blank("en")
    matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
    matcher.add("PHRASE", [nlp.make_doc(phrase) for phrase in phrases])
    return lambda number: sum(len(matcher(nlp.make_doc(text))) for text in texts[:number])


def _negspacy(phrases: Sequence[str], texts: Sequence[str]) -> Scan:
    import spacy  # noqa: PLC0415
    from negspacy.negation import Negex  # noqa: PLC0415
    from negspacy.termsets import termset  # noqa: PLC0415

    assert Negex  # importing it registers the component
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    ruler: Any = nlp.add_pipe("entity_ruler", config={"phrase_matcher_attr": "LOWER"})
    ruler.add_patterns([{"label": "PHRASE", "pattern": phrase} for phrase in phrases])
    nlp.add_pipe("negex", config={"neg_termset": termset("en").get_patterns()})
    return lambda number: sum(len(nlp(text).ents) for text in texts[:number])


def _medspacy(phrases: Sequence[str], texts: Sequence[str]) -> Scan:
    import medspacy  # noqa: PLC0415
    import spacy  # noqa: PLC0415
    from medspacy.target_matcher import TargetRule  # noqa: PLC0415

    assert medspacy  # importing it registers the components
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    matcher: Any = nlp.add_pipe("medspacy_target_matcher")
    matcher.add([TargetRule(phrase, "PHRASE") for phrase in phrases])
    nlp.add_pipe("medspacy_context")
    return lambda number: sum(len(nlp(text).ents) for text in texts[:number])


def _our_matcher(phrases: Sequence[str], texts: Sequence[str]) -> Scan:
    from triage_triggers import Call  # noqa: PLC0415
    from triage_triggers.engine.matching.document import Document  # noqa: PLC0415
    from triage_triggers.engine.matching.matcher import Matcher, Pattern  # noqa: PLC0415
    from triage_triggers.phrases.pattern import Vocabulary  # noqa: PLC0415

    said = map(Vocabulary({}).segments_of, phrases)
    matcher = Matcher(Pattern(owner, idiom=False, parts=parts) for owner, parts in enumerate(said))
    calls = [Call.from_text(text) for text in texts]
    return lambda number: sum(len(matcher.scan(Document(call).folded)) for call in calls[:number])


def _our_evaluation(phrases: Sequence[str], texts: Sequence[str]) -> Scan:
    from benchmarks.cases import literal_ruleset  # noqa: PLC0415
    from triage_triggers import Call, Evaluator  # noqa: PLC0415

    evaluator = Evaluator(literal_ruleset(phrases))
    calls = [Call.from_text(text) for text in texts]
    return lambda number: sum(len(assessment.findings) for assessment in evaluator.evaluate_many(calls[:number]))


SCANNERS: dict[str, Callable[[Sequence[str], Sequence[str]], Scan]] = {
    "Automaton.iter alone, text already folded": _bare_automaton,
    "triage_triggers, matching only": _our_matcher,
    "triage_triggers, full evaluation": _our_evaluation,
    "pyahocorasick, boundary check": _pyahocorasick,
    "ahocorasick_rs DFA, boundary check": _ahocorasick_rs,
    "FlashText": _flashtext,
    "spaCy PhraseMatcher": _phrase_matcher,
    "re alternation": _re,
    "negspacy": _negspacy,
    "medspaCy": _medspacy,
}


def main() -> None:
    texts: list[str] = []
    scan: Scan | None = None
    for line in sys.stdin:
        order = json.loads(line)
        started = time.process_time()
        answer: dict[str, Any] = {}
        if "texts" in order:
            texts = order["texts"]
        if "phrases" in order:
            scan = SCANNERS[order["scanner"]](order["phrases"], texts)
        if "scan" in order:
            assert scan is not None
            answer["hits"] = scan(order["scan"])
        answer["seconds"] = time.process_time() - started
        sys.stdout.write(f"{json.dumps(answer)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
