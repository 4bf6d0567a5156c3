"""What must fit between the parts of a ruleset: conditions, gates and policies, and the rules and themes they name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage_triggers.documents.faults import quote
from triage_triggers.errors import CodeError, Fault, RulesetError, RulesetNotFoundError, near
from triage_triggers.ladders.ladder import load_ladder
from triage_triggers.ruleset.definition import named_conditions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import Any

    from triage_triggers.documents.source import Place
    from triage_triggers.ladders.ladder import Ladder
    from triage_triggers.ruleset.definition import Condition, Gate
    from triage_triggers.ruleset.draft import Draft, DraftEntry

__all__ = ["code_faults", "condition_faults"]


def condition_faults(draft: Draft) -> Iterator[Fault]:
    """Yield each condition that names what is not there, that no call could meet, or that every call would."""
    themes = [entry.item.theme for entry in draft.rules.values() if entry.item is not None]
    named = {name: entry.item for name, entry in draft.conditions.items() if entry.item is not None}
    for entry in draft.conditions.values():
        if entry.item is not None:
            yield from _part_faults(entry, (), entry.item, draft, themes)
            yield from _circle_faults(entry, (), entry.item, named)
    for gate in draft.gates.values():
        if gate.item is not None:
            yield from _gate_faults(gate, gate.item, draft, themes)
    asking: list[tuple[DraftEntry[Any], Condition | None]]
    asking = [(entry, entry.item.when) for entry in draft.gates.values() if entry.item is not None]
    asking += [(entry, entry.item.when) for entry in (draft.policy or {}).values() if entry.item is not None]
    for asker, when in asking:
        if when is None:
            continue
        yield from _part_faults(asker, ("when",), when, draft, themes)
        if _is_followed(when, named) and _holds_without_findings(when, named):
            message = "this condition holds for a call in which nothing was found; ask for at least one theme or rule"
            yield asker.fault(("when",), message)


def code_faults(draft: Draft, search: Iterable[str | Path]) -> Iterator[Fault]:
    """Yield each policy that suggests a code which the ruleset's ladder does not have, or which nobody may suggest.

    Where no such ladder is to be found, or it has faults, nothing is said: an evaluator may still be given one.
    """
    suggestions = {name: entry.item.suggest for name, entry in (draft.policy or {}).items() if entry.item is not None}
    codes = (draft.head.codes if draft.head is not None else None) or {}
    if draft.head is None or draft.head.code_system is None or not (codes or any(suggestions.values())):
        return
    try:
        ladder = load_ladder(draft.head.code_system, search=search)
    except (RulesetError, RulesetNotFoundError):
        return
    for code, becomes in codes.items():
        if not _can_be_suggested(becomes, ladder):
            yield draft.main.fault(("codes", code), _unknown_code(becomes, ladder))
    for name, suggested in suggestions.items():
        known = suggested is None or suggested in codes.values() or _can_be_suggested(suggested, ladder)
        if not known and draft.policy is not None:
            yield draft.policy[name].fault(("suggest",), _unknown_code(suggested or "", ladder))


def _can_be_suggested(code: str, ladder: Ladder) -> bool:
    try:
        return ladder.check(code) in ladder.suggestable
    except CodeError:
        return False


def _unknown_code(code: str, ladder: Ladder) -> str:
    return f"'{quote(code)}' is no code of {ladder.id} that can be suggested; {near(code, ladder.suggestable)}"


def _conditions(place: Place, condition: Condition) -> Iterator[tuple[Place, Condition]]:
    yield place, condition
    for key in ("all", "any"):
        for index, part in enumerate(getattr(condition, key) or ()):
            yield from _conditions((*place, key, index), part)
    if condition.not_ is not None:
        yield from _conditions((*place, "not"), condition.not_)


def _part_faults(
    entry: DraftEntry[Any], at: Place, condition: Condition, draft: Draft, themes: list[str]
) -> Iterator[Fault]:
    for place, part in _conditions(at, condition):
        yield from _name_faults(entry, place, part, draft, themes)


def _circle_faults(
    entry: DraftEntry[Condition], at: Place, condition: Condition, named: Mapping[str, Condition]
) -> Iterator[Fault]:
    name = str(entry.place[-1])
    for place, part in _conditions(at, condition):
        if part.is_ in named and not _is_followed(part, named, (name,)):
            yield entry.fault(
                (*place, "is"), f"the condition '{part.is_}' leads back to itself, or to what is not there"
            )


def _gate_faults(entry: DraftEntry[Gate], gate: Gate, draft: Draft, themes: list[str]) -> Iterator[Fault]:
    for key in ("rules", "except_rules"):
        for index, name in enumerate(getattr(gate, key)):
            if name not in draft.rules:
                yield entry.fault((key, index), f"there is no rule '{quote(name)}'; {near(name, draft.rules)}")
    for index, name in enumerate(gate.themes):
        if name not in themes:
            message = f"no rule has the theme '{quote(name)}'; {near(name, set(themes) - {''})}"
            yield entry.fault(("themes", index), message)


def _is_followed(condition: Condition, named: Mapping[str, Condition], above: tuple[str, ...] = ()) -> bool:
    """Return whether every ``is`` leads to what is there."""
    try:
        named_conditions(condition, named, above)
    except ValueError:
        return False
    return True


def _name_faults(
    entry: DraftEntry[Any], place: Place, condition: Condition, draft: Draft, themes: list[str]
) -> Iterator[Fault]:
    rules = draft.rules
    for index, name in enumerate(condition.rule or ()):
        if name not in rules:
            yield entry.fault((*place, "rule", index), f"there is no rule '{quote(name)}'; {near(name, rules)}")
    for index, name in enumerate(condition.theme or ()):
        if name not in themes:
            message = f"no rule has the theme '{quote(name)}'; {near(name, set(themes) - {''})}"
            yield entry.fault((*place, "theme", index), message)
    if condition.is_ is not None and condition.is_ not in draft.conditions:
        known = near(condition.is_, draft.conditions)
        yield entry.fault((*place, "is"), f"there is no condition '{quote(condition.is_)}'; {known}")
    if condition.at_least > 1:
        if condition.rule is not None:
            most, what = len(set(condition.rule)), "rules are named"
        elif condition.theme is not None:
            most, what = sum(theme in condition.theme for theme in themes), "rules have these themes"
        else:
            most, what = len(condition.any or ()), "conditions are listed"
        if condition.at_least > most:
            message = f"at least {condition.at_least} are asked for, but only {most} {what}, so this never holds"
            yield entry.fault((*place, "at_least"), message)


def _holds_without_findings(condition: Condition, named: Mapping[str, Condition]) -> bool:
    if condition.is_ is not None:
        return _holds_without_findings(named[condition.is_], named)
    if condition.not_ is not None:
        return not _holds_without_findings(condition.not_, named)
    if condition.all is not None:
        return all(_holds_without_findings(part, named) for part in condition.all)
    return sum(_holds_without_findings(part, named) for part in condition.any or ()) >= condition.at_least
