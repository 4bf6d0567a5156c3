from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import srt as srt_library
import webvtt as webvtt_library
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.transcripts import SPOKEN_LABELS, WRITTEN, Written, conversations, dialogue, otter
from triage_triggers.calls.call import Call, Utterance
from triage_triggers.calls.columns import Columns
from triage_triggers.calls.formats import FORMATS
from triage_triggers.calls.reading import format_of, read_calls
from triage_triggers.calls.source import ReadingOptions
from triage_triggers.calls.speakers import SpeakerNames
from triage_triggers.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SAMPLES = Path(__file__).parents[2] / "examples" / "transcripts"
SAID = "secret word"


def read(text: str | bytes, **options: object) -> list[Call | CallError]:
    data = text.encode("utf-8", "surrogatepass") if isinstance(text, str) else text
    return list(read_calls("-", stdin=io.BytesIO(data), options=ReadingOptions(**options)))  # type: ignore[arg-type]


def one(text: str, **options: object) -> Call:
    (call,) = read(text, **options)
    assert isinstance(call, Call), call
    return call


def error(text: str | bytes, **options: object) -> str:
    (fault,) = read(text, **options)
    assert isinstance(fault, CallError)
    assert SAID not in str(fault)
    return str(fault)


def names(written: Written) -> str:
    return written.write.__name__


@pytest.mark.parametrize("written", WRITTEN, ids=names)
@settings(max_examples=25, deadline=None)
@given(turns=conversations())
def test_times_and_speakers_come_back_as_they_were_written(written: Written, turns: tuple[Utterance, ...]) -> None:
    options = {"speakers": SpeakerNames(written.labels)}
    text = written.write(turns)
    if written.format == "csv" and not turns:
        assert read(text, format="csv") == []
        return
    if not turns and written.format not in {"dialogue", "jsonl", "text"}:
        assert "cut short?" in error(text, format=written.format)
        return
    assert one(text, format=written.format, **options).utterances == turns
    if turns:
        assert one(text, **options).utterances == turns, "recognised without a suffix, as from a pipe"


@pytest.mark.parametrize("written", WRITTEN, ids=names)
def test_labels_nobody_mapped_are_unknown_and_lose_no_words(written: Written) -> None:
    turns = (Utterance("he has a knife.", "other", 3.0, 4.0),)
    (utterance,) = one(written.write(turns)).utterances
    assert utterance.speaker == "unknown"
    assert utterance.text.endswith("he has a knife.")


@pytest.mark.parametrize("written", WRITTEN, ids=names)
def test_files_are_recognised_by_content_and_name_their_call(written: Written, tmp_path: Path) -> None:
    path = tmp_path / written.file
    path.write_text(written.write([Utterance("he has a knife.", "caller", 3.0, 4.0)]), encoding="utf-8")
    (call,) = read_calls(path)
    assert isinstance(call, Call)
    assert (call.call_id, len(call.utterances)) == ("call", 1)
    assert format_of(path, ReadingOptions(format="text")) == "text"
    assert format_of(path) == ("json" if written.file.endswith(".json") else written.format)


CANONICAL = (
    Utterance("Ambulance service, is the patient breathing?", "call_taker", 1.2, 3.85),
    Utterance("Yes. He had his hands round my throat.", "caller", 4.5, 7.25),
    Utterance("Is he still there?", "call_taker", 8.0, 9.1),
    Utterance("No, he's gone.", "caller", 10.4, 11.75),
)


def as_said(call: Call) -> list[tuple[str, str]]:
    """Who said what, whatever the recogniser took for one utterance."""
    turns: list[tuple[str, str]] = []
    for utterance in call.utterances:
        if turns and turns[-1][0] == utterance.speaker:
            turns[-1] = (utterance.speaker, f"{turns[-1][1]} {utterance.text}")
        else:
            turns.append((utterance.speaker, utterance.text))
    return turns


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("call.*")), ids=lambda path: path.name)
def test_every_sample_holds_the_same_call(path: Path) -> None:
    labels = {"spk_0": "call_taker", "spk_1": "caller", "speaker 0": "call_taker", "speaker 1": "caller"}
    counted = {"speaker 1": "call_taker", "speaker 2": "caller"}
    labels |= {"A": "call_taker", "B": "caller", "S1": "call_taker", "S2": "caller"}
    labels |= counted if ".google." in path.name else {}
    (call,) = read_calls(path, options=ReadingOptions(speakers=SpeakerNames(labels)))
    assert isinstance(call, Call)
    assert as_said(call) == [(turn.speaker, turn.text) for turn in CANONICAL]
    assert call.utterances[0].start == CANONICAL[0].start
    if path.suffix not in {".txt", ".docx"}:  # plain text knows no ends
        assert call.utterances[-1].end == CANONICAL[-1].end


def test_every_format_of_one_call_a_file_has_a_sample() -> None:
    found = {path.name.removeprefix("call.").rpartition(".")[0] or path.suffix[1:] for path in SAMPLES.glob("call.*")}
    alone = {"json", "jsonl", "text", "csv", "parquet", "webvtt", "xlsx"}
    assert found - {"vtt"} == set(FORMATS) - alone


@given(conversations().filter(bool))
@settings(max_examples=40, deadline=None)
def test_subtitles_are_read_as_the_published_libraries_read_them(turns: tuple[Utterance, ...]) -> None:
    vtt, srt = (next(entry for entry in WRITTEN if entry.format == name).write(turns) for name in ("webvtt", "srt"))
    ours = one(vtt, format="webvtt").utterances
    assert [(cue.text, cue.start_in_seconds) for cue in webvtt_library.from_string(vtt).captions] == [
        (turn.text, int(turn.start or 0)) for turn in ours
    ]
    labels = SpeakerNames({"Sam O'Neil": "other", "Voice 4": "unknown"})
    theirs = [(cue.start.total_seconds(), cue.end.total_seconds()) for cue in srt_library.parse(srt)]
    assert theirs == [(turn.start, turn.end) for turn in one(srt, format="srt", speakers=labels).utterances]


def test_webvtt_voices_tags_and_identifiers() -> None:
    call = one(
        "WEBVTT\r\nKind: captions\r\n\r\nSTYLE\r\n::cue { color: red }\r\n\r\nintro\r\n01:02.500 --> 01:03.000\r\n"
        "<v.loud Call Taker>Is <i>he</i> there &amp; armed?\r\n<v Caller>Yes.\r\nNow.\r\n\r\n"
        "100:00:00.000 --> 100:00:01.000\r\nCaller: 3 < 4\r\n"
    )
    assert call.utterances == (
        Utterance("Is he there & armed?", "call_taker", 62.5, 63.0),
        Utterance("Yes.\nNow.", "caller", 62.5, 63.0),
        Utterance("3 < 4", "caller", 360_000.0, 360_001.0),
    )
    assert one("WEBVTT\n00:01.000 --> 00:02.000\nhi").utterances == (Utterance("hi", "unknown", 1.0, 2.0),)
    assert error("WEBVTT") == "-: there is no subtitle with words in it; was the file cut short?"
    assert one("WEBVTT\n\n00:01.000 --> 00:02.000\nhi <v Caller>yes").utterances[0].text == "hi"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "WEBVTT\n\n00:01,000 --> 00:02,000\nx",
            "-:3: expected the times of a WebVTT cue, as in '00:00:01.000 --> 00:",
        ),
        ("WEBVTT\n\n00:01.000 -> 00:02.000\nx", "-:3: expected the times of a WebVTT cue"),
        ("WEBVTT\n\nx\n00:01 --> 00:02\nx", "-:4: expected the times of a WebVTT cue"),
        ("WEBVTT\n\nsecret word", "-:3: expected the times of a WebVTT cue"),
        ("WEBVTT\n\n00:61.000 --> 00:62.000\nx", "-:3: expected the times of a WebVTT cue"),
        ("WEBVTT\n\n00:02.000 --> 00:01.000\nx", "-:3: this cue ends before it starts; expected the earlier time"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nsecret word\n00:03.000 --> 00:04.000\nx", "-:5: expected an empty line b"),
        ("1\n00:00:01.000 --> 00:00:02.000\nsecret word", "-:2: expected the times of a SRT cue, as in '00:00:01,000"),
        ("1\n00:00:01,000 --> 00:00:02,000\nx\n\n2\n00:00:01,000 00:00:02,000\nsecret word", "-:6: expected the times"),
        ("1\n00:00:01,000 --> 00:00:02,000\nx\n\nsecret word", "-:5: expected the times of a SRT cue"),
    ],
)
def test_a_near_miss_of_subtitles_is_told_where_and_what(text: str, message: str) -> None:
    assert error(text).startswith(message)


def test_webvtt_without_its_first_line_is_told() -> None:
    assert error("00:01.000 --> 00:02.000\nhi", format="webvtt") == (
        "-:1: a WebVTT file begins with the line 'WEBVTT'; this one doesn't"
    )


NEAR_MISSES = [
    ("whisper", {"segments": [{"start": 1, "text": SAID}]}, "segments[0].end: expected here, but it is not there"),
    ("whisper", {"segments": [{"start": SAID, "end": 2, "text": "x"}]}, "segments[0].start: expected a number"),
    ("whisper", {"segments": [{"start": True, "end": 2, "text": "x"}]}, "segments[0].start: expected a number"),
    ("whisper", {"segments": [{"start": -1, "end": 2, "text": "x"}]}, "segments[0].start: expected a time that is no"),
    ("whisper", {"segments": SAID}, "segments: expected a list, […]"),
    ("whisper", [SAID], "the whole file: expected an object, {…}"),
    ("aws-transcribe", {"results": {"transcripts": []}}, "results.items: expected here, but it is not there"),
    (
        "aws-transcribe",
        {"results": {"items": [{"type": SAID, "alternatives": []}]}},
        "results.items[0].type: this is not as expected",
    ),
    ("contact-lens", {"Participants": []}, "the whole file: expected either 'Transcript', a list of turns, or 'Segm"),
    (
        "contact-lens",
        {"Transcript": [{"Content": SAID, "BeginOffsetMillis": 1, "EndOffsetMillis": SAID, "ParticipantId": "A"}]},
        "Transcript[0].EndOffsetMillis: expected a number",
    ),
    ("azure", {"phrases": [{"text": SAID, "offsetInMs": 1}]}, "phrases[0].durationMilliseconds: expected here"),
    (
        "azure-batch",
        {"recognizedPhrases": [{"offset": SAID, "duration": "PT1S", "nBest": [{"display": "x"}]}]},
        "recognizedPhrases[0].offset: expected a number",
    ),
    ("deepgram", {"results": {"channels": {}}}, "results.channels: expected a list, […]"),
    (
        "deepgram",
        {"results": {"channels": [], "utterances": [{"start": 1, "end": 2, "transcript": 3, "speaker": SAID}]}},
        "results.utterances[0].transcript: expected text",
    ),
]


@pytest.mark.parametrize(("name", "document", "message"), NEAR_MISSES)
def test_a_near_miss_of_an_export_is_told_where_and_what(name: str, document: object, message: str) -> None:
    assert f": {message}" in error(json.dumps(document), format=name)


@pytest.mark.parametrize("kind", sorted({name for name, _, _ in NEAR_MISSES}))
def test_an_export_that_is_no_json_is_told_where(kind: str) -> None:
    assert error('{\n"segments": [secret word]}', format=kind) == (
        "-: this is not valid JSON (from line 2, character 14 on)"
    )
    assert (
        error(b"{\n\xff", format=kind)
        == "-:2: this is not UTF-8 text; save the file as UTF-8, or name its --encoding, such as cp1252"
    )


def test_azure_by_its_older_names_and_channels() -> None:
    for offset, duration in (("offset", "duration"), ("offsetInMs", "durationInMs")):
        document = {"phrases": [{offset: 40, duration: 240, "text": "hi", "channel": 1}]}
        call = one(json.dumps(document), speakers=SpeakerNames({"channel 1": "caller"}))
        assert call.utterances == (Utterance("hi", "caller", 0.04, 0.28),)


def test_azure_batch_where_the_guess_holds_the_speaker() -> None:
    guess = {"display": "hi", "speaker": 2}
    document = {"recognizedPhrases": [{"offset": "PT1H", "duration": "PT0.5S", "nBest": [guess]}]}
    call = one(json.dumps(document), speakers=SpeakerNames({"speaker 2": "caller"}))
    assert call.utterances == (Utterance("hi", "caller", 3600.0, 3600.5),)


def test_words_without_times_and_speakers_are_sentences() -> None:
    items = [
        {"type": kind, "alternatives": [{"content": content}]}
        for kind, content in (
            ("pronunciation", "He"),
            ("pronunciation", "hit"),
            ("punctuation", "."),
            ("pronunciation", "Now"),
        )
    ]
    call = one(json.dumps({"results": {"items": items}}))
    assert call.utterances == (Utterance("He hit."), Utterance("Now"))


def test_a_json_file_of_our_own_holds_one_call_or_a_list(tmp_path: Path) -> None:
    path = tmp_path / "C-1.json"
    path.write_text('{\n "utterances": [{"text": "hi", "speaker": "Agent"}]\n}')
    assert list(read_calls(path)) == [Call("C-1", [Utterance("hi", "call_taker")])]
    path.write_text('[\n {"call_id": "A", "text": "hi"},\n {"text": "ho"},\n {"call_id": "B"}, 3]')
    first, second, third, fourth = read_calls(path)
    assert first == Call("A", [Utterance("hi")])
    assert second == Call("C-1.json:2", [Utterance("ho")])
    assert str(third) == f"{path}: [2]: the call has neither 'text' nor 'utterances'"
    assert str(fourth).startswith(f"{path}: [3]: this JSON is none that is read: expected at its top 'utterances'")
    path.write_text('{"call_id": "A", "text": "hi"}\n{"text": "ho"}\n')
    assert [call.call_id for call in read_calls(path) if isinstance(call, Call)] == ["A", "C-1.json:2"]
    path.write_text("no JSON")
    assert [str(item) for item in read_calls(path)] == [f"{path}: this is not valid JSON (from character 1 on)"]


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        ('{"text": "hi", "segments": "north"}', ["hi"]),
        ('{"call_id": "A", "text": "hi", "segments": []}', ["hi"]),
        ('{"utterances": [{"text": "hi"}], "results": {}, "segments": []}', ["hi"]),
        ('[{"text": "hi"}]', ["hi"]),
        ('[\n{"text": "hi"}]', ["hi"]),
        ("[hi", ["[hi"]),
        ("[hi,\nho", ["[hi,\nho"]),
        ('{"call_id": "A", "utterances": [\n{"text": "hi"}]}', ["hi"]),
        ('{"call_id": "A",\n"text": "hi"}', ["hi"]),
        ('[ { "call_id": "A",\n"text": "hi"}]', ["hi"]),
        ('{"text": "hi"\n{"text": "ho"}', ["ho"]),
        ("1\nhi", ["1\nhi"]),
        ("1", ["1"]),
        ("text, not a table", ["text, not a table"]),
        ("call_id;text;area\n1;hi;north", ["hi"]),
        ("text\thi\nhe said,\tx", ["text\thi\nhe said,\tx"]),
        ("Note: he said so", ["Note: he said so"]),
    ],
)
def test_what_looks_like_something_else_is_not_taken_for_it(text: str, texts: list[str]) -> None:
    calls = [call for call in read(text) if isinstance(call, Call)]
    assert [utterance.text for call in calls for utterance in call.utterances] == texts


def test_a_text_file_may_hold_a_dialogue_or_subtitles(tmp_path: Path) -> None:
    path = tmp_path / "C-1.txt"
    for text, count in (
        ("Caller: hi\nAgent: ho", 2),
        ("1\n00:00:01,000 --> 00:00:02,000\nhi", 1),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nhi", 1),
        ("hi\nCaller: ho", 1),
        ('{"text": "hi"}', 1),
    ):
        path.write_text(text)
        (call,) = read_calls(path)
        assert isinstance(call, Call)
        assert len(call.utterances) == count


def test_a_dialogue_keeps_times_and_goes_on_over_lines() -> None:
    call = one(
        "[00:01] Caller: He's here.\n\nHe said: I'll kill you.\n(1:02:03.5) Call handler: Who?\n"
        "Sam Doe: I never touched her.\n00:09 Operator:\nOK.",
    )
    assert call.utterances == (
        Utterance("He's here.\nHe said: I'll kill you.", "caller", 1.0),
        Utterance("Who?", "call_taker", 3723.5),
        Utterance("Sam Doe: I never touched her.", "unknown"),
        Utterance("OK.", "call_taker", 9.0),
    )


@pytest.mark.parametrize("write", [dialogue, otter])
@settings(max_examples=25, deadline=None)
@given(turns=conversations().filter(bool))
def test_a_dialogue_reads_back_with_speakers_and_starts(
    write: Callable[[Sequence[Utterance]], str], turns: tuple[Utterance, ...]
) -> None:
    turns = (Utterance("hello.", "caller", 0.0), *turns)
    read = one(write(turns), speakers=SpeakerNames(SPOKEN_LABELS)).utterances
    assert [(turn.text, turn.speaker) for turn in read] == [(turn.text, turn.speaker) for turn in turns]
    starts = [turn.start if write is dialogue else int(turn.start or 0) for turn in turns]
    assert [turn.start for turn in read] == starts


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        ("Call 17\n\nAgent: Who?\n\nCaller: Me.\nNow.\n", ["Call 17", "Who?", "Me.\nNow."]),
        ("**Agent:** Who?\n- **Caller**: f**k\n", ["Who?", "f**k"]),
        ("Caller (00:03): Me.\nAgent [00:05]: Who?\n", ["Me.", "Who?"]),
        ("0:03 Caller\nMe.\n0:05 Agent\nWho?\n", ["Me.", "Who?"]),
        ("Agent\nWho?\n\nCaller\nMe.\n", ["Who?", "Me."]),
        ("Doctor\nWho?\n\nPatient\nMe.\n\nDoctor\nOK.\n\nPatient\nYes\n", ["Who?", "Me.", "OK.", "Yes"]),
        ("Doctor: Who?\nPatient: Me.\nDoctor: OK.\nPatient: Yes\n", ["Who?", "Me.", "OK.", "Yes"]),
        ("[00:00.000 --> 00:02.000]  Who?\n[00:02.000 --> 00:03.500]  Me.\n", ["Who?", "Me."]),
        ("PC: chest pain\nHx: asthma\nArrived 10:40\n", ["PC: chest pain\nHx: asthma\nArrived 10:40\n"]),
        ("He hit me.\nYes\nYes\n", ["He hit me.\nYes\nYes\n"]),
    ],
)
def test_dialogues_as_people_and_programs_lay_them_out(text: str, turns: list[str]) -> None:
    assert [turn.text for turn in one(text).utterances] == turns


ROLLING = (
    "WEBVTT\nKind: captions\n\n00:00:00.160 --> 00:00:02.389 align:start position:0%\n \n"
    "hello<00:00:00.480><c> he</c><00:00:00.640><c> hit</c>\n\n"
    "00:00:02.389 --> 00:00:02.399 align:start position:0%\nhello he hit\n \n\n"
    "00:00:02.399 --> 00:00:04.000 align:start position:0%\nhello he hit\nme<00:00:03.000><c> again</c>\n"
)
"""As YouTube writes captions that roll."""


@pytest.mark.parametrize(
    ("text", "turns"),
    [
        (ROLLING, ["hello he hit", "me again"]),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\n\n00:02.000 --> 00:03.000\n \n\n00:03.000 --> 00:04.000\nhi\n", ["hi"]),
        ("1\n00:00:01,000 --> 00:00:02,000\n{\\an8}<i>hi</i>\n \n2\n00:00:02,000 --> 00:00:03,000\nho\n", ["hi", "ho"]),
        (
            "WEBVTT\n\n1\n00:01.000 --> 00:02.000\nSam Doe: hi\n\n2\n00:03.000 --> 00:04.000\nSam Doe: ho\n",
            ["hi", "ho"],
        ),
        ('WEBVTT\n\n00:01.000 --> 00:02.000\n{"speakerName": "Sam", "spokenText": "hi"}\n', ["hi"]),
        ("0:00:01.000,0:00:02.000\nCaller: hi\nAgent: ho\n", ["hi", "ho"]),
        ('<tt><body><p begin="1s" dur="500ms">hi <br/> ho</p></body></tt>', ["hi\nho"]),
        ('<tt><body><p begin="00:00:01:15" end="2.5s"><span>hi</span>\n</p><p begin="1m"> </p></body></tt>', ["hi"]),
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "utf-16-le"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_subtitles_as_they_come(text: str, turns: list[str], encoding: str, line_end: str) -> None:
    (call,) = read(text.replace("\n", line_end).encode(encoding))
    assert isinstance(call, Call), call
    assert [turn.text for turn in call.utterances] == turns


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<tt><body><p begin='soon'>secret word</p></body></tt>", "-: paragraph 1: expected when it begins"),
        ("<tt><body>\n<p begin='1s'>secret word</p>", "-:2: this is not valid XML from here on"),
        ("<?xml version='1.0'?><other>secret word</other>", "-: expected TTML, whose topmost element is 'tt'"),
        ("<?xml version='1.0'?><!DOCTYPE x [<!ENTITY a 'secret word'>]><tt/>", "-: expected TTML without"),
        ("<tt><body/></tt>", "-: there is no subtitle with words in it"),
        ("0:00:01.000,0:00:02.000\nhi\n0:00:02.000,0:00:03.000\nho", "-:3: expected an empty line before"),
    ],
)
def test_a_near_miss_of_other_subtitles_is_told_where_and_what(text: str, message: str) -> None:
    assert error(text).startswith(message)


def test_a_dialogue_that_is_none_is_told_where_and_what() -> None:
    assert error("\nsecret word", format="dialogue") == (
        "-:2: expected a known speaker and a colon, as in 'Caller: …'; say whose a label is with"
        " --speaker LABEL=SPEAKER"
    )
    assert error("", format="dialogue").startswith("-:1: expected a known speaker")
    assert error(b"Caller: \xff", format="dialogue").startswith("-:1: this is not UTF-8 text")
    assert one("A: hi", speakers=SpeakerNames({"a": "caller"})).utterances == (Utterance("hi", "caller"),)


def test_an_unknown_format_is_told_with_near_ones() -> None:
    with pytest.raises(CallError, match="there is no format 'webvvt'; did you mean webvtt"):
        read("", format="webvvt")


@settings(deadline=None, max_examples=150)
@given(
    st.sampled_from(sorted(set(FORMATS) - {"parquet"})),
    st.text() | st.sampled_from([w.write(CANONICAL) for w in WRITTEN]),
    st.data(),
)
def test_no_damage_raises(name: str, text: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(text)))
    damaged = text[:at] + data.draw(st.text(max_size=3)) + text[at + data.draw(st.integers(0, 5)) :]
    for options in ({"format": name}, {}):
        assert all(isinstance(item, (Call, CallError)) for item in read(damaged, **options))


@pytest.mark.parametrize("written", WRITTEN, ids=names)
def test_a_file_cut_at_any_byte_is_refused_or_is_the_part_it_holds_and_says_so(
    written: Written, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / written.file
    whole = written.write(CANONICAL).encode()
    path.write_bytes(whole)
    options = ReadingOptions(format=written.format, speakers=SpeakerNames(written.labels))
    (call,) = read_calls(path, options=options)
    assert isinstance(call, Call)
    for at in range(0, len(whole.rstrip()), 1 + len(whole) // 1000):
        caplog.clear()
        path.write_bytes(whole[:at])
        items = list(read_calls(path, options=options))
        assert len([item for item in items if isinstance(item, Call)]) <= 1, "never more calls than it holds"
        for part in items:
            if isinstance(part, Call):
                before = len(part.utterances) - 1
                assert part.utterances[:before] == call.utterances[:before]
                assert "if the file was cut short" in caplog.text or whole[:at].endswith(b"\n")


OF_WORDS = {f"aws_transcribe{by}" for by in ("", "_by_segment", "_by_channel", "_by_list")} | {
    "deepgram_words",
    "google",
    "google_batch",
    "elevenlabs",
    "rev",
    "speechmatics",
}


def test_five_megabytes_in_one_line_are_read() -> None:
    said = "he hit me " * 500_000
    turns = [Utterance(f"{said}.", "caller", 1.0, 2.0)]
    for written in WRITTEN:
        if written.write.__name__ not in OF_WORDS:
            assert one(written.write(turns)).utterances[0].text.count("hit") == 500_000


@pytest.mark.parametrize("name", ["utterances.csv", "utterances.parquet", "utterances.xlsx", "calls.csv"])
def test_every_sample_of_a_table_holds_the_same_call(name: str) -> None:
    columns = {"call_id": "Incident", "text": "Transcript"} if name == "calls.csv" else {}
    (call,) = read_calls(SAMPLES / name, options=ReadingOptions(columns=Columns(columns)))
    assert isinstance(call, Call)
    if name == "calls.csv":
        assert call == Call("call", [Utterance(turn.text, turn.speaker) for turn in CANONICAL], current_code="C3")
    else:
        assert (call.call_id, call.utterances) == ("call", CANONICAL)
        assert list(call.metadata.values()) == ["north"]


@pytest.mark.parametrize("name", ["text", "dialogue", "webvtt", "srt", "json"])
def test_a_byte_that_is_no_text_is_told_with_its_line(name: str) -> None:
    assert (
        error(b"WEBVTT\n\xff", format=name)
        == "-:2: this is not UTF-8 text; save the file as UTF-8, or name its --encoding, such as cp1252"
    )
