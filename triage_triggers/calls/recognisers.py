"""How each recogniser's export becomes the utterances of a call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from triage_triggers.calls.call import Utterance
from triage_triggers.calls.json_part import JsonPart
from triage_triggers.calls.words import TimedWord, utterances_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from triage_triggers.calls.speakers import SpeakerNames

    _Reader: TypeAlias = Callable[[JsonPart, SpeakerNames], Iterable[Utterance]]

__all__ = ["RECOGNISERS", "google_files"]

_MILLISECONDS: Final = 1000
_TICK_DECIMALS: Final = 7
"""Azure counts in ticks of 100 nanoseconds."""
_WORDS_ALONE: Final = 3
"""So many rows of one word each are words, not turns."""


def google_files(results: Mapping[str, object]) -> list[object]:
    """Return the results of the files of a batch, by Google's name of each.

    >>> google_files({"gs://bucket/call.wav": {"transcript": {"results": []}}})
    [{'results': []}]
    """
    inside = [part.get("inlineResult", part) for part in results.values() if isinstance(part, dict)]
    return [part["transcript"] for part in inside if isinstance(part, dict) and "transcript" in part]


class _Rows(NamedTuple):
    """Where an export lists what was said, and where each part of the list has what.

    A time before ``?`` may be left out; ``length`` is given where there is no end.
    """

    rows: str
    start: str = "start"
    end: str = "end"
    length: str = ""
    text: str = "text"
    speaker: str = "speaker"
    unit: int = 1

    def read(self, document: JsonPart, speakers: SpeakerNames) -> list[Utterance]:
        """Return the utterances of the list."""
        words = []
        for part in document.at(self.rows):
            start = self._time(part, self.start)
            end = self._time(part, self.start, self.length) if self.length else self._time(part, self.end)
            label = part.at(self.speaker).label_if_any()
            words.append(TimedWord(part.at(self.text).text().strip(), start, end, label))
        if len(words) >= _WORDS_ALONE and not any(" " in word.text for word in words):
            return utterances_of((word for word in words if word.text), speakers)
        return _by_time(Utterance(word.text, speakers[word.label], word.start, word.end) for word in words)

    def _time(self, part: JsonPart, *paths: str) -> float | None:
        """Return the sum of some times, in seconds; ``None`` where one may be missing, and is."""
        held = [part.at(path.removesuffix("?")) for path in paths]
        if not all(time or not path.endswith("?") for time, path in zip(held, paths, strict=True)):
            return None
        return sum(time.time() for time in held) / self.unit


def _whisper(document: JsonPart, speakers: SpeakerNames) -> list[Utterance]:
    """A speaker is there only where a diarising tool has added one; some interfaces list words only."""
    if document["words"] and not document["segments"]:
        return _Rows("words", text="word", start="start?", end="end?").read(document, speakers)
    return _Rows("segments").read(document, speakers)


def _assemblyai(document: JsonPart, speakers: SpeakerNames) -> list[Utterance]:
    """Utterances where speakers were told apart, else words. Labels are ``A``, ``B``, …."""
    if document["utterances"]:
        return _Rows("utterances", unit=_MILLISECONDS).read(document, speakers)
    return _from_words(document["words"], speakers, "speaker", _MILLISECONDS)


def _from_words(words: JsonPart, speakers: SpeakerNames, label: str, unit: int = 1) -> list[Utterance]:
    found = []
    for word in words:
        if word["type"].text_if_any() != "spacing":
            times = (word[key].time_if_any() for key in ("start", "end"))
            start, end = (None if time is None else time / unit for time in times)
            found.append(TimedWord(word["text"].text().strip(), start, end, word[label].label_if_any()))
    return utterances_of(found, speakers)


def _elevenlabs(document: JsonPart, speakers: SpeakerNames) -> list[Utterance]:
    """Words, and spaces between them, of one recording or of each of its channels."""
    transcripts = document["transcripts"] or [document]
    return _by_time(turn for part in transcripts for turn in _from_words(part["words"], speakers, "speaker_id"))


def _rev(document: JsonPart, speakers: SpeakerNames) -> list[Utterance]:
    """Monologues of words and punctuation. Labels are ``speaker 0``, …."""
    words = []
    for monologue in document["monologues"]:
        label = monologue["speaker"].label_if_any()
        for part in monologue["elements"]:
            mark = part["type"].text_if_any() == "punct"
            if text := part["value"].text().strip():
                words.append(TimedWord(text, part["ts"].time_if_any(), part["end_ts"].time_if_any(), label, mark))
    return utterances_of(words, speakers)


def _google(document: JsonPart, speakers: SpeakerNames) -> list[Utterance]:
    """Speech-to-Text, both versions. Labels are ``speaker 1``, … where speakers were told apart.

    Where they were, the first version repeats all words in its last result, and there with their speakers.
    """
    whole = document["response"] or document
    results = whole["results"]
    if isinstance(results.value, dict):
        files = google_files(results.value)
        if len(files) != 1:
            results.refuse(f"expected the results of one file, found those of {len(files)}")
        results = JsonPart(files[0], f"{results.place}.*")["results"]
    parts = []
    for result in results:
        best = result["alternatives"][0] if result["alternatives"] and list(result["alternatives"]) else None
        if best is not None:
            parts.append((result, best, _google_words(best)))
    before = [word[:2] for _, _, words in parts[:-1] for word in words]
    if before and before == [word[:2] for word in parts[-1][2]][: len(before)]:
        parts = parts[-1:]
    turns: list[Utterance] = []
    for result, best, words in parts:
        label = result.first("channelTag", "channel_tag").label_if_any()
        if words:
            turns += utterances_of((word._replace(label=word.label or label) for word in words), speakers)
        elif best["transcript"]:
            end = result.first("resultEndTime", "resultEndOffset", "result_end_time", "result_end_offset")
            turns.append(Utterance(best["transcript"].text().strip(), speakers[label], None, end.time_if_any()))
    return turns if any(turn.start is None for turn in turns) else _by_time(turns)


def _google_words(best: JsonPart) -> list[TimedWord]:
    return [
        TimedWord(
            word["word"].text(),
            word.first("startTime", "startOffset", "start_time", "start_offset").time_if_any(),
            word.first("endTime", "endOffset", "end_time", "end_offset").time_if_any(),
            _google_label(word),
        )
        for word in (best["words"] or ())
    ]


def _google_label(word: JsonPart) -> str | None:
    label = word.first("speakerLabel", "speaker_label", "speakerTag", "speaker_tag").label_if_any()
    return f"speaker {label}" if label and label.isdecimal() else None if label == "speaker 0" else label


def _speechmatics(document: JsonPart, speakers: SpeakerNames) -> list[Utterance]:
    """Words and punctuation. Labels are ``S1``, …."""
    return utterances_of(_aws_words(document["results"], {}, None), speakers)


def _aws_transcribe(document: JsonPart, speakers: SpeakerNames) -> list[Utterance]:
    """Timed words; labels are ``spk_0``, ``spk_1``, … or, with channel identification, ``ch_0``, ``ch_1``."""
    results = document["results"]
    if results["channel_labels"]:
        turns: list[Utterance] = []
        for channel in results["channel_labels"]["channels"]:
            turns += utterances_of(_aws_words(channel["items"], {}, channel["channel_label"].text()), speakers)
        return _by_time(turns)
    # Older exports label by the time at which a word starts; in some, there is a list of such labels.
    labelled = results["speaker_labels"]
    lists = list(labelled) if isinstance(labelled.value, list) else [labelled] if labelled else []
    segments = [segment for part in lists for segment in (part["segments"] or [part])]
    labels = {
        item["start_time"].time(): item["speaker_label"].text()
        for segment in segments
        for item in (segment["items"] or [segment] * bool(segment["start_time"]))
    }
    return utterances_of(_aws_words(results["items"], labels, None), speakers)


def _aws_words(items: JsonPart, labels: Mapping[float, str], channel: str | None) -> Iterator[TimedWord]:
    for item in items:
        kind = item["type"].text()
        if kind not in {"pronunciation", "word", "punctuation"}:
            item["type"].refuse("this is not as expected")
        start, end = item["start_time"].time_if_any(), item["end_time"].time_if_any()
        best = item["alternatives"][0]
        label = channel or item.first("speaker_label", "channel_label").text_if_any() or best["speaker"].text_if_any()
        if label is None and start is not None:
            label = labels.get(start) or _label_before(labels, start)
        yield TimedWord(best["content"].text(), start, end, label, kind == "punctuation")


def _label_before(labels: Mapping[float, str], start: float) -> str | None:
    """Return the label of the segment that a word stands in, by the segments' starts."""
    return labels.get(max((time for time in labels if time <= start), default=-1.0))


def _contact_lens(document: JsonPart, speakers: SpeakerNames) -> Iterator[Utterance]:
    """The file written after a call, or the segments that the real-time interface lists.

    Labels are the participant's id, else the role, such as ``AGENT``.
    """
    turns, segments = document["Transcript"], document["Segments"]
    if bool(turns) == bool(segments):
        document.refuse("expected either 'Transcript', a list of turns, or 'Segments', a list of segments")
    participants = document["Participants"]
    roles = {part["ParticipantId"].text(): part["ParticipantRole"].text() for part in (participants or ())}
    # A segment may hold categories only.
    for turn in turns or (part["Transcript"] for part in segments if part["Transcript"]):
        participant = turn["ParticipantId"].text_if_any()
        role = turn["ParticipantRole"].text_if_any() or roles.get(participant or "")
        if participant is None and role is None:
            turn["ParticipantId"].text()  # a fault
        start, end = (turn[f"{name}OffsetMillis"].time() / _MILLISECONDS for name in ("Begin", "End"))
        label = participant if participant and participant in speakers else role or participant
        yield Utterance(turn["Content"].text(), speakers[label], start, end)


def _azure_batch(document: JsonPart, speakers: SpeakerNames) -> list[Utterance]:
    """The result files of batch transcription, whose phrases hold guesses, the best first, or none."""
    turns = []
    for phrase in document["recognizedPhrases"]:
        start, length = phrase["offset"].time(), phrase["duration"].time()
        for best in list(phrase["nBest"] or ())[:1]:
            # Older versions put the speaker into the guess.
            holds = next((part for part in (phrase["speaker"], best["speaker"], phrase["channel"]) if part), None)
            label = None if holds is None else holds.label_if_any()
            end = round(start + length, _TICK_DECIMALS)
            turns.append(Utterance(best["display"].text(), speakers[label], start, end))
    return _by_time(turns)


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
            label = part.at("channel|speaker" if several else "speaker").label_if_any()
            turns.append(Utterance(text, speakers[label], start, end))
        return _by_time(turns)
    for number, channel in enumerate(channels):
        words = [
            TimedWord(
                word["punctuated_word"].text_if_any() or word["word"].text(),
                word["start"].time(),
                word["end"].time(),
                f"channel {number}" if several else word["speaker"].label_if_any(),
            )
            for word in channel["alternatives"][0]["words"]
        ]
        turns += utterances_of(words, speakers)
    return _by_time(turns)


def _by_time(turns: Iterable[Utterance]) -> list[Utterance]:
    """Weave channels together; what has no time, or the same one, stays in the file's order."""
    return sorted(turns, key=lambda turn: turn.start or 0.0)


_AZURE: Final = _Rows(
    "phrases",
    # The first names are those of the current interface, the second of Microsoft's SDK, the third of a preview.
    "offsetMilliseconds|offsetInMs|offset",
    length="durationMilliseconds|durationInMs|duration",
    speaker="speaker|channel",
    unit=_MILLISECONDS,
)
_WHISPER_CPP: Final = _Rows("transcription", "offsets.from", "offsets.to", unit=_MILLISECONDS)
RECOGNISERS: Final[Mapping[str, tuple[str, _Reader]]] = {
    "whisper": ("Whisper's JSON", _whisper),
    "aws-transcribe": ("an AWS Transcribe export", _aws_transcribe),
    "contact-lens": ("a Contact Lens export", _contact_lens),
    "azure": ("an Azure fast transcription", _AZURE.read),
    "azure-batch": ("an Azure batch transcription", _azure_batch),
    "deepgram": ("a Deepgram export", _deepgram),
    "whisper-cpp": (
        "whisper.cpp's JSON",
        _Rows("transcription", "offsets.from", "offsets.to", unit=_MILLISECONDS).read,
    ),
    "hugging-face": ("a Hugging Face transcription", _Rows("chunks", "timestamp.0?", "timestamp.1?").read),
    "assemblyai": ("an AssemblyAI transcript", _assemblyai),
    "google": ("a Google Speech-to-Text result", _google),
    "elevenlabs": ("an ElevenLabs transcript", _elevenlabs),
    "rev": ("a Rev.ai transcript", _rev),
    "speechmatics": ("a Speechmatics transcript", _speechmatics),
    "zoom": ("a Zoom transcript", _Rows("timeline", "ts", "end_ts?", speaker="users.0.username").read),
    "teams": ("a Teams transcript", _Rows("entries", "startOffset", "endOffset", speaker="speakerDisplayName").read),
}
"""What each kind of export is called, and its reader."""
