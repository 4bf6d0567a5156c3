"""``triage-triggers show --vocabulary``: the classes of a language's words, and why a word is in which."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import typer

from triage_triggers.cli.screen import Screen, columns
from triage_triggers.documents.catalogue import find_ruleset, shipped_rulesets
from triage_triggers.errors import RulesetNotFoundError, near
from triage_triggers.ruleset.loading import load_located
from triage_triggers.ruleset.wording import changes_of
from triage_triggers.vocabulary.reasons import class_sizes, reasons
from triage_triggers.vocabulary.vocabulary import bases, load_base

if TYPE_CHECKING:
    from triage_triggers.vocabulary.reasons import Change
    from triage_triggers.vocabulary.sense import Sense
    from triage_triggers.vocabulary.vocabulary import Base

__all__ = ["show_vocabulary"]

_Row: TypeAlias = dict[str, Any]


class _Wording(NamedTuple):
    """A language's words as a ruleset changes them; ``ruleset`` is None where they are as shipped."""

    base: Base
    changes: tuple[Change, ...] = ()
    ruleset: str | None = None

    @property
    def title(self) -> str:
        return self.base.name if self.ruleset is None else f"{self.ruleset}, on {self.base.name}"


def show_vocabulary(what: str | None, name: str | None, *, as_json: bool) -> None:
    """Show the classes of a ruleset's words; or, of a word, its classes, as shipped or in a ruleset.

    Raises:
        RulesetNotFoundError: There is no such ruleset; or its language has no vocabulary.
    """
    is_word = what is not None and name is None and "/" not in what and not _is_ruleset(what)
    word = what if is_word else name
    if what is None or is_word:
        wordings = [_Wording(base) for base in map(load_base, bases()) if base is not None]
    else:
        wordings = [_of_ruleset(what)]
    for wording in wordings:
        found = _classes(wording) if word is None else _reasons(wording, word)
        if as_json:
            typer.echo(json.dumps(found))
        elif word is None:
            _show_classes(wording, found)
        else:
            _show_reasons(wording, found, maybe_a_ruleset=is_word)


def _is_ruleset(name: str) -> bool:
    try:
        find_ruleset(name)
    except RulesetNotFoundError:
        return False
    return True


def _of_ruleset(source: str) -> _Wording:
    located = load_located(source, allow_withdrawn=True)
    language = located.ruleset.language
    base = load_base(language)
    if base is None:
        raise RulesetNotFoundError(f"there is no vocabulary of '{language}'; {near(language, bases())}")
    return _Wording(base, tuple(changes_of(located.draft)), f"{located.ruleset.id} {located.ruleset.version}")


def _sense(sense: Sense) -> _Row:
    return {"class": sense.name, "is": sense.is_, "does": sense.does, "tie": sense.tie}


def _classes(wording: _Wording) -> _Row:
    classes = [
        _sense(size.sense)
        | {"words": size.words, "spellings": size.spellings, "added": size.added, "removed": size.removed}
        for size in class_sizes(wording.base, wording.changes)
    ]
    deeds = {does: deed.means for does, deed in wording.base.deeds.items()}
    return {"ruleset": wording.ruleset, "base": wording.base.name, "classes": classes, "deeds": deeds}


def _show_classes(wording: _Wording, found: _Row) -> None:
    rows = []
    for row in found["classes"]:
        changed = [f"{sign}{number}" for sign, number in (("+", row["added"]), ("-", row["removed"])) if number]
        counts = f"{row['words']:,}", f"{row['spellings']:,}", ", ".join(changed)
        rows.append((row["class"], row["is"], row["does"] or row["tie"] or "", *counts))
    screen = Screen()
    headings = ("class", "is", "tells", "words", "spellings", "changed by the ruleset")
    screen.show_titled(f"Vocabulary of {wording.title}", columns(*headings, rows=rows))
    deeds = columns("does", "means", rows=found["deeds"].items())
    screen.show_titled("\nDeeds that an event may ask for", deeds)


def _reasons(wording: _Wording, word: str) -> _Row:
    found = [
        _sense(reason.sense)
        | {"entry": reason.entry, "where": reason.where, "within": reason.within, "removed": reason.removed}
        for reason in reasons(wording.base, word, wording.changes)
    ]
    return {"word": word, "ruleset": wording.ruleset, "base": wording.base.name, "reasons": found}


def _show_reasons(wording: _Wording, found: _Row, *, maybe_a_ruleset: bool) -> None:
    screen = Screen()
    own = [_cells(row) for row in found["reasons"] if not row["within"]]
    beside = [_cells(row) for row in found["reasons"] if row["within"]]
    headings = ("class", "is", "tells", "because of", "where")
    title = f"“{found['word']}” in {wording.title}"
    screen.show_titled(title, columns(*headings, rows=own) if own else "It is in no class.")
    if beside:
        screen.show_titled("\nIt is part of", columns(*headings, rows=beside))
    if maybe_a_ruleset and not found["reasons"]:
        screen.show(f"Nor is it a ruleset: {near(found['word'], shipped_rulesets())}")


def _cells(row: _Row) -> tuple[str, ...]:
    entry = f"{row['entry']} (all its forms)" if "~" in row["entry"] else row["entry"]
    where = row["where"] if row["removed"] is None else f"{row['where']}; taken out at {row['removed']}"
    return row["class"], row["is"], row["does"] or row["tie"] or "", entry, where
