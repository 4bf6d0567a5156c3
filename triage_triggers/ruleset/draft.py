"""A ruleset's files, read and validated part by part, before it is known whether they make a ruleset."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Generic, NamedTuple, TypeVar

from pydantic import BaseModel, ValidationError

from triage_triggers.documents.faults import item_id, model_faults, quote
from triage_triggers.documents.source import Place, SourceFile, read_yaml
from triage_triggers.errors import Fault
from triage_triggers.phrases.syntax import MAX_LENGTH
from triage_triggers.ruleset.definition import Ask, Rule, Sign, Then, one_is_a_list
from triage_triggers.ruleset.document import RulesDocument, RulesetDocument, RulesetHead, WrittenLine
from triage_triggers.vocabulary.changes import WordChange

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

__all__ = ["MAX_FOLDER_BYTES", "Draft", "DraftEntry", "read_draft", "sound"]

MAX_FOLDER_BYTES: Final = 20_000_000
Item = TypeVar("Item")
Model = TypeVar("Model", bound=BaseModel)
Part = TypeVar("Part", Rule, Sign, WrittenLine, Then)


class DraftEntry(NamedTuple, Generic[Item]):
    """A rule, list, sign or line, and where it stands.

    Where it has faults, ``item`` is what can still be checked of it, or ``None``; nobody may use it for more.
    """

    item: Item | None
    source: SourceFile
    place: Place

    def fault(self, place: Place, message: str, *, offset: int | None = None) -> Fault:
        """Return a fault at a part of this item."""
        at = (*self.place, *place)
        return self.source.fault(at, message, rule=item_id(self.source, at), offset=offset)


class Draft(NamedTuple):
    """What stands in a ruleset's files. A part with faults is kept, so that nobody reports it missing.

    ``head`` is ``None`` where it has faults; ``thresholds`` are the tally's sums, ``tally`` its lines. ``vocabulary``
    are changes of classes, by file and class.
    """

    main: SourceFile
    head: RulesetHead | None
    vocabulary: dict[tuple[str, str], DraftEntry[WordChange]]
    lists: dict[str, DraftEntry[tuple[str, ...]]]
    rules: dict[str, DraftEntry[Rule]]
    signs: dict[str, DraftEntry[Sign]]
    thresholds: dict[str, DraftEntry[int]]
    tally: dict[str, DraftEntry[WrittenLine]]
    then: dict[str, DraftEntry[Then]]

    def files(self) -> frozenset[str]:
        """Return the names of the files that its parts stand in."""
        sections: tuple[Mapping[Any, DraftEntry[Any]], ...]
        sections = (self.vocabulary, self.lists, self.rules, self.signs, self.thresholds, self.tally, self.then)
        return frozenset(entry.source.file for section in sections for entry in section.values())


def sound(entries: Iterable[DraftEntry[Item]]) -> Iterator[tuple[DraftEntry[Item], Item]]:
    """Yield the entries of which something can be checked, with that."""
    return ((entry, entry.item) for entry in entries if entry.item is not None)


def read_draft(path: Path, faults: list[Fault]) -> Draft | None:
    """Read a ruleset's file or folder, adding everything wrong to ``faults``; ``None`` if its main file can't be read.

    Every part is validated by itself, so that a fault in one hides nothing about the others.
    """
    draft: Draft | None = None
    source = _read(path / "ruleset.yaml" if path.is_dir() else path, faults)
    if source is not None:
        whole = _validate(source, RulesetDocument, faults)
        draft = Draft(source, _head(source), {}, {}, {}, {}, _thresholds(source), {}, {})
        faults.extend(_head_faults(source))
        draft.vocabulary.update(_word_changes(source, ("vocabulary",), []))
        _merge("list", draft.lists, _lists(source), faults)
        _merge("rule", draft.rules, _parts(source, ("rules",), Rule, whole.rules if whole else ()), faults)
        _merge("sign", draft.signs, _parts(source, ("signs",), Sign), faults)
        _merge("tally line", draft.tally, _parts(source, ("tally", "lines"), WrittenLine), faults)
        _merge("then line", draft.then, _parts(source, ("then",), Then), faults)
    for fragment in _fragments(path / "vocabulary", faults) if path.is_dir() else ():
        changes = _word_changes(fragment, (), faults)
        if draft is not None:
            draft.vocabulary.update(changes)
    for fragment in _fragments(path / "rules", faults) if path.is_dir() else ():
        rest = _validate(fragment, RulesDocument, faults)
        if draft is not None:
            _merge("list", draft.lists, _lists(fragment), faults)
            _merge("rule", draft.rules, _parts(fragment, ("rules",), Rule, rest.rules if rest else ()), faults)
    return draft


def _fragments(folder: Path, faults: list[Fault]) -> Iterator[SourceFile]:
    size = 0
    for path in _yaml_files(folder, faults):
        if path.parent != folder:
            faults.append(
                Fault(str(path), 1, 1, None, f"files in folders below {folder.name}/ are not read; move it up")
            )
            continue
        source = _read(path, faults)
        if source is None:
            continue
        size += len(source.text)
        if size > MAX_FOLDER_BYTES:
            message = f"with this file the folder is larger than {MAX_FOLDER_BYTES:,} bytes; the rest was not read"
            faults.append(Fault(str(path), 1, 1, None, message))
            return
        yield source


def _yaml_files(folder: Path, faults: list[Fault]) -> list[Path]:
    def report(error: OSError) -> None:
        if not isinstance(error, FileNotFoundError):  # a ruleset may do without the folder, but not skip it unread
            faults.append(Fault(str(error.filename), 1, 1, None, f"the folder can't be read: {error.strerror}"))

    paths = [Path(at) / name for at, _, names in os.walk(folder, onerror=report) for name in names]
    return sorted(path for path in paths if path.suffix.lower() in {".yaml", ".yml"} and not path.name.startswith("."))


def _word_changes(
    source: SourceFile, place: Place, faults: list[Fault]
) -> dict[tuple[str, str], DraftEntry[WordChange]]:
    """Return a file's changes of classes, each validated by itself."""
    data = _at(source, place)
    if not isinstance(data, dict):
        if not place and not source.is_reported(()):
            faults.append(source.fault((), "the file must be a group of keys: the classes of words to change"))
        return {}
    changes = {}
    for name, written in data.items():
        change: WordChange | None = None
        try:
            change = WordChange.model_validate(written)
        except ValidationError as error:
            faults.extend(model_faults(source, error, WordChange, at=(*place, name)))
        changes[source.file, name] = DraftEntry(change, source, (*place, name))
    return changes


def _at(source: SourceFile, place: Place) -> Any:  # noqa: ANN401  what a person wrote
    data = source.data
    for step in place:
        data = data.get(step) if isinstance(data, dict) else None
    return data


def _validate(source: SourceFile, model: type[Model], faults: list[Fault]) -> Model | None:
    try:
        return model.model_validate(source.data)
    except ValidationError as error:
        faults.extend(model_faults(source, error, model))
        return None


def _valid(model: type[Model], written: object) -> Model | None:
    try:
        return model.model_validate(written)
    except ValidationError:
        return None


def _head(source: SourceFile) -> RulesetHead | None:
    data = source.data if isinstance(source.data, dict) else {}
    return _valid(RulesetHead, {key: data[key] for key in RulesetHead.model_fields if key in data})


def _thresholds(source: SourceFile) -> dict[str, DraftEntry[int]]:
    tally, found = _at(source, ("tally",)), {}
    for key in ("counts_from", "look_again", "flag") if isinstance(tally, dict) else ():
        number = str(tally.get(key))
        item = int(number) if number.isdecimal() and len(number) <= 3 else None  # noqa: PLR2004  the most digits
        if key in tally:
            found[key] = DraftEntry(item, source, ("tally", key))
    return found


def _lists(source: SourceFile) -> Iterator[tuple[str, DraftEntry[tuple[str, ...]]]]:
    written = _at(source, ("lists",))
    for name, texts in written.items() if isinstance(written, dict) else ():
        yield name, DraftEntry(_texts(texts), source, ("lists", name))


def _parts(
    source: SourceFile, section: Place, model: type[Part], valid: Sequence[Part] = ()
) -> Iterator[tuple[str, DraftEntry[Part]]]:
    """Yield the parts of a section by their ids; ``valid`` has them all where it was validated as a whole."""
    raw = _at(source, section)
    for index, written in enumerate(raw if isinstance(raw, list) else ()):
        if isinstance(written, dict) and isinstance(written.get("id"), str):
            part = valid[index] if valid else _valid(model, written) or _in_part(model, written)
            yield written["id"], DraftEntry(part, source, (*section, index))


def _in_part(model: type[Part], written: dict[str, Any]) -> Part | None:
    """Return what a rule looks for, or what is asked for, where only something else is wrong."""
    if model is Rule:
        theme, language = written.get("theme"), written.get("language")
        return model.model_construct(
            id=written["id"],
            theme=theme if isinstance(theme, str) else "",
            language=language if isinstance(language, str) else None,
            phrases=_texts(written.get("phrases")),
            unless=_texts(written.get("unless")),
        )
    keys = {"find", "by", "time", "with", "near", "at_least"}
    ask = _valid(Ask, {"find": ("x",)} | {key: written[key] for key in keys & written.keys()})
    if ask is None:
        return None
    known = {name: getattr(ask, name) for name in type(ask).model_fields} | {"id": written["id"]}
    if "find" not in written:
        known["find"] = ()
    if model is Then:
        names = one_is_a_list(written.get("if", ()))
        known["if_"] = tuple(name for name in names if isinstance(name, str))
    return model.model_construct(_fields_set=set(), **known)


def _texts(written: object) -> tuple[str, ...]:
    """Return a list's texts, each at its index; for what is none, a text that nothing is wrong with."""
    texts = written if isinstance(written, list) else ()
    return tuple(text if isinstance(text, str) and 0 < len(text) <= MAX_LENGTH else "x" for text in texts)


def _merge(
    noun: str, into: dict[str, DraftEntry[Item]], entries: Iterator[tuple[str, DraftEntry[Item]]], faults: list[Fault]
) -> None:
    for name, entry in entries:
        if name in into:
            first = into[name]
            line, column = first.source.position(first.place)
            there = f"{first.source.file}:{line}:{column}"
            message = f"the {noun} '{quote(name)}' is defined twice; the other is at {there}"
            faults.append(entry.source.fault(entry.place, message, rule=item_id(entry.source, entry.place)))
        else:
            into[name] = entry


def _head_faults(source: SourceFile) -> Iterator[Fault]:
    """Yield what is wrong between the parts of a head, also where a part of it has faults of its own."""
    data = source.data
    if not isinstance(data, dict):
        return
    if "extends" not in data:
        for key in ("language", "code_system"):
            if key not in data:
                yield source.fault((), f"'{key}' is missing")
        for key in ("disable", "codes"):
            if key in data:
                yield source.fault((key,), f"'{key}' goes with 'extends', and only with it", key=True)
    if data.get("status") == "approved" and "approval" not in data:
        message = "'status: approved' needs an 'approval' with the keys by, role, on, expires"
        yield source.fault(("status",), message, key=True)
    if "approval" in data and data.get("status") in {"draft", "review", "withdrawn"}:
        message = f"'approval' goes with 'status: approved', and only with it; the status is {data['status']}"
        yield source.fault(("approval",), message, key=True)


def _read(path: Path, faults: list[Fault]) -> SourceFile | None:
    """Read a file, naming in each fault the rule or sign that it is in."""
    found: list[Fault] = []
    source = read_yaml(path, found)
    faults.extend(_named(source, found) if found and source is not None and isinstance(source.data, dict) else found)
    return source


def _named(source: SourceFile, faults: list[Fault]) -> Iterator[Fault]:
    places: list[Place] = [
        (section, index)
        for section in ("rules", "signs", "then")
        if isinstance(source.data.get(section), list)
        for index in range(len(source.data[section]))
    ]
    for fault in faults:
        place = next((place for place in places if source.holds(place, fault.line, fault.column)), ())
        yield fault._replace(rule=item_id(source, place))
