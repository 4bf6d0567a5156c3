"""docs/transcripts.md says what is so."""

from __future__ import annotations

import io
import json
import re
import shlex
from itertools import pairwise
from pathlib import Path

import pytest

from triage_triggers.calls.call import SPEAKERS, Call
from triage_triggers.calls.formats import FORMATS
from triage_triggers.calls.reading import read_calls
from triage_triggers.calls.source import ReadingOptions
from triage_triggers.calls.speakers import SpeakerNames
from triage_triggers.cli.inputs import Reading

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "transcripts.md").read_text(encoding="utf-8")


def test_every_format_has_its_row_with_its_suffixes() -> None:
    rows = re.findall(r"^\| `([\w-]+)` \| ((?:`\.\w+`(?:, )?)+) \|", PAGE, re.MULTILINE)
    assert {name: tuple(re.findall(r"`(\.\w+)`", suffixes)) for name, suffixes in rows} == {
        entry.name: entry.suffixes for entry in FORMATS.values()
    }


def test_the_labels_that_are_known_are() -> None:
    names = SpeakerNames()
    (line,) = re.findall(r"^Some labels are known: (.+\n.+`unknown`)\.", PAGE, re.MULTILINE)
    for group in line.split("·"):
        labels = re.findall(r"`([\w ]+)`", group)
        assert {names[label] for label in labels} == {labels[0]}
    assert all(f"`{speaker}`" in line for speaker in SPEAKERS)


def test_the_commands_know_every_speaker_of_the_sample() -> None:
    commands = [
        shlex.split(line) for line in re.findall(r"^triage-triggers evaluate (examples/.+)$", PAGE, re.MULTILINE)
    ]
    assert len(commands) == 3
    for path, *words in commands:
        labels = [value for option, value in pairwise(words) if option == "--speaker"]
        columns = [value for option, value in pairwise(words) if option == "--column"]
        (call,) = read_calls(ROOT / path, options=Reading(speaker=labels, column=columns).options())
        assert isinstance(call, Call)
        assert {turn.speaker for turn in call.utterances} == {"caller", "call_taker"}


@pytest.mark.parametrize(
    ("text", "name", "start"),
    [
        ("WEBVTT\n\n\n\n\n\n00:01,000 --> 00:02,000\nx", "webvtt", "call.vtt:7: "),
        (
            json.dumps({"phrases": [{"offset": 1, "duration": 1, "text": ""}] * 3 + [{"offset": 1, "text": ""}]}),
            "azure",
            "call.json: ",
        ),
        ("a,b,c,d,text\n" + "1,2,3,4,5\n" * 10 + "1,2,3,4,5,6\n", "csv", "calls.csv:12: "),
        ("a,Texts\n", "csv", "calls.csv: no"),
    ],
)
def test_the_near_misses_are_told_as_the_page_says(text: str, name: str, start: str) -> None:
    (line,) = [line for line in PAGE.splitlines() if line.startswith(start)]
    *_, fault = read_calls("-", stdin=io.BytesIO(text.encode()), options=ReadingOptions(format=name))
    assert str(fault).removeprefix("-") == re.sub(r"^[\w.]+", "", line)
