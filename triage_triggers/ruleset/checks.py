"""What must fit between the parts of a ruleset: signs, tally and then, and the rules, themes and codes they name."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage_triggers.documents.faults import quote
from triage_triggers.errors import RulesetError, RulesetNotFoundError, near
from triage_triggers.ladders.ladder import load_ladder
from triage_triggers.ruleset.definition import ANY_SIGN, TALLY
from triage_triggers.ruleset.document import MOST_LINES
from triage_triggers.ruleset.draft import sound

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path
    from typing import Any

    from triage_triggers.errors import Fault
    from triage_triggers.ladders.ladder import Ladder
    from triage_triggers.ruleset.definition import Ask, Then
    from triage_triggers.ruleset.draft import Draft, DraftEntry

__all__ = ["code_faults", "decision_faults"]


def decision_faults(draft: Draft) -> Iterator[Fault]:
    """Yield whatever names what is not there, or can never hold."""
    themes = {name: entry.item.theme for name, entry in draft.rules.items() if entry.item is not None}
    asking: list[DraftEntry[Any]] = [*draft.signs.values(), *draft.tally.values(), *draft.then.values()]
    for asks, ask in sound(asking):
        yield from _ask_faults(asks, ask, draft, themes)
    for written, rule in sound(draft.rules.values()):
        yield from _name_faults(written, "beside", rule.beside, draft, themes)
    for name, entry in draft.signs.items():
        if name in {TALLY, ANY_SIGN}:
            yield entry.fault(("id",), f"no sign can be called '{name}', which has a meaning of its own")
    yield from _tally_faults(draft)
    for follows, line in sound(draft.then.values()):
        yield from _then_faults(follows, line, draft)


def code_faults(draft: Draft, search: Iterable[str | Path]) -> Iterator[Fault]:
    """Yield each line that suggests a code which the ruleset's ladder does not have, or which nobody may suggest.

    Where no such ladder is to be found, or it has faults, nothing is said: an evaluator may still be given one.
    """
    suggestions = {name: entry.item.suggest for name, entry in draft.then.items() if entry.item is not None}
    codes = (draft.head.codes if draft.head is not None else None) or {}
    if draft.head is None or draft.head.code_system is None or not (codes or any(suggestions.values())):
        return
    try:
        ladder = load_ladder(draft.head.code_system, search=search)
    except (RulesetError, RulesetNotFoundError):
        return
    for code, becomes in codes.items():
        if not ladder.may_suggest(becomes):
            yield draft.main.fault(("codes", code), _unknown_code(becomes, ladder))
    for name, suggested in suggestions.items():
        known = suggested is None or suggested in codes.values() or ladder.may_suggest(suggested)
        if not known:
            yield draft.then[name].fault(("suggest",), _unknown_code(suggested or "", ladder))


def _unknown_code(code: str, ladder: Ladder) -> str:
    return f"'{quote(code)}' is no code of {ladder.id} that can be suggested; {near(code, ladder.suggestable)}"


def _ask_faults(entry: DraftEntry[Any], ask: Ask, draft: Draft, themes: Mapping[str, str]) -> Iterator[Fault]:
    for key, names in (("find", ask.find), ("with", ask.with_)):
        yield from _name_faults(entry, key, names, draft, themes)
    if ask.at_least > 1:
        most = sum(rule in ask.find or theme in ask.find for rule, theme in themes.items())
        if ask.at_least > most:
            message = f"at least {ask.at_least} rules are asked for, but 'find' names {most}, so this never holds"
            yield entry.fault(("at_least",), message)


def _name_faults(
    entry: DraftEntry[Any], key: str, names: Iterable[str], draft: Draft, themes: Mapping[str, str]
) -> Iterator[Fault]:
    known_themes = set(themes.values()) - {""}
    for index, name in enumerate(names):
        if name in draft.rules and name in known_themes:
            yield entry.fault((key, index), f"'{quote(name)}' is a rule and a theme as well; rename one of the two")
        elif name not in draft.rules and name not in known_themes:
            suggestion = near(name, known_themes | draft.rules.keys())
            yield entry.fault((key, index), f"there is no rule and no theme '{quote(name)}'; {suggestion}")


def _tally_faults(draft: Draft) -> Iterator[Fault]:
    lines = {name: entry.item for name, entry in draft.tally.items()}
    for name, line in lines.items():
        for key in ("find", "points", "reason"):
            if line is not None and "id" in line.model_fields_set and not getattr(line, key):
                yield draft.tally[name].fault((), f"'{key}' is missing")
    if lines or draft.thresholds:
        entries: list[DraftEntry[Any]] = [*draft.thresholds.values(), *draft.tally.values()]
        source = entries[0].source
        for key in {"look_again", "flag"} - draft.thresholds.keys():
            yield source.fault(("tally",), f"'{key}' is missing")
    if len(lines) > MOST_LINES:
        yield draft.main.fault(("tally",), f"the tally has {len(lines)} lines; the most is {MOST_LINES}")
    yield from _threshold_faults(draft)


def _threshold_faults(draft: Draft) -> Iterator[Fault]:
    entry, lower = draft.thresholds.get("flag"), draft.thresholds.get("look_again")
    flag = entry.item if entry is not None else None
    if entry is None or flag is None:
        return
    if lower is not None and lower.item is not None and lower.item > flag:
        yield lower.fault((), f"'look_again' is {lower.item}, more than 'flag', which is {flag}")
    points = [line.points for _, line in sound(draft.tally.values())]
    known = [number for number in points if number is not None]
    most = sum(number for number in known if number > 0)
    if len(known) == len(draft.tally) and most < flag:
        yield entry.fault((), f"all lines together come to {most} points, so the tally never reaches {flag}")


def _then_faults(entry: DraftEntry[Then], line: Then, draft: Draft) -> Iterator[Fault]:
    signs = [*draft.signs, *((TALLY,) if draft.thresholds or draft.tally else ())]
    for index, name in enumerate(line.if_):
        if name not in signs and not (name == ANY_SIGN and signs):
            known = near(name, [*signs, *((ANY_SIGN,) if signs else ())])
            yield entry.fault(("if", index), f"there is no sign '{quote(name)}'; {known}")
    if not line.if_:
        if line.suggest is not None:
            message = "without 'if' a line only advises; name the signs that this code follows from"
            yield entry.fault(("suggest",), message)
        if not line.find:
            yield entry.fault((), "it needs 'if' or 'find'")
