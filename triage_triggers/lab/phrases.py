"""Phrases tried before anyone writes the rule, and word runs that could become some: what they catch, and cost."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple, TypeAlias

from triage_triggers.engine.matching.document import Document
from triage_triggers.errors import RulesetNotFoundError, near
from triage_triggers.evaluator import Evaluator
from triage_triggers.folding import APOSTROPHE, JOINER, MARK, STOP, TURN, fold_phrase
from triage_triggers.lab.figures import Proportion, plain
from triage_triggers.lab.labels import IN_WORDS
from triage_triggers.lab.observation import judge
from triage_triggers.phrases.syntax import parse_phrase
from triage_triggers.ruleset.definition import Rule, Sign
from triage_triggers.ruleset.digest import ruleset_digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from triage_triggers.assessment import Finding
    from triage_triggers.calls.call import Speaker
    from triage_triggers.lab.labels import Label
    from triage_triggers.lab.observation import Observation
    from triage_triggers.ladders.ladder import Ladder
    from triage_triggers.ruleset.definition import Ruleset

__all__ = [
    "LONGEST_RUN",
    "SHORTEST_RUN",
    "TRIAL",
    "Suggestions",
    "Trial",
    "evaluator_with",
    "suggest_word_runs",
    "try_phrase",
]

TRIAL: Final = "lab.phrase-on-trial"
"""The id of the rule, and of the sign, that a trial adds to a ruleset."""


class TriedCall(NamedTuple):
    """A call in which the phrase was found: the findings, and what would be suggested without them.

    ``counts``: at least one of them counts. ``newly_flagged``: nothing but the phrase flags the call.
    """

    observation: Observation
    findings: tuple[Finding, ...]
    code_without: str | None
    counts: bool
    newly_flagged: bool


class Trial(NamedTuple):
    """What a phrase does on some calls.

    ``labels`` counts all calls by label; ``calls`` are those in which the phrase was found, counted or not.
    """

    phrase: str
    theme: str | None
    labels: Mapping[Label, int]
    calls: tuple[TriedCall, ...]

    def newly(self, label: Label) -> tuple[TriedCall, ...]:
        """Return the calls of a label that are flagged only with the phrase."""
        return tuple(call for call in self.calls if call.newly_flagged and call.observation.label == label)

    @property
    def findings(self) -> int:
        """How often the phrase was found."""
        return sum(len(call.findings) for call in self.calls)

    @property
    def set_aside(self) -> Mapping[str, int]:
        """How often it was set aside, by the reason given, most often first."""
        reasons = Counter(finding.reason for call in self.calls for finding in call.findings if not finding.counts)
        return dict(reasons.most_common())

    @property
    def changed_codes(self) -> int:
        """In how many calls that were flagged anyway the suggested code changes."""
        return sum(
            not call.newly_flagged and call.observation.assessment.suggested_code != call.code_without
            for call in self.calls
        )

    def to_dict(self) -> dict[str, Any]:
        """Return the trial as plain data, without what was said."""
        return {
            "phrase": self.phrase,
            "theme": self.theme,
            "labels": self.labels,
            "found_in_calls": len(self.calls),
            "counts_in_calls": sum(call.counts for call in self.calls),
            "findings": self.findings,
            "set_aside": self.set_aside,
            "newly_flagged": {name: [call.observation.call.call_id for call in self.newly(name)] for name in IN_WORDS},
            "changed_codes": self.changed_codes,
        }


def evaluator_with(
    phrase: str,
    ruleset: Ruleset,
    *,
    theme: str | None = None,
    unless: Iterable[str] = (),
    speakers: Iterable[Speaker] = (),
    ladder: Ladder | None = None,
) -> Evaluator:
    """Return the evaluator of a ruleset with one rule more, which has the phrase.

    With a theme the ruleset's signs decide what the phrase does. Without one it flags every call in which it is meant,
    and it suggests no code: the most that the phrase could do.

    Raises:
        PhraseError: The phrase, or one under ``unless``, breaks the phrase language.
        RulesetError: It needs a list that the ruleset has not, or the phrase is too large.
        RulesetNotFoundError: No rule has that theme.
    """
    for text in (phrase, *(idioms := tuple(unless))):
        parse_phrase(text)
    themes = {rule.theme for rule in ruleset.rules}
    if theme is not None and theme not in themes:
        raise RulesetNotFoundError(f"{ruleset.id} has no rule with the theme '{theme}'; {near(theme, themes)}")
    rule = Rule(id=TRIAL, theme=theme or "other", phrases=(phrase,), unless=idioms, speakers=tuple(speakers))
    signs = ruleset.signs
    if theme is None and not ruleset.flags_for_anything:
        time = ("current", "hypothetical", "past")
        signs = (*signs, Sign(id=TRIAL, find=(TRIAL,), by=("anyone",), time=time, reason="The phrase on trial counts."))
    extended = ruleset.model_copy(update={"rules": (*ruleset.rules, rule), "signs": signs})
    return Evaluator(extended.model_copy(update={"digest": ruleset_digest(extended)}), ladder=ladder)


def try_phrase(
    evaluator: Evaluator, observations: Sequence[Observation], *, phrase: str, theme: str | None = None
) -> Trial:
    """Return what a phrase does on calls that an evaluator from :func:`evaluator_with` observed."""
    labels = Counter(item.label for item in observations)
    tried = []
    for item in observations:
        findings = tuple(finding for finding in item.assessment.findings if finding.rule == TRIAL)
        if findings:
            without = judge(evaluator, item, {TRIAL})
            counts = any(finding.counts for finding in findings)
            newly = item.flagged and not without.flagged
            tried.append(TriedCall(item, findings, without.suggested_code, counts, newly))
    return Trial(phrase, theme, dict(labels), tuple(tried))


Mistake: TypeAlias = Literal["missed", "false-alarms"]
SHORTEST_RUN: Final = 2
LONGEST_RUN: Final = 5
"""How many words a run has: single ones are mostly too common to be a phrase."""

_WORD: Final = re.compile(f"[^ {STOP}{MARK}{TURN}]+")
_INAUDIBLE: Final = str.maketrans("", "", APOSTROPHE + JOINER)
_LONGEST_FILLER: Final = len("erm")
_ENDS: Final = (STOP, MARK)


class WordRun(NamedTuple):
    """Some words in a row, folded. They were said in calls: print them only where what was said may be seen.

    Of the calls that the ruleset gets ``wrong``, those with the run are what a rule could put right; of those it gets
    ``right`` and that a rule could spoil, what it would cost. ``strength`` is the log odds ratio over its standard
    error.
    """

    words: str
    wrong: Proportion
    right: Proportion
    strength: float

    @property
    def length(self) -> int:
        """How many words it has."""
        return self.words.count(" ") + 1

    def to_dict(self, *, with_text: bool) -> dict[str, Any]:
        """Return the run as plain data; its words only if they are asked for."""
        row = {"length": self.length, **plain({"wrong": self.wrong, "right": self.right}), "strength": self.strength}
        return {"words": self.words} | row if with_text else row


class Suggestions(NamedTuple):
    """The word runs found, strongest first, and how many were weighed: of many, some separate calls by chance."""

    mistake: Mistake
    wrong: int
    right: int
    weighed: int
    runs: tuple[WordRun, ...]


def suggest_word_runs(
    observations: Iterable[Observation],
    mistake: Mistake = "missed",
    *,
    least_calls: int = 2,
    speakers: frozenset[Speaker] = frozenset({"caller", "other", "unknown"}),
) -> Suggestions:
    """Return the word runs that are said in more of the calls a ruleset gets wrong than of those it gets right.

    For ``missed``, the positive calls that are not flagged against the negative ones that are not: a rule with the
    run would catch the first and disturb the second. For ``false-alarms``, the negative calls that are flagged against
    the positive ones that are, and only runs that overlap a counted finding and go beyond it: under ``unless``, the
    run would spare the first and could lose the second.

    Calls are counted, not occurrences: one caller who says a thing ten times is one call. Runs with a digit are left
    out, and runs within a longer one that is said in just the same calls.

    A run must be said in ``least_calls`` of the wrong calls by one of ``speakers``: one call's words are no pattern,
    and may name somebody.
    """
    wrong: list[Observation] = []
    right: list[Observation] = []
    for item in observations:
        if item.is_missed if mistake == "missed" else item.is_false_alarm:
            wrong.append(item)
        elif item.flagged is (mistake == "false-alarms") and item.label in {"positive", "negative"}:
            right.append(item)
    at_findings = mistake == "false-alarms"
    said_in: dict[str, set[int]] = {}
    for number, item in enumerate(wrong):
        for run in _runs(item, speakers, at_findings=at_findings):
            said_in.setdefault(run, set()).add(number)
    frequent = {run: frozenset(calls) for run, calls in said_in.items() if len(calls) >= least_calls}
    cost: Counter[str] = Counter()
    for item in right:
        cost.update(set(_runs(item, speakers, at_findings=at_findings)) & frequent.keys())
    runs = [
        WordRun(run, Proportion(len(calls), len(wrong)), Proportion(cost[run], len(right)), strength)
        for run, calls in _longest(frequent, cost)
        if (strength := _strength(len(calls), len(wrong), cost[run], len(right))) > 0
    ]
    runs.sort(key=lambda run: (-run.strength, -run.length, run.words))
    return Suggestions(mistake, len(wrong), len(right), len(frequent), tuple(runs))


class _Word(NamedTuple):
    text: str
    start: int
    end: int


def _runs(item: Observation, speakers: frozenset[Speaker], *, at_findings: bool) -> Iterator[str]:
    if not item.call.utterances:
        return
    document = Document(item.call)
    spans = [
        (document.starts[found.utterance] + found.start, document.starts[found.end_utterance] + found.end)
        for found in item.assessment.findings
        if found.counts
    ]
    for sentence in _sentences(document, speakers):
        for first in range(len(sentence)):
            for last in range(first + SHORTEST_RUN, min(first + LONGEST_RUN, len(sentence)) + 1):
                words = sentence[first:last]
                if not at_findings or _goes_beyond(words[0].start, words[-1].end, spans):
                    yield " ".join(word.text for word in words)


def _sentences(document: Document, speakers: frozenset[Speaker]) -> Iterator[list[_Word]]:
    """Yield the words between two ends of a sentence, numbers or turns of others."""
    sentence: list[_Word] = []
    end = 0
    for match in _WORD.finditer(document.folded):
        between = document.folded[end : match.start()]
        text = match[0].translate(_INAUDIBLE)
        # A full stop right inside a word ("p.t.") ends no sentence.
        ended = TURN in between or (len(between) > 1 and any(mark in between for mark in _ENDS))
        if len(text) <= _LONGEST_FILLER and not fold_phrase(text):
            continue
        usable = not any(map(str.isnumeric, text)) and document.speaker_at(match.start()) in speakers
        if ended or not usable:
            yield sentence
            sentence = []
        if usable:
            sentence.append(_Word(text, *match.span()))
        end = match.end()
    yield sentence


def _goes_beyond(start: int, end: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start < last and first < end and (start < first or last < end) for first, last in spans)


def _longest(frequent: dict[str, frozenset[int]], cost: Counter[str]) -> Iterator[tuple[str, frozenset[int]]]:
    """Leave out runs that stand in a longer one said in just the same calls."""
    swallowed = {
        part
        for run, calls in frequent.items()
        for part in (run.partition(" ")[2], run.rpartition(" ")[0])
        if frequent.get(part) == calls and cost[part] == cost[run]
    }
    return ((run, calls) for run, calls in frequent.items() if run not in swallowed)


def _strength(wrong: int, all_wrong: int, right: int, all_right: int) -> float:
    """Return the log odds ratio over its standard error, half a call added everywhere so that none is infinite."""
    cells = (wrong + 0.5, all_wrong - wrong + 0.5, right + 0.5, all_right - right + 0.5)
    ratio = math.log(cells[0] / cells[1]) - math.log(cells[2] / cells[3])
    return ratio / math.sqrt(sum(1 / cell for cell in cells))
