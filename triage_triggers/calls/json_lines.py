"""Read a call from one line of JSON."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeGuard

from triage_triggers.calls.call import Call, Utterance, seconds_of
from triage_triggers.calls.columns import Columns, is_milliseconds
from triage_triggers.calls.source import parse_json
from triage_triggers.calls.speakers import SpeakerNames
from triage_triggers.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["call_from_json", "call_from_object", "call_from_segments", "call_to_json", "is_segment", "object_from_json"]

_CALL_KEYS: Final = frozenset({"call_id", "text", "utterances", "current_code", "code_system"})
_UTTERANCE_KEYS: Final = frozenset({"text", "speaker", "start", "end"})
_TIMES: Final = ("start", "end")
_USUAL_SPEAKERS: Final = SpeakerNames()
_USUAL_COLUMNS: Final = Columns()
_COLUMN_NAME: Final = re.compile(r"[A-Za-z_][\w-]{0,39}", re.ASCII)


def call_from_json(line: str, default_id: str, speakers: SpeakerNames = _USUAL_SPEAKERS) -> Call:
    r"""Return the call that a line of JSON describes.

    A line is ``{"call_id", "text"}`` or ``{"call_id", "current_code", "code_system", "utterances": [{"text",
    "speaker", "start", "end"}]}``. ``null``, and an empty string where a name or code belongs, count as not given. Keys
    that are none of ours are kept as ``metadata``; those of utterances as ``metadata["utterances"]``, one dictionary
    for each utterance. Labels that are no ``speakers`` are refused: in our own format that is a mistake.

    Raises:
        CallError: The line is no JSON object, or a field is missing, twice there or of the wrong type. The message
            names the field and quotes nothing that was said.

    >>> call = call_from_json('{"text": "He hit me.", "area": "north"}', "calls.jsonl:1")
    >>> call.call_id, call.metadata["area"]
    ('calls.jsonl:1', 'north')
    """
    return call_from_object(object_from_json(line, "call"), default_id, speakers)


def object_from_json(line: str, what: str) -> dict[str, Any]:
    """Return the object that a line of JSON is; no key may be there twice."""
    data = parse_json(line, _unique_keys)
    if not isinstance(data, dict):
        raise CallError(f"a line must hold one {what} as a JSON object, {{…}}, not {type(data).__name__}")
    return data


def call_from_object(data: dict[str, Any], default_id: str, speakers: SpeakerNames = _USUAL_SPEAKERS) -> Call:
    """Return the call that a JSON object describes, as :func:`call_from_json` does.

    >>> call_from_object({"call_id": "C-1", "text": "He hit me."}, "-").utterances[0].text
    'He hit me.'
    """
    utterances, extra = _utterances(data, speakers)
    metadata = {key: value for key, value in data.items() if key not in _CALL_KEYS}
    if any(extra):
        metadata["utterances"] = extra
    for key, value in metadata.items():
        try:
            json.dumps(value, allow_nan=False, default=str)
        except ValueError:
            raise CallError(f"{_named(key)} must hold finite numbers only; write null for a missing one") from None
        except RecursionError:
            raise CallError(f"{_named(key)} is nested too deeply") from None
    call_id = _given(data, "call_id")
    return Call(
        default_id if call_id is None else call_id,
        utterances,
        current_code=_given(data, "current_code"),
        code_system=_given(data, "code_system"),
        metadata=metadata,
    )


def is_segment(data: object) -> TypeGuard[dict[str, Any]]:
    """Tell whether a JSON object is a part of a call, not a call: who said something or when, and no id.

    >>> is_segment({"start": 0.0, "end": 2.1, "text": "He hit me."}), is_segment({"call_id": "C-1", "text": "Hello."})
    (True, False)
    """
    if not isinstance(data, dict) or not data.keys().isdisjoint(_CALL_KEYS - {"text"}):
        return False
    found = _fields(*data)
    # One time of another name may be when a call was made.
    names = {name for name in found if found[name] == name} | ({"speaker"} & found.keys())
    times = {"start", "end"} <= found.keys() or isinstance(data.get(found.get("start", "")), list)
    return isinstance(data.get(found.get("text", "")), str) and (times or not names.isdisjoint({"speaker", *_TIMES}))


def call_from_segments(rows: Sequence[dict[str, Any]], name: str, speakers: SpeakerNames = _USUAL_SPEAKERS) -> Call:
    """Return the one call that some segments, as recognisers list them, are the utterances of.

    >>> call_from_segments([{"text": "Hello."}, {"text": "Yes?", "speaker": "spk_1"}], "C-1").utterances[1].speaker
    'unknown'
    """
    return call_from_object({"utterances": [_known(row, speakers) for row in rows]}, name, speakers)


@lru_cache(maxsize=64)
def _fields(*keys: str) -> dict[str, str]:
    """Return which of a segment's keys holds which field."""
    try:
        return {name: keys[at] for name, at in _USUAL_COLUMNS.find(keys, need=None).items()}
    except CallError:  # two keys that differ in capitals
        return {name: name for name in _UTTERANCE_KEYS & set(keys)}


def _known(row: dict[str, Any], speakers: SpeakerNames) -> dict[str, Any]:
    """Return a segment by our names: its label's speaker, its times in seconds, and what it holds beside."""
    found = _fields(*row)
    known = {key: value for key, value in row.items() if key not in found.values()}
    known["text"] = str(row[found["text"]]).strip()
    label = row.get(found.get("speaker", ""))
    if isinstance(label, int) and not isinstance(label, bool):
        label = f"speaker {label}"
    known["speaker"] = speakers[label] if isinstance(label, str) else "unknown"
    times = {name: row[found[name]] for name in _TIMES if name in found}
    if isinstance(pair := times.get("start"), list) and len(pair) == len(_TIMES):  # Hugging Face
        times = dict(zip(_TIMES, pair, strict=True))
    for name, time in times.items():
        seconds = seconds_of(time) if isinstance(time, str) else time
        known[name] = time if seconds is None else seconds
        if is_milliseconds(found.get(name, "")) and isinstance(seconds, (int, float)):
            known[name] = seconds / 1000
    return known


def call_to_json(call: Call) -> str:
    """Return a call as one line of ASCII JSON, from which :func:`call_from_json` makes the same call again.

    >>> call_to_json(Call.from_text("He hit me.", "C-1"))
    '{"call_id": "C-1", "utterances": [{"text": "He hit me.", "speaker": "unknown"}]}'
    """
    metadata = dict(call.metadata)
    extra = metadata.pop("utterances", None)
    if not isinstance(extra, list) or len(extra) != len(call.utterances):
        extra = [{} for _ in call.utterances]
    row: dict[str, Any] = {"call_id": call.call_id}
    row |= {name: code for name in ("current_code", "code_system") if (code := getattr(call, name)) is not None}
    row["utterances"] = [
        {
            "text": utterance.text,
            "speaker": utterance.speaker,
            **{name: time for name in ("start", "end") if (time := getattr(utterance, name)) is not None},
            **{key: value for key, value in more.items() if key not in _UTTERANCE_KEYS},
        }
        for utterance, more in zip(call.utterances, extra, strict=True)
    ]
    row |= {key: value for key, value in metadata.items() if key not in _CALL_KEYS}
    return json.dumps(row, default=str)


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise CallError(f"{_named(twice)} is given twice")
    return found


def _utterances(data: dict[str, Any], speakers: SpeakerNames) -> tuple[tuple[Utterance, ...], list[dict[str, Any]]]:
    text, rows = data.get("text"), data.get("utterances")
    if text is not None and rows is not None:
        raise CallError("the call has both 'text' and 'utterances'; keep the one that holds what was said")
    if rows is None:
        if text is None:
            raise CallError("the call has neither 'text' nor 'utterances'")
        if not isinstance(text, str):
            raise CallError(f"text must be a string, not {type(text).__name__}")
        return (Utterance(text),), []
    if not isinstance(rows, list):
        raise CallError(f"utterances must be a list, not {type(rows).__name__}")
    utterances = tuple(_utterance(row, position, speakers) for position, row in enumerate(rows))
    return utterances, [
        {} if row.keys() <= _UTTERANCE_KEYS else {key: row[key] for key in row if key not in _UTTERANCE_KEYS}
        for row in rows
    ]


def _utterance(row: Any, position: int, speakers: SpeakerNames) -> Utterance:  # noqa: ANN401  what a list holds is anyone's guess
    if not isinstance(row, dict):
        raise CallError(f"utterances[{position}] must be a JSON object, {{…}}, not {type(row).__name__}")
    if row.get("text") is None:
        raise CallError(f"utterances[{position}] has no 'text'")
    speaker = _given(row, "speaker")
    if speaker is None:
        speaker = "unknown"
    elif isinstance(speaker, str):
        speaker = speakers.get(speaker) or speaker
    try:
        return Utterance(row["text"], speaker, row.get("start"), row.get("end"))
    except CallError as error:
        raise CallError(f"utterances[{position}]: {error}") from None


def _given(data: dict[str, Any], key: str) -> Any:  # noqa: ANN401  the model checks the type
    value = data.get(key)
    return None if value == "" else value


def _named(key: str) -> str:
    """Name a key in a message, unless it looks like something said rather than like a column."""
    return key if _COLUMN_NAME.fullmatch(key) else "a key"
