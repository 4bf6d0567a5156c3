"""The JSON that recognisers export: what is read of each, and how it becomes a call's utterances."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.calls.call import Call, Utterance
from triage_triggers.calls.json_part import JsonPart
from triage_triggers.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from triage_triggers.calls.source import CallSource
    from triage_triggers.calls.speakers import SpeakerNames

__all__ = ["EXPORTS", "TimedWord", "export_call", "export_kind", "utterances_of"]

_MILLISECONDS: Final = 1000
_TICK_DECIMALS: Final = 7
"""Azure counts in ticks of 100 nanoseconds."""
_DURATION: Final = re.compile(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?", re.ASCII)
_PAUSE_SECONDS: Final = 1.0
_SENTENCE_ENDS: Final = (".", "?", "!")


def export_kind(document: object) -> str | None:
    """Return which export a document looks like by its topmost keys, or ``None``.

    >>> export_kind({"results": {"channels": []}}), export_kind({"text": "He hit me."})
    ('deepgram', None)
    """
    if not isinstance(document, dict) or "utterances" in document:
        return None
    results = document.get("results")
    if isinstance(results, dict):
        return "deepgram" if "channels" in results or "utterances" in results else "aws-transcribe"
    for key, kind in (
        ("Segments", "contact-lens"),
        ("Transcript", "contact-lens"),
        ("recognizedPhrases", "azure-batch"),
        ("phrases", "azure"),
        ("combinedPhrases", "azure"),
    ):
        if key in document:
            return kind
    segments = document.get("segments")
    # 'segments' may also be a column of somebody's calls.
    looks = isinstance(segments, list) and all(isinstance(part, dict) for part in segments)
    return "whisper" if looks and (segments or "call_id" not in document) else None


def export_call(kind: str, document: object, source: CallSource) -> Call:
    """Return the call that an export holds.

    Args:
        kind: Which export it is, by its format's name.
        document: What the file holds.
        source: The file.

    Raises:
        CallError: The document is no such export; names the file, the places in it and what was expected there, and
            quotes no value.
    """
    name, turns = _KINDS[kind]
    whole = JsonPart(document)
    utterances = list(turns(whole, source.options.speakers))
    whole.check(f"{source.file}: this is not quite {name}")
    if not utterances:  # what is not there must not be read as a call in which nothing was said
        raise CallError(f"{source.file}: this holds no part of a call, though it looks like {name}; was it cut short?")
    return Call(source.name, utterances)


def _whisper(document: JsonPart, speakers: SpeakerNames) -> Iterator[Utterance]:
    """A speaker is there only where a diarising tool has added one."""
    for part in document["segments"]:
        start, end = part["start"].time(), part["end"].time()
        yield Utterance(part["text"].text().strip(), speakers[part["speaker"].text_if_any()], start, end)


def _aws_transcribe(document: JsonPart, speakers: SpeakerNames) -> list[Utterance]:
    """Timed words; labels are ``spk_0``, ``spk_1``, … or, with channel identification, ``ch_0``, ``ch_1``."""
    results = document["results"]
    if results["channel_labels"]:
        turns: list[Utterance] = []
        for channel in results["channel_labels"]["channels"]:
            turns += utterances_of(_aws_words(channel["items"], {}, channel["channel_label"].text()), speakers)
        return _by_time(turns)
    # Older exports label by the time at which a word starts.
    labels = {
        item["start_time"].time(): item["speaker_label"].text()
        for segment in (results["speaker_labels"]["segments"] if results["speaker_labels"] else ())
        for item in (segment["items"] or ())
    }
    return utterances_of(_aws_words(results["items"], labels, None), speakers)


def _aws_words(items: JsonPart, labels: Mapping[float, str], channel: str | None) -> Iterator[TimedWord]:
    for item in items:
        joined = item["type"].read(_is_punctuation, otherwise=False)
        start, end = item["start_time"].time_if_any(), item["end_time"].time_if_any()
        label = channel or item["speaker_label"].text_if_any() or item["channel_label"].text_if_any()
        if label is None and start is not None:
            label = labels.get(start)
        yield TimedWord(item["alternatives"][0]["content"].text(), start, end, label, joined)


def _is_punctuation(kind: object) -> bool:
    if kind not in {"pronunciation", "punctuation"}:
        raise ValueError("this is not as expected")
    return kind == "punctuation"


def _contact_lens(document: JsonPart, speakers: SpeakerNames) -> Iterator[Utterance]:
    """The file written after a call, or the segments that the real-time interface lists.

    Labels are the participant's id, else the role, such as ``AGENT``.
    """
    turns, segments = document["Transcript"], document["Segments"]
    if bool(turns) == bool(segments):
        document.fault("expected either 'Transcript', a list of turns, or 'Segments', a list of segments")
        return
    participants = document["Participants"]
    roles = {part["ParticipantId"].text(): part["ParticipantRole"].text() for part in (participants or ())}
    # A segment may hold categories only.
    for turn in turns or (part["Transcript"] for part in segments if part["Transcript"]):
        participant = turn["ParticipantId"].text()
        role = turn["ParticipantRole"].text_if_any() or roles.get(participant)
        start, end = (turn[f"{name}OffsetMillis"].time() / _MILLISECONDS for name in ("Begin", "End"))
        label = participant if participant in speakers else role
        yield Utterance(turn["Content"].text(), speakers[label], start, end)


def _azure(document: JsonPart, speakers: SpeakerNames) -> list[Utterance]:
    """Fast transcription. Labels are ``speaker 1``, … where speakers were told apart, else ``channel 0``, …."""
    turns = []
    for phrase in document["phrases"]:
        # The first names are those of the current interface, the second of Microsoft's SDK, the third of a preview.
        start = phrase.first("offsetMilliseconds", "offsetInMs", "offset").time()
        length = phrase.first("durationMilliseconds", "durationInMs", "duration").time()
        label = _number(phrase, "speaker") or _number(phrase, "channel")
        times = (start / _MILLISECONDS, (start + length) / _MILLISECONDS)
        turns.append(Utterance(phrase["text"].text(), speakers[label], *times))
    return _by_time(turns)


def _azure_batch(document: JsonPart, speakers: SpeakerNames) -> list[Utterance]:
    """The result files of batch transcription, whose phrases hold guesses, the best first, or none."""
    turns = []
    for phrase in document["recognizedPhrases"]:
        start, length = (phrase[name].read(_iso_seconds, otherwise=0.0) for name in ("offset", "duration"))
        for best in list(phrase["nBest"] or ())[:1]:
            # Older versions put the speaker into the guess.
            label = _number(phrase, "speaker") or _number(best, "speaker") or _number(phrase, "channel")
            end = round(start + length, _TICK_DECIMALS)
            turns.append(Utterance(best["display"].text(), speakers[label], start, end))
    return _by_time(turns)


def _iso_seconds(value: object) -> float:
    match = _DURATION.fullmatch(value) if isinstance(value, str) and value != "PT" else None
    if match is None:
        raise ValueError("expected a duration such as 'PT1M2.5S'")
    hours, minutes, seconds = match.groups()
    return round((int(hours or 0) * 60 + int(minutes or 0)) * 60 + float(seconds or 0), _TICK_DECIMALS)


def _deepgram(document: JsonPart, speakers: SpeakerNames) -> list[Utterance]:
    """Utterances where they were asked for, else timed words.

    Labels are ``channel 0``, … where the recording has several channels, else ``speaker 0``, ….
    """
    results = document["results"]
    channels = list(results["channels"])
    several = len(channels) > 1
    turns: list[Utterance] = []
    if results["utterances"]:
        for part in results["utterances"]:
            text, start, end = part["transcript"].text(), part["start"].time(), part["end"].time()
            label = (_number(part, "channel") if several else None) or _number(part, "speaker")
            turns.append(Utterance(text, speakers[label], start, end))
        return _by_time(turns)
    for number, channel in enumerate(channels):
        words = [
            TimedWord(
                word["punctuated_word"].text_if_any() or word["word"].text(),
                word["start"].time(),
                word["end"].time(),
                f"channel {number}" if several else _number(word, "speaker"),
            )
            for word in channel["alternatives"][0]["words"]
        ]
        turns += utterances_of(words, speakers)
    return _by_time(turns)


_KINDS: Final[Mapping[str, tuple[str, Callable[[JsonPart, SpeakerNames], Iterable[Utterance]]]]] = {
    "whisper": ("Whisper's JSON", _whisper),
    "aws-transcribe": ("an AWS Transcribe export", _aws_transcribe),
    "contact-lens": ("a Contact Lens export", _contact_lens),
    "azure": ("an Azure fast transcription", _azure),
    "azure-batch": ("an Azure batch transcription", _azure_batch),
    "deepgram": ("a Deepgram export", _deepgram),
}
EXPORTS: Final = tuple(_KINDS)
"""The kinds of export that are read, by their formats' names."""


def _number(part: JsonPart, key: str) -> str | None:
    """Return a label such as ``speaker 1``; ``None`` where there is no number."""
    number = part[key].whole_if_any()
    return None if number is None else f"{key} {number}"


def _by_time(turns: Iterable[Utterance]) -> list[Utterance]:
    """Weave channels together; what has no time, or the same one, stays in the file's order."""
    return sorted(turns, key=lambda turn: turn.start or 0.0)


class TimedWord(NamedTuple):
    """A word, its times in seconds where known, and its speaker's label; ``joined`` to the one before: punctuation."""

    text: str
    start: float | None
    end: float | None
    label: str | None
    joined: bool = False


def utterances_of(words: Iterable[TimedWord], speakers: SpeakerNames) -> list[Utterance]:
    """Return the words as utterances: a new one for another speaker, after a pause of a second, or after a sentence.

    So that the time of a flag is that of its sentence, and not of the end of a whole channel.

    >>> from triage_triggers.calls.speakers import SpeakerNames
    >>> words = [
    ...     TimedWord("He's", 0.1, 0.3, "ch_0"),
    ...     TimedWord("here", 0.4, 0.6, "ch_0"),
    ...     TimedWord("Who?", 0.7, 1, "ch_1"),
    ... ]
    >>> [(turn.text, turn.speaker, turn.end) for turn in utterances_of(words, SpeakerNames({"ch_0": "caller"}))]
    [("He's here", 'caller', 0.6), ('Who?', 'unknown', 1)]
    """
    turns: list[list[TimedWord]] = []
    for word in words:
        if turns and (word.joined or not _parted(turns[-1], word)):
            turns[-1].append(word)
        else:
            turns.append([word])
    return [
        Utterance(
            "".join(word.text if word.joined or not at else f" {word.text}" for at, word in enumerate(turn)),
            speakers[turn[0].label],
            next((word.start for word in turn if word.start is not None), None),
            next((word.end for word in reversed(turn) if word.end is not None), None),
        )
        for turn in turns
    ]


def _parted(turn: list[TimedWord], word: TimedWord) -> bool:
    last = turn[-1]
    if word.label != turn[0].label or last.text.endswith(_SENTENCE_ENDS):
        return True
    return last.end is not None and word.start is not None and word.start - last.end >= _PAUSE_SECONDS
