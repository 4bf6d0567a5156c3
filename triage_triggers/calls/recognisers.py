"""How each recogniser's export becomes the utterances of a call."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple, TypeAlias

from triage_triggers.calls.call import Utterance
from triage_triggers.calls.json_document import JsonPart, google_files

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from triage_triggers.calls.speakers import SpeakerNames

    _Reader: TypeAlias = Callable[[JsonPart, SpeakerNames], Iterable[Utterance]]

__all__ = ["RECOGNISERS"]

_MILLISECONDS: Final = 1000
_TICK_DECIMALS: Final = 7
"""Azure counts in ticks of 100 nanoseconds."""
_PAUSE_SECONDS: Final = 1.0
_WORDS_ALONE: Final = 3
"""So many rows of one word each are words, not turns."""
_MARKS: Final = ("punct", "punctuation")


class _Word(NamedTuple):
    """A word or turn, its times in seconds where known, and its speaker's label; ``joined``: punctuation."""

    text: str
    start: float | None
    end: float | None
    label: str | None
    joined: bool = False


def _spoken(words: Iterable[_Word], speakers: SpeakerNames) -> list[Utterance]:
    """Return the words as utterances: a new one for another speaker, after a pause of a second, or after a sentence.

    So that the time of a flag is that of its sentence, and not of the end of a whole channel.
    """
    turns: list[list[_Word]] = []
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


def _parted(turn: list[_Word], word: _Word) -> bool:
    last = turn[-1]
    if word.label != turn[0].label or last.text.endswith((".", "?", "!")):
        return True
    return last.end is not None and word.start is not None and word.start - last.end >= _PAUSE_SECONDS


class _Rows(NamedTuple):
    """Where an export lists turns or words, and where each part of the list has what, as ``JsonPart.at`` reads it.

    A time before ``?`` may be left out; ``length`` is given where there is no end; ``unit`` is how many make a second.
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
        words = self.words(document)
        if len(words) >= _WORDS_ALONE and not any(" " in word.text for word in words):
            return _spoken(words, speakers)
        return _turns(words, speakers)

    def words(self, document: JsonPart, label: str | None = None) -> list[_Word]:
        """Return the parts of the list in which something was said, by some speaker or by whom they name."""
        words = []
        for part in document.at(self.rows):
            start = self._time(part, self.start)
            end = self._time(part, self.start, self.length) if self.length else self._time(part, self.end)
            if text := part.at(self.text).text().strip():
                speaker = label or part.at(self.speaker).label_if_any()
                words.append(_Word(text, start, end, speaker, part["type"].value in _MARKS))
        return words

    def _time(self, part: JsonPart, *paths: str) -> float | None:
        """Return the sum of some times, in seconds; ``None`` where one may be missing, and is."""
        held = [part.at(path.removesuffix("?")) for path in paths]
        if not all(time or not path.endswith("?") for time, path in zip(held, paths, strict=True)):
            return None
        return sum(time.time() for time in held) / self.unit


def _whisper(document: JsonPart, speakers: SpeakerNames) -> list[Utterance]:
    """A speaker is there only where a diarising tool has added one; some interfaces list words only."""
    if document["words"] and not document["segments"]:
        return _Rows("words", "start?", "end?", text="word").read(document, speakers)
    return _Rows("segments").read(document, speakers)


def _assemblyai(document: JsonPart, speakers: SpeakerNames) -> list[Utterance]:
    """Utterances where speakers were told apart, else words. Labels are ``A``, ``B``, …."""
    if document["utterances"]:
        return _Rows("utterances", unit=_MILLISECONDS).read(document, speakers)
    return _spoken(_Rows("words", "start?", "end?", unit=_MILLISECONDS).words(document), speakers)


def _elevenlabs(document: JsonPart, speakers: SpeakerNames) -> list[Utterance]:
    """Words, and spaces between them, of one recording or of each of its channels."""
    rows = _Rows("words", "start?", "end?", speaker="speaker_id")
    transcripts = document["transcripts"] or [document]
    return _by_time(turn for part in transcripts for turn in _spoken(rows.words(part), speakers))


def _rev(document: JsonPart, speakers: SpeakerNames) -> list[Utterance]:
    """Monologues of words and punctuation. Labels are ``speaker 0``, …."""
    rows = _Rows("elements", "ts?", "end_ts?", text="value")
    monologues = ((part, part["speaker"].label_if_any()) for part in document["monologues"])
    return _spoken((word for part, label in monologues for word in rows.words(part, label)), speakers)


_GOOGLE_WORDS: Final = _Rows(
    "words",
    "startTime|startOffset|start_time|start_offset?",
    "endTime|endOffset|end_time|end_offset?",
    text="word",
    speaker="speakerLabel|speaker_label|speakerTag|speaker_tag",
)


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
        if result["alternatives"] and list(result["alternatives"]):
            best = result["alternatives"][0]
            parts.append((result, best, _GOOGLE_WORDS.words(best) if best["words"] else []))
    before = [word[:2] for _, _, words in parts[:-1] for word in words]
    if before and before == [word[:2] for word in parts[-1][2]][: len(before)]:
        parts = parts[-1:]
    turns: list[Utterance] = []
    for result, best, words in parts:
        label = result.at("channelTag|channel_tag").label_if_any()
        if words:
            turns += _spoken((word._replace(label=_google_label(word) or label) for word in words), speakers)
        elif best["transcript"]:
            end = result.at("resultEndTime|resultEndOffset|result_end_time|result_end_offset")
            turns.append(Utterance(best["transcript"].text().strip(), speakers[label], None, end.time_if_any()))
    return turns if any(turn.start is None for turn in turns) else _by_time(turns)


def _google_label(word: _Word) -> str | None:
    if word.label and word.label.isdecimal():
        return f"speaker {word.label}"
    return None if word.label == "speaker 0" else word.label


def _speechmatics(document: JsonPart, speakers: SpeakerNames) -> list[Utterance]:
    """Words and punctuation. Labels are ``S1``, …."""
    return _spoken(_aws_words(document["results"], {}, None), speakers)


def _aws_transcribe(document: JsonPart, speakers: SpeakerNames) -> list[Utterance]:
    """Timed words; labels are ``spk_0``, ``spk_1``, … or, with channel identification, ``ch_0``, ``ch_1``."""
    results = document["results"]
    if results["channel_labels"]:
        turns: list[Utterance] = []
        for channel in results["channel_labels"]["channels"]:
            turns += _spoken(_aws_words(channel["items"], {}, channel["channel_label"].text()), speakers)
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
    return _spoken(_aws_words(results["items"], labels, None), speakers)


def _aws_words(items: JsonPart, labels: Mapping[float, str], channel: str | None) -> Iterator[_Word]:
    for item in items:
        kind = item["type"].text()
        if kind not in {"pronunciation", "word", "punctuation"}:
            item["type"].refuse("this is not as expected")
        start, end = item["start_time"].time_if_any(), item["end_time"].time_if_any()
        best = item["alternatives"][0]
        label = channel or item.at("speaker_label|channel_label").text_if_any() or best["speaker"].text_if_any()
        if label is None and start is not None:
            # Else that of the segment that the word stands in, by the segments' starts.
            label = labels.get(max((time for time in labels if time <= start), default=-1.0))
        yield _Word(best["content"].text(), start, end, label, kind == "punctuation")


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
            label = (phrase["speaker"] or best["speaker"] or phrase["channel"]).label_if_any()
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
    if results["utterances"]:
        label = "channel|speaker" if several else "speaker"
        return _turns(_Rows("utterances", text="transcript", speaker=label).words(results), speakers)
    rows = _Rows("alternatives.0.words", text="punctuated_word|word")
    words = (rows.words(part, f"channel {at}" if several else None) for at, part in enumerate(channels))
    return _by_time(turn for channel in words for turn in _spoken(channel, speakers))


def _turns(parts: Iterable[_Word], speakers: SpeakerNames) -> list[Utterance]:
    return _by_time(Utterance(part.text, speakers[part.label], part.start, part.end) for part in parts)


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
    "whisper-cpp": ("whisper.cpp's JSON", _WHISPER_CPP.read),
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
