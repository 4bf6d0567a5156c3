"""A ruleset's policies, compiled against a ladder: counted findings in, a suggestion out."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from triage_triggers.engine.decision.compiled import compile_condition
from triage_triggers.engine.decision.condition import Evidence, gather, indispensable, leaves, names_of
from triage_triggers.engine.decision.explanation import PolicyTrace, trace
from triage_triggers.errors import CodeError, Fault, RulesetError
from triage_triggers.ruleset.definition import ADVICE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from triage_triggers.engine.decision.condition import Gathered, Node
    from triage_triggers.ladders.ladder import Ladder
    from triage_triggers.ruleset.definition import Condition, PolicyRule, Ruleset

__all__ = ["CompiledPolicy", "Decision", "Evidence"]


class Decision(NamedTuple):
    """What the policies make of a call.

    ``suggested_code`` is the most urgent code that a policy which holds asks for, where it is strictly more urgent than
    the current code or there is none; ``escalates`` is ``None`` without a current code. In a system of event types
    without an order (see ``Ladder.outranks``) a suggestion is a type that says more, and never ``escalates``.
    ``advice`` is in the order of ``ruleset.definition.ADVICE``, ``policies`` are the ids of those that hold, in the
    ruleset's order. ``first`` is the position of the finding at which the first of them came to hold, if one does.
    """

    suggested_code: str | None
    escalates: bool | None
    flagged: bool
    advice: tuple[str, ...]
    policies: tuple[str, ...]
    first: int | None


_QUIET = Decision(None, None, flagged=False, advice=(), policies=(), first=None)
_QUIET_WITH_CODE = _QUIET._replace(escalates=False)


class _Policy(NamedTuple):
    rule: PolicyRule
    when: Node
    rank: int | None
    """Where the code it asks for stands among all that are asked for; the smallest is suggested."""


class CompiledPolicy:
    """All policies of a ruleset, ready to judge any number of calls. Frozen; share it freely.

    Evidence is the call's counted findings, positions ascending. A ruleset without policies flags a call for any
    evidence and suggests nothing.

    Raises:
        RulesetError: A policy suggests a code that the ladder does not know or that nobody may suggest, or asks for no
            finding at all; or the ladder is another than the ruleset's. All such faults at once.

    >>> from triage_triggers.ladders.ladder import load_ladder
    >>> from triage_triggers.ruleset.definition import Ruleset
    >>> ruleset = Ruleset(
    ...     **dict(format=1, id="demo", version="1.0.0", title="Demo", language="en", status="draft"),
    ...     code_system="nhs-arp",
    ...     rules=[dict(id="demo.knife", theme="weapon", phrases=["got a knife"])],
    ...     policy=[dict(id="armed", when=dict(theme="weapon"), suggest="C2", reason="A weapon is at hand.")],
    ... )
    >>> policy = CompiledPolicy(ruleset, load_ladder("nhs-arp"))
    >>> knife = Evidence(position=0, rule="demo.knife", theme="weapon", temporality="current", turn=1, time=None)
    >>> policy.decide([knife], "C3").suggested_code, policy.decide([knife], "C1").suggested_code
    ('C2', None)
    """

    __slots__ = ("_any_evidence_flags", "_codes", "_ladder", "_of_rule", "_of_theme", "_policies")

    def __init__(self, ruleset: Ruleset, ladder: Ladder) -> None:
        known: dict[Condition, Node] = {}
        faults = [Fault(ruleset.id, 1, 1, rule, message) for rule, message in _problems(ruleset, ladder, known)]
        if faults:
            raise RulesetError(faults)
        policies = ruleset.policy or ()
        asked = {ladder.check(policy.suggest) for policy in policies if policy.suggest is not None}
        codes = tuple(sorted(asked, key=lambda code: (ladder.place(code), ladder.codes.index(code))))
        self._ladder = ladder
        self._codes = codes
        self._any_evidence_flags = not policies
        self._policies = tuple(
            _Policy(
                rule=policy,
                when=compile_condition(policy.when, known, ruleset.conditions),
                rank=None if policy.suggest is None else codes.index(ladder.check(policy.suggest)),
            )
            for policy in policies
        )
        self._of_theme = _index(self._policies, by_rule=False)
        self._of_rule = _index(self._policies, by_rule=True)

    @property
    def conditions(self) -> tuple[Node, ...]:
        """The policies' conditions, in the ruleset's order."""
        return tuple(policy.when for policy in self._policies)

    def decide(self, evidence: Sequence[Evidence], current_code: str | None) -> Decision:
        """Return what the policies make of a call's evidence.

        Raises:
            CodeError: The ladder does not know the current code.
        """
        return self.judge(gather(evidence), current_code)

    def judge(self, gathered: Gathered, current_code: str | None) -> Decision:
        """Return what the policies make of evidence that is sorted already, as ``decide`` does.

        Raises:
            CodeError: The ladder does not know the current code.
        """
        ladder, evidence = self._ladder, gathered.evidence
        current = None if current_code is None else ladder.category(current_code)
        if not evidence:
            return _QUIET if current is None else _QUIET_WITH_CODE
        escalates = None if current is None else False
        if self._any_evidence_flags:
            return Decision(None, escalates, flagged=True, advice=(), policies=(), first=evidence[0].position)
        holding, firsts = self._holding(gathered)
        if not holding:
            return _QUIET if current is None else _QUIET_WITH_CODE
        suggested = self._suggestion(holding, current)
        if current is not None:
            escalates = suggested is not None and ladder.ordered
        advised = {advice for policy in holding for advice in policy.rule.advise}
        return Decision(
            suggested_code=suggested,
            escalates=escalates,
            flagged=True,
            advice=tuple(filter(advised.__contains__, ADVICE)) if advised else (),
            policies=tuple([policy.rule.id for policy in holding]),
            # A `not` of a `not` holds from before the first finding, but a call is never flagged before it.
            first=max(min(firsts), evidence[0].position),
        )

    def explain(self, evidence: Sequence[Evidence]) -> tuple[PolicyTrace, ...]:
        """Return, for every policy in the ruleset's order, whether it holds and what it found or still lacks.

        >>> from triage_triggers.ruleset.definition import Condition
        >>> from triage_triggers.engine.decision.compiled import compile_condition
        >>> both = Condition.model_validate({"all": [{"theme": "weapon"}, {"theme": "relationship"}]})
        >>> knife = Evidence(position=0, rule="demo.knife", theme="weapon", temporality="current", turn=1, time=None)
        >>> trace(compile_condition(both), gather([knife])).lacks
        ('theme relationship',)
        """
        gathered = gather(evidence)
        traces = []
        for policy in self._policies:
            condition = trace(policy.when, gathered)
            suggest = None if policy.rank is None else self._codes[policy.rank]
            first = condition.first if condition.first is None else max(condition.first, evidence[0].position)
            traces.append(PolicyTrace(policy.rule.id, condition.held, first, suggest, policy.rule.reason, condition))
        return tuple(traces)

    def _holding(self, gathered: Gathered) -> tuple[list[_Policy], list[int]]:
        """Return the policies that hold and the position of each; skip those that lack what they can't do without."""
        touched: set[int] = set()
        for theme in gathered.themes:
            touched.update(self._of_theme.get(theme, ()))
        for rule in gathered.rules:
            touched.update(self._of_rule.get(rule, ()))
        holding: list[_Policy] = []
        firsts: list[int] = []
        for position in sorted(touched):
            policy = self._policies[position]
            first = gathered.first_held(policy.when)
            if first is not None:
                holding.append(policy)
                firsts.append(first)
        return holding, firsts

    def _suggestion(self, holding: Sequence[_Policy], current: str | None) -> str | None:
        for rank in sorted({policy.rank for policy in holding if policy.rank is not None}):
            code = self._codes[rank]
            if current is None or self._ladder.outranks(code, current):
                return code
        return None


def _index(policies: Sequence[_Policy], *, by_rule: bool) -> Mapping[str, tuple[int, ...]]:
    """Return, by theme or by rule, the positions of the policies that may hold once it is found."""
    index: dict[str, list[int]] = {}
    for position, policy in enumerate(policies):
        # What asks only by a double `not` can do without each leaf, but not without all: it does not hold for nothing.
        asked = indispensable(policy.when) or leaves(policy.when)
        for name in names_of(asked, by_rule=by_rule):
            index.setdefault(name, []).append(position)
    return {name: tuple(positions) for name, positions in index.items()}


def _problems(ruleset: Ruleset, ladder: Ladder, known: dict[Condition, Node]) -> Iterator[tuple[str | None, str]]:
    """Yield, with the policy's id, what keeps a ruleset's policies from being used with a ladder."""
    if ladder.id != ruleset.code_system:
        yield None, f"its 'code_system' is {ruleset.code_system}, but the ladder given is {ladder.id}"
        return
    for policy in ruleset.policy or ():
        if policy.suggest is not None:
            yield from ((policy.id, problem) for problem in _suggest_problems(policy.suggest, ladder))
        if compile_condition(policy.when, known, ruleset.conditions).first_held(gather(())) is not None:
            yield (
                policy.id,
                "it would hold for a call in which nothing was found; beside 'not', ask for a theme or rule",
            )


def _suggest_problems(suggest: str, ladder: Ladder) -> Iterator[str]:
    try:
        known = ladder.check(suggest) in ladder.suggestable
    except CodeError:
        known = False
    if not known:
        codes = ", ".join(ladder.suggestable)
        yield f"'{suggest}' is no code of {ladder.id} that can be suggested; those that can: {codes}"
