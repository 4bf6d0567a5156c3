"""``triage-triggers show --vocabulary``: the classes of a language's words, and why a word is in which."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, NamedTuple

import typer
from rich.text import Text

from triage_triggers.cli.screen import Screen, columns
from triage_triggers.documents.catalogue import find_ruleset, shipped_rulesets
from triage_triggers.errors import RulesetNotFoundError, near
from triage_triggers.ruleset.loading import load_located
from triage_triggers.ruleset.wording import changes_of
from triage_triggers.vocabulary.reasons import class_sizes, reasons
from triage_triggers.vocabulary.vocabulary import bases, load_base

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rich.table import Table

    from triage_triggers.vocabulary.reasons import Change, Reason
    from triage_triggers.vocabulary.vocabulary import Base

__all__ = ["show_vocabulary"]


class _Wording(NamedTuple):
    """A language's words as a ruleset changes them; ``ruleset`` is None where they are as shipped."""

    base: Base
    changes: tuple[Change, ...] = ()
    ruleset: str | None = None


def show_vocabulary(what: str | None, name: str | None, *, as_json: bool) -> None:
    """Show the classes of a ruleset's words; or, of a word, its classes, as shipped or in a ruleset.

    Raises:
        RulesetNotFoundError: There is no such ruleset; or its language has no vocabulary.
    """
    if what is None:
        wordings, word = _shipped(), None
    else:
        try:
            find_ruleset(what)
        except RulesetNotFoundError:
            if name is not None or "/" in what:
                raise
            wordings, word = _shipped(), what
        else:
            wordings, word = [_of_ruleset(what)], name
    if as_json:
        for wording in wordings:
            typer.echo(json.dumps(_classes_json(wording) if word is None else _word_json(wording, word)))
        return
    for wording in wordings:
        if word is None:
            _show_classes(wording)
        else:
            _show_word(wording, word, is_ruleset=name is not None)


def _shipped() -> list[_Wording]:
    return [_Wording(base) for base in map(load_base, bases()) if base is not None]


def _of_ruleset(source: str) -> _Wording:
    located = load_located(source, allow_withdrawn=True)
    language = located.ruleset.language
    base = load_base(language)
    if base is None:
        raise RulesetNotFoundError(f"there is no vocabulary of '{language}'; {near(language, bases())}")
    return _Wording(base, tuple(changes_of(located.draft)), f"{located.ruleset.id} {located.ruleset.version}")


def _show_classes(wording: _Wording) -> None:
    screen = Screen()
    title = wording.base.name if wording.ruleset is None else f"{wording.ruleset}, on {wording.base.name}"
    screen.show(Text(f"Vocabulary of {title}", style="bold"))
    table = columns("class", "is", "tells", "words", "spellings", "changed by the ruleset")
    for size in class_sizes(wording.base, wording.changes):
        sense = size.sense
        changed = ", ".join(part for part in (_counted("+", size.added), _counted("-", size.removed)) if part)
        tells = sense.does or sense.tie or ""
        table.add_row(sense.name, sense.is_, tells, f"{size.words:,}", f"{size.spellings:,}", changed)
    screen.show(table)
    screen.show(Text("\nDeeds that an event may ask for", style="bold"))
    deeds = columns("does", "means")
    for does, deed in wording.base.deeds.items():
        deeds.add_row(does, deed.means)
    screen.show(deeds)


def _counted(sign: str, number: int) -> str:
    return f"{sign}{number}" if number else ""


def _classes_json(wording: _Wording) -> dict[str, object]:
    classes = [
        {
            "class": size.sense.name,
            "is": size.sense.is_,
            "does": size.sense.does,
            "tie": size.sense.tie,
            "words": size.words,
            "spellings": size.spellings,
            "added": size.added,
            "removed": size.removed,
        }
        for size in class_sizes(wording.base, wording.changes)
    ]
    deeds = {does: deed.means for does, deed in wording.base.deeds.items()}
    return {"ruleset": wording.ruleset, "base": wording.base.name, "classes": classes, "deeds": deeds}


def _show_word(wording: _Wording, word: str, *, is_ruleset: bool) -> None:
    screen = Screen()
    found = list(reasons(wording.base, word, wording.changes))
    where = wording.base.name if wording.ruleset is None else f"{wording.ruleset}, on {wording.base.name}"
    screen.show(Text(f"“{word}” in {where}", style="bold"))
    own = [reason for reason in found if not reason.within]
    screen.show(_table(own) if own else "It is in no class.")
    beside = [reason for reason in found if reason.within]
    if beside:
        screen.show(Text("\nIt is part of", style="bold"))
        screen.show(_table(beside))
    if not found and not is_ruleset:
        screen.show(f"Nor is it a ruleset: {near(word, shipped_rulesets())}")


def _table(found: Iterable[Reason]) -> Table:
    table = columns("class", "is", "tells", "because of", "where")
    for reason in found:
        sense = reason.sense
        entry = f"{reason.entry} (all its forms)" if reason.inflected else reason.entry
        where = reason.where if reason.removed is None else f"{reason.where}; taken out at {reason.removed}"
        table.add_row(sense.name, sense.is_, sense.does or sense.tie or "", entry, where)
    return table


def _word_json(wording: _Wording, word: str) -> dict[str, object]:
    found = [
        {
            "class": reason.sense.name,
            "is": reason.sense.is_,
            "does": reason.sense.does,
            "tie": reason.sense.tie,
            "entry": reason.entry,
            "where": reason.where,
            "within": reason.within,
            "removed": reason.removed,
        }
        for reason in reasons(wording.base, word, wording.changes)
    ]
    return {"word": word, "ruleset": wording.ruleset, "base": wording.base.name, "reasons": found}
