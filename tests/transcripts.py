"""A conversation written in every format that is read, with the labels each format gives speakers."""

from __future__ import annotations

import csv
import html
import io
import json
from typing import TYPE_CHECKING, NamedTuple

from hypothesis import strategies as st

from triage_triggers.calls.call import SPEAKERS, Utterance

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from triage_triggers.calls.call import Speaker

__all__ = ["WRITTEN", "Written", "clock", "conversations"]

SENTENCES = st.lists(st.from_regex(r"[a-z]{1,8}('[a-z])?", fullmatch=True), min_size=1, max_size=6).map(
    lambda words: f"{' '.join(words)}."
)


@st.composite
def conversations(draw: st.DrawFn) -> tuple[Utterance, ...]:
    """Turns one after the other, on whole milliseconds, each by another speaker than the one before, or long after."""
    at, turns = 0, []
    for _ in range(draw(st.integers(0, 6))):
        start = at + draw(st.integers(2_000, 90_000))
        at = start + draw(st.integers(1, 500_000))
        turns.append(Utterance(draw(SENTENCES), draw(st.sampled_from(SPEAKERS)), start / 1000, at / 1000))
    return tuple(turns)


def clock(seconds: float | None, point: str) -> str:
    assert seconds is not None
    whole, thousandths = divmod(round(seconds * 1000), 1000)
    return f"{whole // 3600:02}:{whole // 60 % 60:02}:{whole % 60:02}{point}{thousandths:03}"


def milliseconds(turn: Utterance) -> tuple[int, int]:
    assert turn.start is not None
    assert turn.end is not None
    return round(turn.start * 1000), round(turn.end * 1000)


def webvtt(turns: Sequence[Utterance]) -> str:
    cues = [
        f"{clock(turn.start, '.')} --> {clock(turn.end, '.')} align:left\n"
        f"<v {_SPOKEN[turn.speaker]}>{html.escape(turn.text, quote=False)}</v>\n\n"
        for turn in turns
    ]
    return f"WEBVTT - made up\n\nNOTE\nMade up.\n\n{''.join(cues)}"


def srt(turns: Sequence[Utterance]) -> str:
    return "".join(
        f"{number}\n{clock(turn.start, ',')} --> {clock(turn.end, ',')}\n{_SPOKEN[turn.speaker]}: {turn.text}\n\n"
        for number, turn in enumerate(turns, 1)
    )


def sbv(turns: Sequence[Utterance]) -> str:
    return "".join(
        f"{clock(turn.start, '.')},{clock(turn.end, '.')}\n{_SPOKEN[turn.speaker]}: {turn.text}\n\n" for turn in turns
    )


def ttml(turns: Sequence[Utterance]) -> str:
    agents = "".join(
        f'<ttm:agent xml:id="a{at}" type="person"><ttm:name>{html.escape(_SPOKEN[speaker])}</ttm:name></ttm:agent>'
        for at, speaker in enumerate(SPEAKERS)
    )
    cues = "".join(
        f'<p begin="{clock(turn.start, ".")}" end="{clock(turn.end, ".")}" ttm:agent="a{SPEAKERS.index(turn.speaker)}">'
        f"<span>{html.escape(turn.text)}</span></p>\n"
        for turn in turns
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<tt xmlns="http://www.w3.org/ns/ttml" '
        f'xmlns:ttm="http://www.w3.org/ns/ttml#metadata"><head><metadata>{agents}</metadata></head>\n'
        f"<body><div>\n{cues}</div></body></tt>\n"
    )


def dialogue(turns: Sequence[Utterance]) -> str:
    return "".join(f"[{clock(turn.start, '.')}] {_SPOKEN[turn.speaker]}: {turn.text}\n" for turn in turns)


def otter(turns: Sequence[Utterance]) -> str:
    return "".join(f"{_SPOKEN[turn.speaker]}  {clock(turn.start, '.')[:8]}\n{turn.text}\n\n" for turn in turns)


def whisper(turns: Sequence[Utterance]) -> str:
    segments = [
        {"id": at, "start": turn.start, "end": turn.end, "text": f" {turn.text}", "speaker": _NUMBERED[turn.speaker]}
        for at, turn in enumerate(turns)
    ]
    return json.dumps({"text": " ".join(turn.text for turn in turns), "language": "en", "segments": segments})


def _items(turn: Utterance, **label: str) -> list[dict[str, object]]:
    """The words of a turn share its time evenly, as AWS writes them: times as text, the full stop on its own."""
    assert turn.start is not None
    assert turn.end is not None
    words = turn.text.removesuffix(".").split(" ")
    step = (turn.end - turn.start) / len(words)
    times = [turn.start, *(round(turn.start + step * at, 4) for at in range(1, len(words))), turn.end]
    items: list[dict[str, object]] = [
        {
            "type": "pronunciation",
            "alternatives": [{"confidence": "0.99", "content": word}],
            "start_time": str(times[at]),
            "end_time": str(times[at + 1]),
            **label,
        }
        for at, word in enumerate(words)
    ]
    stop: dict[str, object] = {"type": "punctuation", "alternatives": [{"confidence": "0.0", "content": "."}], **label}
    return [*items, stop]


def aws_transcribe(turns: Sequence[Utterance]) -> str:
    items = [item for turn in turns for item in _items(turn, speaker_label=_NUMBERED[turn.speaker])]
    results = {"transcripts": [{"transcript": " ".join(turn.text for turn in turns)}], "items": items}
    return json.dumps({"jobName": "made-up", "status": "COMPLETED", "results": results})


def aws_transcribe_by_segment(turns: Sequence[Utterance]) -> str:
    """As older exports do: words are labelled elsewhere, by the time at which they start."""
    items = [item for turn in turns for item in _items(turn)]
    segments = [
        {
            "speaker_label": _NUMBERED[turn.speaker],
            "items": [
                {"start_time": item["start_time"], "speaker_label": _NUMBERED[turn.speaker]}
                for item in _items(turn)
                if "start_time" in item
            ],
        }
        for turn in turns
    ]
    return json.dumps({"results": {"items": items, "speaker_labels": {"speakers": 2, "segments": segments}}})


def aws_transcribe_by_channel(turns: Sequence[Utterance]) -> str:
    channels = [
        {
            "channel_label": _NUMBERED[speaker],
            "items": [item for turn in turns if turn.speaker == speaker for item in _items(turn)],
        }
        for speaker in SPEAKERS
    ]
    labels = {"channel_labels": {"number_of_channels": len(channels), "channels": channels}}
    return json.dumps({"results": {"items": [], **labels}})


def contact_lens(turns: Sequence[Utterance]) -> str:
    transcript = [
        {
            "Id": f"turn-{at}",
            "ParticipantId": f"id-{_ROLES[turn.speaker]}",
            "Content": turn.text,
            "BeginOffsetMillis": milliseconds(turn)[0],
            "EndOffsetMillis": milliseconds(turn)[1],
            "Sentiment": "NEUTRAL",
        }
        for at, turn in enumerate(turns)
    ]
    participants = [{"ParticipantId": f"id-{role}", "ParticipantRole": role} for role in _ROLES.values()]
    return json.dumps({"Version": "1.1.0", "Participants": participants, "Transcript": transcript})


def contact_lens_live(turns: Sequence[Utterance]) -> str:
    segments: list[dict[str, object]] = [
        {
            "Transcript": {
                "Id": f"turn-{at}",
                "ParticipantId": _ROLES[turn.speaker],
                "ParticipantRole": _ROLES[turn.speaker],
                "Content": turn.text,
                "BeginOffsetMillis": milliseconds(turn)[0],
                "EndOffsetMillis": milliseconds(turn)[1],
            }
        }
        for at, turn in enumerate(turns)
    ]
    return json.dumps({"Segments": [*segments, {"Categories": {"MatchedCategories": []}}]})


def azure(turns: Sequence[Utterance]) -> str:
    phrases = [
        {
            "speaker": SPEAKERS.index(turn.speaker),
            "offsetMilliseconds": milliseconds(turn)[0],
            "durationMilliseconds": milliseconds(turn)[1] - milliseconds(turn)[0],
            "text": turn.text,
            "locale": "en-GB",
            "confidence": 0.9,
        }
        for turn in turns
    ]
    return json.dumps({"durationMilliseconds": 1, "combinedPhrases": [{"text": ""}], "phrases": phrases})


def azure_batch(turns: Sequence[Utterance]) -> str:
    phrases: list[dict[str, object]] = [
        {
            "recognitionStatus": "Success",
            "channel": SPEAKERS.index(turn.speaker),
            "offset": f"PT{milliseconds(turn)[0] // 60_000}M{milliseconds(turn)[0] % 60_000 / 1000}S",
            "duration": f"PT{(milliseconds(turn)[1] - milliseconds(turn)[0]) / 1000:.3f}S",
            "nBest": [{"confidence": 0.9, "lexical": "", "display": turn.text}],
        }
        for turn in sorted(turns, key=lambda turn: turn.speaker)  # Azure writes one channel after the other
    ]
    silence = {"recognitionStatus": "NoMatch", "channel": 0, "offset": "PT0S", "duration": "PT1H"}
    return json.dumps({"source": "made up", "combinedRecognizedPhrases": [], "recognizedPhrases": [silence, *phrases]})


def deepgram(turns: Sequence[Utterance]) -> str:
    utterances = [
        {
            "start": turn.start,
            "end": turn.end,
            "confidence": 0.9,
            "channel": 0,
            "transcript": turn.text,
            "speaker": SPEAKERS.index(turn.speaker),
            "id": "made-up",
        }
        for turn in turns
    ]
    results = {"channels": [{"alternatives": [{"transcript": "", "words": []}]}], "utterances": utterances}
    return json.dumps({"metadata": {"channels": 1}, "results": results})


def deepgram_words(turns: Sequence[Utterance]) -> str:
    channels = []
    for speaker in SPEAKERS:
        items = [_items(turn)[:-1] for turn in turns if turn.speaker == speaker]
        words = [
            {
                "word": item["alternatives"][0]["content"],  # type: ignore[index]
                "start": float(str(item["start_time"])),
                "end": float(str(item["end_time"])),
                "punctuated_word": f"{item['alternatives'][0]['content']}{'.' * (item is turn[-1])}",  # type: ignore[index]
            }
            for turn in items
            for item in turn
        ]
        channels.append({"alternatives": [{"transcript": "", "words": words}]})
    return json.dumps({"results": {"channels": channels}})


def _words(turn: Utterance) -> list[tuple[str, float, float]]:
    """The words of a turn with their times, the full stop at the last one."""
    items = _items(turn)[:-1]
    contents = [item["alternatives"][0]["content"] for item in items]  # type: ignore[index]
    contents[-1] += "."
    times = [(float(str(item["start_time"])), float(str(item["end_time"]))) for item in items]
    return [(content, *time) for content, time in zip(contents, times, strict=True)]


def contact_lens_by_role(turns: Sequence[Utterance]) -> str:
    """As Call Analytics writes it: a role, and no participant."""
    document = json.loads(contact_lens(turns))
    for row in document["Transcript"]:
        row["ParticipantRole"] = row.pop("ParticipantId").removeprefix("id-")
    return json.dumps({"JobStatus": "COMPLETED", "Transcript": document["Transcript"]})


def aws_transcribe_by_list(turns: Sequence[Utterance]) -> str:
    """As some batches are saved: a list of labels, one for each segment."""
    document = json.loads(aws_transcribe_by_segment(turns))
    document["results"]["speaker_labels"] = [document["results"]["speaker_labels"]]
    return json.dumps(document)


def whisper_cpp(turns: Sequence[Utterance]) -> str:
    rows = [
        {
            "timestamps": {"from": clock(turn.start, ","), "to": clock(turn.end, ",")},
            "offsets": {"from": milliseconds(turn)[0], "to": milliseconds(turn)[1]},
            "text": f" {turn.text}",
            "speaker": _NUMBERED[turn.speaker],
        }
        for turn in turns
    ]
    return json.dumps({"systeminfo": "made up", "result": {"language": "en"}, "transcription": rows})


def whisper_list(turns: Sequence[Utterance]) -> str:
    return json.dumps(json.loads(whisper(turns))["segments"])


def hugging_face(turns: Sequence[Utterance]) -> str:
    chunks = [
        {"timestamp": [turn.start, turn.end], "text": f" {turn.text}", "speaker": _NUMBERED[turn.speaker]}
        for turn in turns
    ]
    return json.dumps({"text": " ".join(turn.text for turn in turns), "chunks": chunks})


def assemblyai(turns: Sequence[Utterance]) -> str:
    utterances = [
        {
            "speaker": "ABCD"[SPEAKERS.index(turn.speaker)],
            "text": turn.text,
            "confidence": 0.9,
            "start": milliseconds(turn)[0],
            "end": milliseconds(turn)[1],
            "words": [],
        }
        for turn in turns
    ]
    whole = {"id": "made-up", "status": "completed", "audio_url": "", "text": " ".join(turn.text for turn in turns)}
    return json.dumps({**whole, "words": [], "utterances": utterances})


def google(turns: Sequence[Utterance]) -> str:
    """The first version: its last result repeats all words, with their speakers."""
    results, everything = [], []
    for turn in turns:
        words = [{"startTime": f"{start}s", "endTime": f"{end}s", "word": word} for word, start, end in _words(turn)]
        results.append({"alternatives": [{"transcript": turn.text, "words": words}], "resultEndTime": f"{turn.end}s"})
        everything += [{**word, "speakerTag": SPEAKERS.index(turn.speaker) + 1} for word in words]
    return json.dumps({"results": [*results, {"alternatives": [{"words": everything}]}] if turns else []})


def google_batch(turns: Sequence[Utterance]) -> str:
    """The second version, of one file."""
    results = [
        {
            "alternatives": [
                {
                    "transcript": turn.text,
                    "words": [
                        {
                            "startOffset": f"{start}s",
                            "endOffset": f"{end}s",
                            "word": word,
                            "speakerLabel": str(SPEAKERS.index(turn.speaker) + 1),
                        }
                        for word, start, end in _words(turn)
                    ],
                }
            ],
            "languageCode": "en-gb",
        }
        for turn in turns
    ]
    return json.dumps({"results": {"gs://made-up/call.wav": {"inlineResult": {"transcript": {"results": results}}}}})


def elevenlabs(turns: Sequence[Utterance]) -> str:
    words: list[dict[str, object]] = []
    for turn in turns:
        label = {"speaker_id": f"speaker_{SPEAKERS.index(turn.speaker)}"}
        for word, start, end in _words(turn):
            words.append({"text": word, "start": start, "end": end, "type": "word", **label})
            words.append({"text": " ", "start": end, "end": end, "type": "spacing", **label})
    return json.dumps({"language_code": "en", "text": " ".join(turn.text for turn in turns), "words": words})


def rev(turns: Sequence[Utterance]) -> str:
    monologues = []
    for turn in turns:
        elements: list[dict[str, object]] = []
        for word, start, end in _words(turn):
            spoken = word.removesuffix(".")
            elements.append({"type": "text", "value": spoken, "ts": start, "end_ts": end, "confidence": 0.9})
            elements.append({"type": "punct", "value": ". " if word != spoken else " "})
        monologues.append({"speaker": SPEAKERS.index(turn.speaker), "elements": elements})
    return json.dumps({"monologues": monologues})


def speechmatics(turns: Sequence[Utterance]) -> str:
    results = []
    for turn in turns:
        for item in _items(turn):
            spoken = item["type"] == "pronunciation"
            content = item["alternatives"][0]["content"]  # type: ignore[index]
            best = {"content": content, "speaker": f"S{SPEAKERS.index(turn.speaker) + 1}"}
            start, end = item.get("start_time", turn.end), item.get("end_time", turn.end)
            times = {"start_time": float(str(start)), "end_time": float(str(end))}
            results.append({"type": "word" if spoken else "punctuation", **times, "alternatives": [best]})
    return json.dumps({"format": "2.9", "results": results})


def zoom(turns: Sequence[Utterance]) -> str:
    timeline = [
        {
            "text": turn.text,
            "ts": clock(turn.start, "."),
            "end_ts": clock(turn.end, "."),
            "users": [{"username": _SPOKEN[turn.speaker], "multiple_people": False}],
        }
        for turn in turns
    ]
    return json.dumps({"type": "zoom_transcript", "recording_id": "made up", "timeline": timeline})


def teams(turns: Sequence[Utterance]) -> str:
    entries = [
        {
            "id": f"made-up/{at}",
            "text": turn.text,
            "speakerId": f"{at}@made-up",
            "speakerDisplayName": _SPOKEN[turn.speaker],
            "startOffset": clock(turn.start, ".") + "0000",
            "endOffset": clock(turn.end, ".") + "0000",
        }
        for at, turn in enumerate(turns)
    ]
    return json.dumps({"version": "1.0.0", "type": "Transcript", "entries": entries, "events": []})


def rows(turns: Sequence[Utterance]) -> list[list[object]]:
    return [[turn.text, _SPOKEN[turn.speaker], turn.start, turn.end] for turn in turns]


def csv_utterances(turns: Sequence[Utterance]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(["Call ID", "text", "speaker", "start", "end"])
    writer.writerows(["call", *row] for row in rows(turns))
    return out.getvalue()


class Written(NamedTuple):
    """How a conversation is written: the file's name, its format, the writer, and whose its labels are."""

    file: str
    format: str
    write: Callable[[Sequence[Utterance]], str]
    labels: Mapping[str, Speaker]


_SPOKEN: Mapping[Speaker, str] = {
    "caller": "Caller",
    "call_taker": "Call Handler",
    "other": "Sam O'Neil",
    "unknown": "Voice 4",
}
_NUMBERED: Mapping[Speaker, str] = {speaker: f"spk_{at}" for at, speaker in enumerate(SPEAKERS)}
_ROLES: Mapping[Speaker, str] = {
    "caller": "CUSTOMER",
    "call_taker": "AGENT",
    "other": "SUPERVISOR",
    "unknown": "SYSTEM",
}
SPOKEN_LABELS: Mapping[str, Speaker] = {"Sam O'Neil": "other", "Voice 4": "unknown"}
NUMBERED_LABELS: Mapping[str, Speaker] = {f"spk_{at}": speaker for at, speaker in enumerate(SPEAKERS)}
SPEAKER_LABELS: Mapping[str, Speaker] = {f"speaker {at}": speaker for at, speaker in enumerate(SPEAKERS)}
COUNTED_LABELS: Mapping[str, Speaker] = {f"speaker {at}": speaker for at, speaker in enumerate(SPEAKERS, 1)}
CHANNEL_LABELS: Mapping[str, Speaker] = {f"channel {at}": speaker for at, speaker in enumerate(SPEAKERS)}
WRITTEN = (
    Written("call.vtt", "webvtt", webvtt, SPOKEN_LABELS),
    Written("call.srt", "srt", srt, SPOKEN_LABELS),
    Written("call.sbv", "sbv", sbv, SPOKEN_LABELS),
    Written("call.ttml", "ttml", ttml, SPOKEN_LABELS),
    Written("call.json", "whisper", whisper, NUMBERED_LABELS),
    Written("call.json", "aws-transcribe", aws_transcribe, NUMBERED_LABELS),
    Written("call.json", "aws-transcribe", aws_transcribe_by_segment, NUMBERED_LABELS),
    Written("call.json", "aws-transcribe", aws_transcribe_by_channel, NUMBERED_LABELS),
    Written("call.json", "contact-lens", contact_lens, {"SUPERVISOR": "other"}),
    Written("call.json", "contact-lens", contact_lens_live, {"SUPERVISOR": "other"}),
    Written("call.json", "azure", azure, SPEAKER_LABELS),
    Written("call.json", "azure-batch", azure_batch, CHANNEL_LABELS),
    Written("call.json", "deepgram", deepgram, SPEAKER_LABELS),
    Written("call.json", "deepgram", deepgram_words, CHANNEL_LABELS),
    Written("call.json", "aws-transcribe", aws_transcribe_by_list, NUMBERED_LABELS),
    Written("call.json", "contact-lens", contact_lens_by_role, {"SUPERVISOR": "other"}),
    Written("call.json", "whisper-cpp", whisper_cpp, NUMBERED_LABELS),
    Written("call.json", "json", whisper_list, NUMBERED_LABELS),
    Written("call.json", "hugging-face", hugging_face, NUMBERED_LABELS),
    Written("call.json", "assemblyai", assemblyai, dict(zip("ABCD", SPEAKERS, strict=True))),
    Written("call.json", "google", google, COUNTED_LABELS),
    Written("call.json", "google", google_batch, COUNTED_LABELS),
    Written("call.json", "elevenlabs", elevenlabs, SPEAKER_LABELS),
    Written("call.json", "rev", rev, SPEAKER_LABELS),
    Written("call.json", "speechmatics", speechmatics, {f"S{at}": speaker for at, speaker in enumerate(SPEAKERS, 1)}),
    Written("call.json", "zoom", zoom, SPOKEN_LABELS),
    Written("call.json", "teams", teams, SPOKEN_LABELS),
    Written("call.csv", "csv", csv_utterances, SPOKEN_LABELS),
)
