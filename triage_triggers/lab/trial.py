"""Trying a phrase: what a rule with it would catch and disturb, before anyone writes the rule."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from triage_triggers.errors import RulesetNotFoundError, near
from triage_triggers.evaluator import Evaluator
from triage_triggers.lab.labels import IN_WORDS
from triage_triggers.lab.observation import judge
from triage_triggers.phrases.syntax import parse_phrase
from triage_triggers.ruleset.definition import Rule, Sign
from triage_triggers.ruleset.digest import ruleset_digest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from triage_triggers.assessment import Finding
    from triage_triggers.calls.call import Speaker
    from triage_triggers.lab.labels import Label
    from triage_triggers.lab.observation import Observation
    from triage_triggers.ladders.ladder import Ladder
    from triage_triggers.ruleset.definition import Ruleset

__all__ = ["TRIAL", "Trial", "TriedCall", "evaluator_with", "try_phrase"]

TRIAL: Final = "lab.phrase-on-trial"
"""The id of the rule, and of the sign, that a trial adds to a ruleset."""


class TriedCall(NamedTuple):
    """A call in which the phrase was found: the findings, and what would be flagged and suggested without them.

    ``counts``: at least one of them counts. ``newly_flagged``: nothing but the phrase flags the call.
    """

    observation: Observation
    findings: tuple[Finding, ...]
    flagged_without: bool
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
    """Return what a phrase does on calls that an evaluator from :func:`evaluator_with` observed.

    >>> from triage_triggers import Call, load_ruleset
    >>> from triage_triggers.lab.observation import observe
    >>> evaluator = evaluator_with("kicked off at me", load_ruleset("uk-ambulance"))
    >>> calls = [
    ...     observe(evaluator, Call.from_text(f"He {said} kicked off at me."), "positive") for said in ("", "never")
    ... ]
    >>> trial = try_phrase(evaluator, calls, phrase="kicked off at me")
    >>> len(trial.newly("positive")), trial.findings, list(trial.set_aside.values())
    (1, 2, [1])
    """
    labels = Counter(item.label for item in observations)
    tried = []
    for item in observations:
        findings = tuple(finding for finding in item.assessment.findings if finding.rule == TRIAL)
        if findings:
            without = judge(evaluator, item, {TRIAL})
            counts = any(finding.counts for finding in findings)
            newly = item.flagged and not without.flagged
            tried.append(TriedCall(item, findings, without.flagged, without.suggested_code, counts, newly))
    return Trial(phrase, theme, dict(labels), tuple(tried))
