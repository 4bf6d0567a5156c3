"""Reading a case file, YAML or JSON, with every fault named by file, line and column."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from pydantic import ValidationError

from triage_triggers.calls.call import Call, Utterance
from triage_triggers.calls.reading import read_calls
from triage_triggers.documents.faults import item_id, model_faults
from triage_triggers.documents.source import MAX_FILE_BYTES, SourceFile, parse_yaml, read_yaml
from triage_triggers.errors import CallError, CaseError, Fault
from triage_triggers.replay.case import Case, CaseDocument, CaseEntry

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage_triggers.documents.source import Place
    from triage_triggers.replay.case import CaseOutcome, Dispatch, EntryDocument, EntryKind, Moment


__all__ = ["CASE_SUFFIXES", "load_case"]

_Timed = TypeVar("_Timed", "Dispatch", "CaseOutcome")

CASE_SUFFIXES: Final = (".yaml", ".yml", ".json")
_HALF_CHARACTER: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\u[dD][89a-fA-F][0-9a-fA-F]{2}")


def load_case(path: str | Path) -> Case:
    """Load a case file, and the transcripts that it names.

    A transcript is a file that ``evaluate`` could read, in the case file's folder or below it.

    Raises:
        CaseError: It can't be read or has faults; ``faults`` holds all of them. None quotes what was said.

    >>> load_case("no-such-case.yaml")
    Traceback (most recent call last):
    triage_triggers.errors.CaseError: no-such-case.yaml:1:1: the file can't be read: No such file or directory
    """
    path = Path(path)
    faults: list[Fault] = []
    source = _read(path, faults)
    if source is None or faults:
        raise CaseError(faults)
    data, root = source
    try:
        document = CaseDocument.model_validate(data)
    except ValidationError as error:
        raise CaseError(model_faults(root, error, CaseDocument)) from None
    entries = []
    for kind, place, written in document.entries():
        try:
            call = None if written.transcript is None else _transcript(path.parent, written.transcript, written.id)
            entries.append(_entry(kind, written, call))
        except CallError as error:
            faults.append(root.fault((*place, "transcript"), str(error), rule=written.id))
    faults.extend(_faults_of_all(root, document))
    if faults:
        raise CaseError(sorted(faults, key=lambda fault: (fault.line, fault.column)))
    entries.sort(key=lambda entry: (entry.at.time, entry.at.latest, entry.call.call_id))
    return Case(document.id, document.title, tuple(entries), _by_time(document.outcomes))


def _read(path: Path, faults: list[Fault]) -> tuple[Any, SourceFile] | None:
    """Return what stands in a file, and where; JSON's own numbers and nulls are kept."""
    with suppress(OSError, ValueError):  # reading says why
        if path.is_file() and path.stat().st_size > MAX_FILE_BYTES:
            message = f"the file is larger than {MAX_FILE_BYTES:,} bytes; put what was said into files of its own"
            faults.append(Fault(str(path), 1, 1, None, f"{message}, and name each under 'transcript'"))
            return None
    if path.suffix.lower() != ".json":
        source = read_yaml(path, faults)
        return None if source is None else (source.data, source)
    line, column = 1, 1
    try:
        text = path.read_text(encoding="utf-8-sig")
        data = json.loads(text)
    except json.JSONDecodeError as error:
        line, column, message = error.lineno, error.colno, f"this is not valid JSON: {error.msg}"
    except RecursionError:
        message = "the JSON is nested too deeply"
    except (OSError, ValueError) as error:
        message = f"the file can't be read: {getattr(error, 'strerror', None) or 'it is not UTF-8 text'}"
    else:
        message = ""
    if message:
        faults.append(Fault(str(path), line, column, None, message))
        return None
    # JSON is YAML but for tabs and halves of characters, so the same reader knows its lines and columns, and sees keys
    # that stand there twice.
    source = parse_yaml(_HALF_CHARACTER.sub(r"\1\\ufffd", text.replace("\t", " ")), str(path), faults)
    return None if source is None else (data, source)


def _transcript(folder: Path, name: str, call_id: str) -> Call:
    """Return the only call in a file, or that of an id."""
    path = folder / name
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
    except (OSError, ValueError):
        raise CallError("the transcript's name is no file name") from None
    if not inside:
        raise CallError("a transcript must lie in the folder of the case file, or below it")
    if path.is_dir():
        raise CallError(f"{name}: this is a folder; name a file in it")
    found: list[Call] = []
    for item in read_calls(path):
        if isinstance(item, CallError):
            raise item
        found.append(item)
    chosen = found if len(found) == 1 else [call for call in found if call.call_id == call_id]
    if len(chosen) == 1:
        return chosen[0]
    held = f"{len(found)} calls, of which {len(chosen) or 'none'} has the id {call_id!r}" if found else "no call"
    raise CallError(f"{name} holds {held}")


def _faults_of_all(source: SourceFile, document: CaseDocument) -> Iterator[Fault]:
    """Yield a fault for each id that is there twice, and each time that can't be compared with the first.

    It can't where only one of the two has an offset.
    """
    seen: set[str] = set()
    moments: list[tuple[Place, Moment]] = []
    for _, place, written in document.entries():
        if written.id in seen:
            yield source.fault((*place, "id"), f"the id {written.id!r} stands here twice", rule=written.id)
        seen.add(written.id)
        moments.append(((*place, "at"), written.at))
        moments.extend(((*place, "dispatched", index, "at"), part.at) for index, part in enumerate(written.dispatched))
    moments.extend((("outcomes", index, "at"), part.at) for index, part in enumerate(document.outcomes))
    timed = [(place, moment) for place, moment in moments if not moment.is_day]
    has_offset = bool(timed) and timed[0][1].has_offset
    for place, moment in timed:
        if moment.has_offset != has_offset:
            message = "write all times with an offset such as +00:00, or none of them; else they can't be put in order"
            yield source.fault(place, message, rule=item_id(source, place))


def _entry(kind: EntryKind, written: EntryDocument, call: Call | None) -> CaseEntry:
    """Return an entry; ``call`` is what its transcript file holds, if it has one."""
    if call is None:
        parts = [Utterance(**part.model_dump()) for part in written.utterances or ()]
        call = Call(written.id, parts if written.text is None else [Utterance(written.text)])
    call = replace(call, call_id=written.id, current_code=written.current_code or call.current_code)
    return CaseEntry(kind, written.at, call, written.by, _by_time(written.dispatched), written.outcome)


def _by_time(parts: tuple[_Timed, ...]) -> tuple[_Timed, ...]:
    return tuple(sorted(parts, key=lambda part: part.at))
