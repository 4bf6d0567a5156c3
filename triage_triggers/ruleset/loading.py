"""Loading a ruleset: find it, read it, lay it over what it extends, check it, and say everything that is wrong."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from triage_triggers.documents.catalogue import find_ruleset
from triage_triggers.errors import Fault, RulesetError, RulesetNotFoundError, RulesetStatusError
from triage_triggers.ruleset.checks import code_faults, decision_faults
from triage_triggers.ruleset.compiling import Phrasebook
from triage_triggers.ruleset.definition import Overlay, Ruleset
from triage_triggers.ruleset.digest import ruleset_digest
from triage_triggers.ruleset.draft import Draft, DraftEntry, read_draft, sound
from triage_triggers.ruleset.overlay import lay_over
from triage_triggers.ruleset.wording import ruleset_changes, vocabulary_faults

if TYPE_CHECKING:
    from collections.abc import Iterable

    from triage_triggers.documents.source import Place

__all__ = ["MAX_OVERLAYS", "LocatedRuleset", "check_status", "load_located", "load_ruleset"]

MAX_OVERLAYS: Final = 8


def load_ruleset(
    source: str | Path,
    *,
    search: Iterable[str | Path] = (),
    allow_withdrawn: bool = False,
    today: date | None = None,
) -> Ruleset:
    """Load a ruleset by its id, or from a file or folder.

    Args:
        source: An id ("uk-ambulance"), or the path of a YAML file or of a folder with a ``ruleset.yaml``.
        search: Folders to look in for ids, before the shipped ones; ids in ``extends`` too.
        allow_withdrawn: Load a ruleset that is withdrawn, or whose approval has expired, to study or replay it.
        today: The day that decides whether an approval has expired (it holds to the end of its last day, UTC); by
            default today.

    Raises:
        RulesetNotFoundError: There is none; the message suggests near ids.
        RulesetError: It has faults; ``faults`` holds all of them, each with file, line and column.
        RulesetStatusError: It, or one that it extends, is withdrawn, or its approval has expired.

    >>> load_ruleset("uk-ambulanc")
    Traceback (most recent call last):
    triage_triggers.errors.RulesetNotFoundError: there is no ruleset 'uk-ambulanc'; ...
    """
    return load_located(source, search=search, allow_withdrawn=allow_withdrawn, today=today).ruleset


class LocatedRuleset(NamedTuple):
    """A ruleset and the files it came from, for tools that point at places in them.

    ``own`` are the names of the files that are the ruleset's own, and not those of what it extends.
    """

    ruleset: Ruleset
    draft: Draft
    own: frozenset[str]


def load_located(
    source: str | Path,
    *,
    search: Iterable[str | Path] = (),
    allow_withdrawn: bool = False,
    today: date | None = None,
) -> LocatedRuleset:
    """Load a ruleset as :func:`load_ruleset` does, and keep where each of its parts stands.

    Raises:
        RulesetNotFoundError, RulesetError, RulesetStatusError: As :func:`load_ruleset`.
    """
    reader = _FolderReader(tuple(search), None if allow_withdrawn else today or datetime.now(UTC).date())
    loaded = reader.load(find_ruleset(source, reader.search), ())
    if loaded.ruleset is None or loaded.draft is None:
        raise RulesetError(loaded.faults)
    return LocatedRuleset(loaded.ruleset, loaded.draft, loaded.own)


class _Loaded(NamedTuple):
    """A ruleset with the draft it came from, or its faults."""

    faults: list[Fault]
    draft: Draft | None = None
    ruleset: Ruleset | None = None
    own: frozenset[str] = frozenset()


class _FolderReader(NamedTuple):
    """``today`` is ``None`` where status does not matter."""

    search: tuple[str | Path, ...]
    today: date | None

    def load(self, path: Path, above: tuple[Path, ...]) -> _Loaded:
        """Load what is at ``path``; ``above`` are the paths of the overlays that led here, outermost first."""
        faults: list[Fault] = []
        own = read_draft(path, faults)
        if own is None:
            return _Loaded(faults)
        draft: Draft | None = own
        overlay: Overlay | None = None
        changed: frozenset[str] = frozenset()
        if isinstance(own.main.data, dict) and "extends" in own.main.data:
            base = self._base(own, own.main.data["extends"], (*above, path.resolve()))
            if base.draft is None or base.ruleset is None:
                faults.extend(base.faults)
                draft = None  # what it names may well exist in there
            else:
                draft = lay_over(base.draft, own, faults)
                overlay = Overlay(id=base.ruleset.id, version=base.ruleset.version, digest=base.ruleset.digest)
                changed = base.draft.files()
        if draft is not None:
            found = (*decision_faults(draft), *code_faults(draft, self.search), *vocabulary_faults(draft, own))
            for fault in (*found, *_phrase_faults(draft)):
                # What the overlay extends had no faults of its own.
                message = f"{fault.message} (as changed by {own.main.file})" if fault.file in changed else fault.message
                faults.append(fault._replace(message=message))
        if faults or draft is None:
            return _Loaded(_in_file_order(faults))
        ruleset = _build(draft, overlay)
        if self.today is not None:
            check_status(ruleset, self.today)
        return _Loaded([], draft, ruleset, own.files() | {own.main.file})

    def _base(self, own: Draft, extends: object, above: tuple[Path, ...]) -> _Loaded:
        if not isinstance(extends, str) or not extends:
            return _Loaded([])  # the head's own fault
        folder = Path(own.main.file).parent
        try:
            path = find_ruleset(extends, self.search, beside=folder)
        except RulesetNotFoundError as error:
            return _Loaded([own.main.fault(("extends",), str(error))])
        if path.resolve() in above:
            chain = [*above[above.index(path.resolve()) :], path]
            message = f"rulesets extend each other in a circle: {' → '.join(step.name for step in chain)}"
            return _Loaded([own.main.fault(("extends",), message)])
        if len(above) > MAX_OVERLAYS:
            return _Loaded([own.main.fault(("extends",), f"more than {MAX_OVERLAYS} rulesets extend one another")])
        return self.load(path, above)


def check_status(ruleset: Ruleset, today: date) -> None:
    """Refuse a ruleset that may not be used.

    Raises:
        RulesetStatusError: It is withdrawn, or its approval has expired.
    """
    name = f"the ruleset {ruleset.id} {ruleset.version}"
    if ruleset.status == "withdrawn":
        raise RulesetStatusError(f"{name} is withdrawn; to load it all the same, say allow_withdrawn=True")
    if ruleset.approval is not None and ruleset.approval.expires < today:
        expired = f"the approval of {name} expired on {ruleset.approval.expires}"
        raise RulesetStatusError(f"{expired}; have it renewed, or load it with allow_withdrawn=True")


def _phrase_faults(draft: Draft) -> Iterable[Fault]:
    def placed(section: str, name: str, place: Place, message: str, offset: int | None) -> Fault:
        entry: DraftEntry[Any] = (draft.lists if section == "lists" else draft.rules)[name]
        return entry.fault(place, message, offset=offset)

    rules = [rule for _, rule in sound(draft.rules.values())]
    # A list with faults of its own must not be called unknown as well.
    lists = {name: entry.item or ("x",) for name, entry in draft.lists.items()}
    language = draft.head.language if draft.head else None
    return Phrasebook(rules, lists, language or "en", placed).faults()


def _build(draft: Draft, overlay: Overlay | None) -> Ruleset:
    """Make the ruleset of a draft without faults."""
    head = draft.head
    if head is None:  # pragma: no cover  a head with faults is itself a fault
        raise AssertionError
    content = {
        name: getattr(head, name) for name in type(head).model_fields if name not in {"extends", "disable", "codes"}
    }
    content["vocabulary"] = ruleset_changes(draft)
    content["lists"] = {name: entry.item for name, entry in draft.lists.items()}
    content["rules"] = tuple(entry.item for entry in draft.rules.values())
    content["signs"] = tuple(entry.item for entry in draft.signs.values())
    content["then"] = tuple(entry.item for entry in draft.then.values())
    if draft.thresholds:
        thresholds = {key: entry.item for key, entry in draft.thresholds.items()}
        lines = [line.model_dump(exclude_unset=True) for _, line in sound(draft.tally.values())]
        content["tally"] = thresholds | {"lines": lines}
    ruleset = Ruleset.model_validate(content | {"extends": overlay})
    return ruleset.model_copy(update={"digest": ruleset_digest(ruleset)})


def _in_file_order(faults: list[Fault]) -> list[Fault]:
    files = {fault.file: number for number, fault in reversed(list(enumerate(faults)))}
    return sorted(dict.fromkeys(faults), key=lambda fault: (files[fault.file], fault.line, fault.column))
