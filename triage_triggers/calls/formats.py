"""The formats that calls are read from, and how each is recognised."""

from __future__ import annotations

import re
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from triage_triggers.calls.call import Call
from triage_triggers.calls.dialogue import is_dialogue, read_dialogue, read_docx
from triage_triggers.calls.json_document import JsonPart, export_kind, segments_of, whole_export
from triage_triggers.calls.json_lines import call_from_json, call_from_object, call_from_segments, is_segment
from triage_triggers.calls.recognisers import RECOGNISERS
from triage_triggers.calls.source import parse_json
from triage_triggers.calls.subtitles import CUES, SBV_TIMES, TIMING, read_cues, read_ttml
from triage_triggers.calls.table_files import SAYS_DELIMITER, delimiter_of, read_csv, read_parquet, read_xlsx
from triage_triggers.errors import CallError, near

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from triage_triggers.calls.source import CallSource, ReadingOptions, SourceLine
    from triage_triggers.calls.speakers import SpeakerNames

__all__ = ["FORMATS", "SUFFIXES", "Format", "begins_segments", "format_named", "recognise"]

_WEBVTT: Final = re.compile(r"WEBVTT(?:\s|$)")
_XML: Final = re.compile(r"<\?xml|<(?:\w+:)?tt[\s>]")
_OPENS_OBJECT: Final = re.compile(r".*[\[{,]\s*", re.DOTALL)
_OPENS_LIST: Final = re.compile(r"\[\s*(?:\{\s*(?:\".*)?)?", re.DOTALL)

_NONE_OF_THESE: Final = (
    "this JSON is none that is read: expected at its top 'utterances' or 'text' (a call of ours), a list of segments"
    f" with 'text' and times or speakers, or an export that docs/transcripts.md names: {', '.join(RECOGNISERS)}"
)


def _read_json_lines(source: CallSource) -> Iterator[Call | CallError]:
    looked: list[SourceLine] = []
    first = _next_with_something(source.lines, looked)
    source = source._replace(lines=chain(looked, source.lines))
    if first is not None and begins_segments(first):
        yield _segments_call(source)
        return
    for number, text in source.lines:
        if text is None:
            yield source.undecodable(number)
        elif text.strip():
            try:
                yield call_from_json(text, f"{source.name_of_many}:{number}", source.options.speakers)
            except CallError as error:
                yield CallError(f"{source.file}:{number}: {error}")


def begins_segments(line: str) -> bool:
    """Tell whether a line of JSON is a segment, so that the file's lines are the utterances of one call."""
    try:
        return is_segment(parse_json(line))
    except CallError:
        return False


def _segments_call(source: CallSource) -> Call:
    segments, last = [], "\n"
    for number, text in source.lines:
        if text is None:
            raise source.undecodable(number)
        last = text
        if not text.strip():
            continue
        try:
            segment = parse_json(text)
        except CallError as error:
            raise CallError(f"{source.file}:{number}: {error}") from None
        if not is_segment(segment):
            raise CallError(
                f"{source.file}:{number}: the lines before are segments of one call, and this one is none; give each "
                "call's lines its 'call_id' with 'utterances', or keep one call a file"
            )
        segments.append(segment)
    source.note_open_end(last)
    return call_from_segments(segments, source.name, source.options.speakers)


def _read_document(source: CallSource, *, kind: str | None = None) -> Iterator[Call | CallError]:
    """Yield the call of an export, of some kind or recognised by its keys; or a call of ours, or several in a list."""
    document: Any = whole_export(parse_json(source.text()))
    speakers = source.options.speakers
    if (kind := kind or export_kind(document)) is not None:
        name, turns = RECOGNISERS[kind]
        try:
            utterances = [turn for turn in turns(JsonPart(document), speakers) if turn.text.strip()]
        except CallError as error:
            raise CallError(f"this is not quite {name}: {error}") from None
        if not utterances:  # what is not there must not be read as a call in which nothing was said
            raise CallError(f"this holds no part of a call, though it looks like {name}; was it cut short?")
        yield Call(source.name, utterances)
    elif (segments := segments_of(document)) is not None:
        yield call_from_segments(segments, source.name, speakers)
    elif isinstance(document, list):
        for number, row in enumerate(document, 1):
            try:
                yield _own_call(row, f"{source.name_of_many}:{number}", speakers)
            except CallError as error:
                yield CallError(f"{source.file}: [{number - 1}]: {error}")
    else:
        call = _own_call(document, source.name, speakers)
        if "call_id" not in document and document.get("utterances") is None:
            source.note_no_speakers()
        yield call


def _own_call(row: object, name: str, speakers: SpeakerNames) -> Call:
    if not isinstance(row, dict) or row.keys().isdisjoint({"utterances", "text", "call_id"}):
        raise CallError(_NONE_OF_THESE)
    return call_from_object(row, name, speakers)


def _read_text(source: CallSource) -> Iterator[Call]:
    if source.options.format is None:
        source.note_no_speakers()
    yield Call.from_text(source.text(), source.name)


class Format(NamedTuple):
    """A format: its name for ``--format``, the suffixes it comes with, and its reader.

    The reader yields calls, or errors in the place of one; it raises a ``CallError`` for the whole, or rest, of a file.
    """

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[CallSource], Iterator[Call | CallError]]


FORMATS: Final[Mapping[str, Format]] = {
    entry.name: entry
    for entry in (
        Format("jsonl", (".jsonl",), _read_json_lines),
        Format("json", (".json",), _read_document),
        Format("text", (".txt",), _read_text),
        Format("dialogue", (".txt",), read_dialogue),
        *(Format(kind, (f".{kind.removeprefix('web')}",), partial(read_cues, kind=kind)) for kind in CUES),
        Format("ttml", (".ttml", ".dfxp", ".xml"), read_ttml),
        Format("csv", (".csv", ".tsv"), read_csv),
        Format("xlsx", (".xlsx", ".xlsm"), read_xlsx),
        Format("docx", (".docx",), read_docx),
        Format("parquet", (".parquet",), read_parquet),
        *(Format(kind, (".json",), partial(_read_document, kind=kind)) for kind in RECOGNISERS),
    )
}
"""Every format by its name."""

SUFFIXES: Final = tuple(sorted({suffix for entry in FORMATS.values() for suffix in entry.suffixes}))
_BY_SUFFIX: Final = {suffix: entry for entry in reversed(list(FORMATS.values())) for suffix in entry.suffixes}
_BY_SUFFIX_ALONE: Final = frozenset({".jsonl", ".csv", ".tsv", ".parquet", ".xlsx", ".xlsm", ".docx"})


def format_named(name: str) -> Format:
    """Return a format by its name."""
    if name not in FORMATS:
        raise CallError(f"there is no format '{name}'; {near(name, FORMATS)}")
    return FORMATS[name]


def recognise(
    suffix: str, lines: Iterator[SourceLine], options: ReadingOptions
) -> tuple[Format | None, Iterator[SourceLine]]:
    """Return the format of a file, and its lines with those that were looked at; no format where it is empty.

    Of lines and tables, looks no further than the first line with something in it: a pipe can be followed live. Text
    stays text where it is not plainly something else.
    """
    if suffix in _BY_SUFFIX_ALONE:
        return _BY_SUFFIX[suffix], lines
    looked: list[SourceLine] = []
    first = _next_with_something(lines, looked)
    if first is None:
        text = looked and looked[-1].text is None  # a line that is no text; the reader says so
        return (FORMATS["text"] if text or suffix else None), chain(looked, lines)
    name = _by_content(suffix, first.strip(), lines, looked, options)
    chosen = FORMATS[name] if name is not None else _BY_SUFFIX.get(suffix, FORMATS["text"])
    return chosen, chain(looked, lines)


def _next_with_something(lines: Iterator[SourceLine], looked: list[SourceLine]) -> str | None:
    for line in lines:
        looked.append(line)
        if line.text is None or line.text.strip():
            return line.text
    return None


def _by_content(
    suffix: str, first: str, lines: Iterator[SourceLine], looked: list[SourceLine], options: ReadingOptions
) -> str | None:
    if suffix in {"", ".json"}:
        if first.startswith("{"):
            kind = _json_kind(first)
            # A document on one line is none of several.
            return "json" if suffix and _next_with_something(lines, looked) is None else kind
        if first.startswith("[") and (suffix or _OPENS_LIST.fullmatch(first)):
            return "json"
    if suffix == ".json":
        return None
    if _WEBVTT.match(first):
        return "webvtt"
    if SBV_TIMES.fullmatch(first):
        return "sbv"
    if _XML.match(first):
        return "ttml"
    if (TIMING in first and first[0].isdecimal()) or (
        first.isdecimal() and TIMING in (_next_with_something(lines, looked) or "")
    ):
        return "srt"
    if suffix in {"", ".txt"} and (SAYS_DELIMITER.fullmatch(first) or _is_header(first, options)):
        return "csv"
    looked.extend(lines)  # what is left is one call, and read whole
    return "dialogue" if is_dialogue("".join(line.text or "" for line in looked), options.speakers) else None


def _json_kind(first: str) -> str:
    """Return whether a file that begins with an object is lines of calls, or one document."""
    try:
        document = parse_json(first)
    except CallError:
        return "json" if _OPENS_OBJECT.fullmatch(first) else "jsonl"
    own = isinstance(document, dict) and not document.keys().isdisjoint({"call_id", "text", "utterances"})
    return "jsonl" if own and export_kind(document) is None else "json"


def _is_header(first: str, options: ReadingOptions) -> bool:
    delimiter = delimiter_of(first, options.columns)
    names = first.split(delimiter)
    try:
        return len(names) > 1 and len(options.columns.find([name.strip(' "') for name in names])) > 1
    except CallError:
        return False
