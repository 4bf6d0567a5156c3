from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from triage_triggers.calls.call import Call, Utterance
from triage_triggers.calls.reading import read_calls
from triage_triggers.cli.privacy import NO_PROMISE

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.conftest import Run


def test_the_copy_is_json_lines_with_everything_masked_and_kept(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "calls.csv"
    path.write_text("call_id,speaker,start,text,area\n07700900123,Agent,1.5,Ring 07700 900123.,ZE9 9ZZ\n")
    result = run("redact", path)
    assert (result.exit_code, result.stderr) == (0, f"{NO_PROMISE}\n")
    copy = tmp_path / "copy.jsonl"
    copy.write_text(result.stdout)
    assert list(read_calls(copy)) == [
        Call("redacted-1", [Utterance("Ring XXXXX XXXXXX.", "call_taker", 1.5)], metadata={"area": "XXX XXX"})
    ]
    assert run("check-corpus", copy).exit_code == 0


def test_calls_without_identifiers_come_out_as_they_were(run: Run, calls: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copy.jsonl"
    copy.write_text(run("redact", calls).stdout)
    assert list(read_calls(copy)) == list(read_calls(calls))


def test_a_bad_line_is_named_and_left_out(run: Run, calls: Path) -> None:
    with calls.open("a") as file:
        file.write("nonsense 07700 900123\n")
    result = run("redact", calls)
    assert result.exit_code == 1
    assert len(result.stdout.splitlines()) == 2
    assert result.stderr.startswith(f"triage-triggers: {calls}:3: ")
    assert "07700" not in result.stderr
    calls.write_text("nonsense\n")
    assert run("redact", calls).exit_code == 2


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize(
    ("name", "text", "redacted"),
    [
        ("a.txt", "Ring 07700 900123,\r\nplease – now.\n", "Ring XXXXX XXXXXX,\r\nplease – now.\n"),
        ("a.txt", "Caller: It's ZE9 9ZZ.\n", "Caller: It's XXX XXX.\n"),
        (
            "a.txt",
            "[00:01] Caller: Hi.\r\n (00:03) Sam Doe: No.\r\nSpeaker 2: He said: no.\r\n",
            "[00:01] Caller: Hi.\r\n (00:03) Xxx Xxx: No.\r\nSpeaker 2: He said: no.\r\n",
        ),
        (
            "a.vtt",
            "WEBVTT\n\n00:07.700 --> 00:08.000\n<v.loud sam doe>Hi <v spk_1>ho\n",
            "WEBVTT\n\n00:07.700 --> 00:08.000\n<v.loud xxx xxx>Hi <v spk_1>ho\n",
        ),
        (
            "a.vtt",
            "WEBVTT\n\n00:07.700 --> 00:08.000\n<v Caller>07700 900123\n",
            "WEBVTT\n\n00:07.700 --> 00:08.000\n<v Caller>XXXXX XXXXXX\n",
        ),
        ("a.srt", "1\n00:00:07,700 --> 00:00:08,000\nZE9 9ZZ", "1\n00:00:07,700 --> 00:00:08,000\nXXX XXX"),
    ],
)
def test_texts_and_subtitles_can_stay_what_they_are(
    run: Run, tmp_path: Path, *, name: str, text: str, redacted: str, encoding: str
) -> None:
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    result = run("redact", path, "--same-format")
    assert result.exit_code == 0
    assert result.stdout_bytes.decode(encoding) == redacted


def test_a_label_that_was_mapped_may_be_a_name(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("sam: Hi.\nagent: Ho.\n")
    assert run("redact", path, "--same-format", "--speaker", "sam=caller").stdout == "xxx: Hi.\nagent: Ho.\n"
    (row,) = run("redact", path, "--speaker", "sam=caller").stdout.splitlines()
    assert "sam" not in row


def test_what_can_not_stay_what_it_is_is_told(run: Run, calls: Path, tmp_path: Path) -> None:
    result = run("redact", calls, "--same-format")
    assert result.exit_code == 2
    assert "--same-format is for text, WebVTT and SRT; leave it out to have JSON Lines" in result.stderr
    for arguments in (("-",), (calls, calls)):
        result = run("redact", *arguments, "--same-format", stdin="x")
        assert result.exit_code == 2
        assert "--same-format takes one file, as its copy goes to standard output" in result.stderr
    path = tmp_path / "bad.vtt"
    path.write_text("WEBVTT\n\n00:01,000 --> 00:02,000\n07700 900123")
    result = run("redact", path, "--same-format")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"{path}:3: expected the times" in result.stderr


def test_the_format_speakers_and_columns_can_be_told(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "calls.log"
    path.write_text("Words;Who\nhi;Sam\n")
    arguments = ("--format", "csv", "--column", "text=Words", "--column", "speaker=Who", "--speaker", "Sam=caller")
    (row,) = map(json.loads, run("redact", path, *arguments).stdout.splitlines())
    assert row["utterances"] == [{"text": "hi", "speaker": "caller"}]
