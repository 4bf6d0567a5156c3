"""``triage-triggers show``: rulesets and what is in them, words and their classes, code ladders, and the schemas."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, TypeAlias

import typer
import yaml
from typer import Argument, Option

from triage_triggers.cli.inputs import AsJson, ruleset_argument
from triage_triggers.cli.say import say
from triage_triggers.cli.screen import Screen, columns
from triage_triggers.documents.catalogue import find_ruleset, shipped_rulesets
from triage_triggers.errors import RulesetError, RulesetNotFoundError, near
from triage_triggers.ladders.ladder import load_ladder, shipped_ladders
from triage_triggers.legible import counted
from triage_triggers.phrases.description import describe
from triage_triggers.phrases.syntax import parse_phrase
from triage_triggers.ruleset.loading import load_located, load_ruleset
from triage_triggers.ruleset.schema import rules_schema, ruleset_schema, vocabulary_schema
from triage_triggers.ruleset.wording import changes_of, event_in_words
from triage_triggers.vocabulary.reasons import class_sizes, reasons
from triage_triggers.vocabulary.vocabulary import bases, load_base

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from triage_triggers.documents.fields import Frozen
    from triage_triggers.ladders.ladder import Ladder
    from triage_triggers.ruleset.definition import Rule, Ruleset
    from triage_triggers.vocabulary.reasons import Change, ClassSize, Reason
    from triage_triggers.vocabulary.vocabulary import Base

__all__ = ["run"]


def run(
    what: Annotated[
        str | None,
        ruleset_argument(
            "WHAT", "A ruleset's id or path; 'codes': code ladders; 'schema': the JSON Schema of ruleset files."
        ),
    ] = None,
    name: Annotated[
        str | None,
        Argument(
            metavar="NAME",
            help="Of a ruleset, a rule, sign, line, list or word; a ladder; of schemas, 'rules' or 'vocabulary'.",
        ),
    ] = None,
    *,
    phrases: Annotated[
        bool, Option("--phrases", help="Print every phrase as it is written: rule, tab, phrase.")
    ] = False,
    vocabulary: Annotated[
        bool,
        Option(
            "--vocabulary", help="Of a ruleset, its classes of words; of a WORD, its classes, and which entry says so."
        ),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Show what there is: all rulesets and ladders; what is in one ruleset; one rule, sign, line, list or word.

    Examples:
        triage-triggers show
        triage-triggers show uk-ambulance
        triage-triggers show uk-ambulance strangulation.throttled
        triage-triggers show uk-ambulance strangled
        triage-triggers show uk-ambulance --phrases | grep knife
        triage-triggers show malkied --vocabulary
        triage-triggers show uk-ambulance --vocabulary
        triage-triggers show codes nhs-arp
        triage-triggers show schema > ruleset.schema.json
    """
    if vocabulary:
        _show_vocabulary(what, name, as_json=as_json)
    elif what is None:
        _show_shipped()
    elif what == "codes":
        _show_ladders() if name is None else _show_ladder(load_ladder(name))
    elif what == "schema":
        schemas = {None: ruleset_schema, "rules": rules_schema, "vocabulary": vocabulary_schema}
        if name not in schemas:
            raise RulesetNotFoundError(f"there is no schema '{name}'; known: rules, vocabulary")
        typer.echo(json.dumps(schemas[name](), indent=2))
    else:
        loaded = load_ruleset(what, allow_withdrawn=True)
        if phrases:
            _print_phrases(loaded, name)
        elif name is None:
            _show_ruleset(loaded)
        else:
            _show_part(loaded, name)


def _show_shipped() -> None:
    for name in shipped_rulesets():
        try:
            ruleset = load_ruleset(name, allow_withdrawn=True)
        except RulesetError as error:
            say(f"{name}  has {len(error.faults):,} faults; see: triage-triggers lint {name}")
            continue
        say(f"{ruleset.id}  {ruleset.version}  {ruleset.status}  {ruleset.title}")
        say(f"    {ruleset.digest}")
        if ruleset.approval is not None:
            approval = ruleset.approval
            say(f"    approved by {approval.by}, {approval.role}, on {approval.on}, until {approval.expires}")
    say()
    _show_ladders()


def _show_ladders() -> None:
    files = [load_ladder(name).file for name in shipped_ladders()]
    rows = ((file.id, file.version, file.title) for file in files)
    Screen().show(columns("codes", "version", "title", rows=rows))


def _show_ladder(ladder: Ladder) -> None:
    order = "most urgent first" if ladder.ordered else "event types, without an order of urgency"
    rows = []
    for code in ladder.file.codes:
        remarks = [f"as urgent as {code.as_urgent_as}"] if code.as_urgent_as else []
        if code.code not in ladder.suggestable:
            remarks.append("never suggested")
        rows.append((code.code, code.title, ", ".join(code.aliases), ", ".join(remarks)))
    screen = Screen()
    title = f"{ladder.id} {ladder.version}: {ladder.file.title} ({order})"
    screen.show_titled(title, columns("code", "title", "also written", "remarks", rows=rows))
    determinants = {**ladder.file.determinants, **(ladder.table.determinants if ladder.table else {})}
    if determinants:
        screen.show("")
        screen.show(columns("determinant", "code", rows=determinants.items()))


def _show_ruleset(ruleset: Ruleset) -> None:
    rows = []
    for rule in ruleset.rules:
        wanted = ", ".join(rule.event.does) if rule.event is not None else counted(len(rule.phrases), "phrase")
        rows.append((rule.id, rule.theme, wanted, f"{len(rule.examples.fire) + len(rule.examples.quiet):,}"))
    screen = Screen()
    title = f"{ruleset.id} {ruleset.version}, {ruleset.status}: {ruleset.title}"
    screen.show_titled(title, columns("rule", "theme", "looks for", "examples", rows=rows))
    for kind, parts in _parts(ruleset).items():
        if parts:
            screen.show(f"{kind}: {', '.join(parts)}")


def _parts(ruleset: Ruleset) -> dict[str, Mapping[str, Frozen | tuple[str, ...]]]:
    """Return what a ruleset has beside rules, by kind and name."""
    return {
        "signs": {sign.id: sign for sign in ruleset.signs},
        "tally": {line.id: line for line in ruleset.tally.lines} if ruleset.tally is not None else {},
        "then": {line.id: line for line in ruleset.then},
        "lists": ruleset.lists,
    }


def _show_part(ruleset: Ruleset, name: str) -> None:
    rules = {rule.id: rule for rule in ruleset.rules}
    if name in rules:
        _show_rule(rules[name], ruleset.language)
        return
    for kind, parts in _parts(ruleset).items():
        if name in parts:
            part = parts[name]
            written = "\n".join(part) if isinstance(part, tuple) else _as_written(part)
            Screen().show_titled(f"{name} ({kind})", written)
            return
    known = [*rules, *(each for parts in _parts(ruleset).values() for each in parts)]
    raise RulesetNotFoundError(f"{ruleset.id} has no rule, sign, line or list '{name}'; {near(name, known)}")


def _as_written(part: Frozen) -> str:
    data = part.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100).rstrip()


def _print_phrases(ruleset: Ruleset, name: str | None) -> None:
    chosen = [rule for rule in ruleset.rules if name in {None, rule.id}]
    if not chosen:
        known = near(name or "", (rule.id for rule in ruleset.rules))
        raise RulesetNotFoundError(f"{ruleset.id} has no rule '{name}'; {known}")
    for rule in chosen:
        for phrase in rule.phrases:
            say(f"{rule.id}\t{phrase}")


def _show_rule(rule: Rule, language: str) -> None:
    screen = Screen()
    screen.show_titled(rule.id, columns(rows=_facts(rule)))
    if rule.event is not None:
        screen.show_titled("\nFires where", "\n".join(event_in_words(rule.event, language)))
    for title, phrases in (("\nFires on", rule.phrases), ("\nUnless it is part of", rule.unless)):
        if phrases:
            rows = ((phrase, describe(parse_phrase(phrase))) for phrase in phrases)
            screen.show_titled(title, columns("phrase", "in words", rows=rows))
    groups = (
        ("must fire", rule.examples.fire),
        ("must be quiet", rule.examples.quiet),
        ("known miss", rule.known_miss),
        ("known false alarm", rule.known_false_alarm),
    )
    if examples := [(name, sentence) for name, sentences in groups for sentence in sentences]:
        screen.show_titled("\nExamples", columns(rows=examples))


def _facts(rule: Rule) -> Iterator[tuple[str, str]]:
    yield "theme", rule.theme
    for name, text in (("rationale", rule.rationale), ("owner", rule.owner), *(("source", s) for s in rule.sources)):
        if text is not None:
            yield name, text
    if rule.language is not None:
        yield "language", rule.language
    if rule.speakers:
        yield "listens to", ", ".join(dict.fromkeys((*rule.speakers, "unknown")))
    if rule.never_set_aside:
        yield "set aside", "never, however it is said"
    if rule.beside:
        yield "counts only beside", ", ".join(rule.beside)
    yield from (("excused", f"{exclusion.check}: {exclusion.reason}") for exclusion in rule.lint.allow)


_Row: TypeAlias = dict[str, Any]


class _Wording(NamedTuple):
    """A language's words as a ruleset changes them; ``ruleset`` is None where they are as shipped."""

    base: Base
    changes: tuple[Change, ...] = ()
    ruleset: str | None = None

    @property
    def title(self) -> str:
        return self.base.name if self.ruleset is None else f"{self.ruleset}, on {self.base.name}"


def _show_vocabulary(what: str | None, name: str | None, *, as_json: bool) -> None:
    """Show the classes of a ruleset's words; or, of a word, its classes, as shipped or in a ruleset."""
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


def _row(told: ClassSize | Reason) -> _Row:
    sense, others = told.sense, told._asdict()
    del others["sense"]
    return {"class": sense.name, "is": sense.is_, "does": sense.does, "tie": sense.tie, **others}


def _classes(wording: _Wording) -> _Row:
    classes = [_row(size) for size in class_sizes(wording.base, wording.changes)]
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
    found = [_row(reason) for reason in reasons(wording.base, word, wording.changes)]
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
