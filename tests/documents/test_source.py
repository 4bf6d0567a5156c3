# ruff: noqa: E501, ISC004  the messages are tables, a line each
from __future__ import annotations

import codecs
import os
from typing import TYPE_CHECKING

import pytest
import yaml
from hypothesis import given

from tests.strategies import as_yaml, places_in, ruleset_documents, yaml_like
from triage_triggers.documents import tree as yaml_tree
from triage_triggers.documents.source import MAX_FILE_BYTES, parse_yaml, read_yaml

if TYPE_CHECKING:
    from pathlib import Path

    from triage_triggers.errors import Fault


@pytest.fixture(params=["CSafeLoader", "SafeLoader"], autouse=True)
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Every test runs at C speed and with the parser that stands in where there is no C."""
    monkeypatch.setattr(yaml_tree, "_LOADER", getattr(yaml, request.param))
    return str(request.param)


def faults_of(text: str) -> list[str]:
    faults: list[Fault] = []
    parse_yaml(text, "f", faults)
    return [str(fault).removeprefix("f:") for fault in faults]


@pytest.mark.parametrize(
    "typed",
    ["no", "yes", "on", "off", "true", "null", "~", "1.0", "007", "0x1F", "12:30", "1_000", "2026-11-23", "1e3", "="],
)
def test_scalars_stay_the_text_that_was_typed(typed: str) -> None:
    faults: list[Fault] = []
    source = parse_yaml(f"a: {typed}\nb: [{typed}]\n{typed}: c", "f", faults)
    assert source is not None
    assert (source.data, faults) == ({"a": typed, "b": [typed], typed: "c"}, [])


def test_numbers_of_any_length_stay_text() -> None:
    source = parse_yaml("a: " + "9" * 10_000, "f", [])
    assert source is not None
    assert source.data == {"a": "9" * 10_000}


@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("", ["1:1: the file is empty"]),
        ("# nothing\n---\n", ["1:1: the file is empty"]),
        ("a: 1\nb: 2\na: 3\na: 4", ["3:1: 'a' stands here twice; it is already on line 1"] * 1
         + ["4:1: 'a' stands here twice; it is already on line 1"]),
        ("a: &x b\nc: *x", [
            "1:4: '&x' names a part of the file, which can't be done; write it out, or make it a list; if it is a phrase, "
            "put it in quotes",
            "2:4: '*x' refers to another part of the file, which can't be done; write it out, or make it a list; if it is "
            "a phrase, put it in quotes",
        ]),
        ("a: !!python/object/apply:os.system [ls]", [
            "1:4: text that starts with '!' must stand in quotes, all of it; YAML tags can't be used"]),
        ("%YAML 1.1\n---\na: b", ["1:1: a line that starts with '%' can't be used; remove it"]),
        ("a: b\n---\nc: d", [
            "2:1: a second YAML document starts here; keep one in a file, with '---' at its top or nowhere"]),
        ("a:\n\tb: c", ["2:1: a tab stands here; indent with spaces"]),
        ("a:\nb: c", ["1:1: 'a' has nothing after it; remove the line, or write something"]),
        ("a:\n  -\n  - b", ["2:4: this item of the list is empty; remove it, or write something"]),
        ("a:\n  - {victim}", ["2:5: text that starts with '{' must stand in quotes"]),
        ("a: {b: c, d: }", ["1:11: 'd' has nothing after it; remove the line, or write something"]),
        ("? [a]\n: b", ["1:3: before a ':' only plain words can stand; put the text in quotes"]),
        ("? \n: b", ["1:2: before a ':' only plain words can stand; put the text in quotes"]),
        ("? *a\n: b", [
            "1:3: '*a' refers to another part of the file, which can't be done; write it out, or make it a list; if it is "
            "a phrase, put it in quotes"]),
        ("a: b\x00c", ["1:5: the character U+0000 can't stand in a ruleset; the file may be damaged, or no text at all"]),
        ("é: b\n\x07", ["2:1: the character U+0007 can't stand in a ruleset; the file may be damaged, or no text at all"]),
        ("a: " + "[" * 60, ["1:43: this is nested more than 40 deep"]),
        ("- " * 60 + "a", ["1:81: this is nested more than 40 deep"]),
    ],
)  # fmt: skip
def test_each_kind_of_fault_is_a_plain_sentence(text: str, faults: list[str]) -> None:
    assert faults_of(text) == faults


def test_very_long_keys_are_cut_short_in_messages() -> None:
    (fault,) = faults_of(f"? {'k' * 100}\n: ")
    assert "k" * 59 + "…'" in fault
    assert "k" * 60 not in fault


def test_deep_nesting_does_not_exhaust_the_stack() -> None:
    for text in ("[" * 500_000, "{a: " * 100_000, "- " * 100_000, "? " * 100_000):
        assert len(faults_of(text)) == 1


@pytest.mark.parametrize(
    ("content", "data"),
    [
        (codecs.BOM_UTF8 + "a: é".encode(), {"a": "é"}),
        ("\ufeffa: é".encode("utf-16-le"), {"a": "é"}),
        ("\ufeffa: é".encode("utf-16-be"), {"a": "é"}),
        ("\ufeffa: é".encode("utf-32-le"), {"a": "é"}),
        ("\ufeffa: é".encode("utf-32-be"), {"a": "é"}),
        (b"a: b\r\nc: d\r\n", {"a": "b", "c": "d"}),
        (b"a: b\rc: d", {"a": "b", "c": "d"}),
    ],
)
def test_text_as_any_editor_saves_it(tmp_path: Path, content: bytes, data: object) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes(content)
    source = read_yaml(path, [])
    assert source is not None
    assert (source.data, source.position(("a",))) == (data, (1, 4))


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        ("a: b\nc: caf\u00e9".encode("latin-1"), "2:7: this is not UTF-8 text; save the file with the encoding UTF-8"),
        (codecs.BOM_UTF16_LE + b"a\x00\x00", "1:2: this is not UTF-8 text; save the file with the encoding UTF-8"),
        (b"\x89PNG\r\n\x1a\n", "1:1: this is not UTF-8 text; save the file with the encoding UTF-8"),
        (
            b"#" * (MAX_FILE_BYTES + 1),
            "1:1: the file is larger than 2,000,000 bytes; split it into several rules/*.yaml",
        ),
    ],
    ids=["latin-1", "half a character", "a picture", "too large"],
)
def test_files_that_are_no_text(tmp_path: Path, content: bytes, fault: str) -> None:
    path = tmp_path / "f.yaml"
    path.write_bytes(content)
    faults: list[Fault] = []
    assert read_yaml(path, faults) is None
    assert [str(found) for found in faults] == [f"{path}:{fault}"]


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name, why in [
        ("gone.yaml", "the file can't be read: No such file or directory"),
        ("pipe", "this is not a file"),
        (".", "this is not a file"),
        ("x" * 300, "the file can't be read: File name too long"),
        ("nul\x00", "the file can't be read: its name is no file name"),
    ]:
        faults: list[Fault] = []
        assert read_yaml(tmp_path / name, faults) is None
        assert [fault.message for fault in faults] == [why]


@pytest.mark.parametrize(
    ("text", "offset", "position", "note"),
    [
        ("a: - x (y", 0, (1, 1), ""),
        ("a:\n  - he (x", 3, (2, 8), ""),
        ('a:\n  - "😀 (x"', 2, (2, 8), ""),
        ("a:\n  - 'he (x'", 3, (2, 9), ""),
        ('a:\n  - "h\\u0065 (x"', 3, (2, 5), " (at character 4)"),
        ("a:\n  - 'it''s (x'", 5, (2, 5), " (at character 6)"),
        ("a:\n  - he\n    (x", 3, (2, 5), " (at character 4)"),
        ("a:\n  - >\n    he (x", 3, (2, 5), " (at character 4)"),
    ],
)
def test_a_fault_inside_text_points_at_its_character_where_the_file_shows_it(
    text: str, offset: int, position: tuple[int, int], note: str
) -> None:
    source = parse_yaml(text, "f", [])
    if source is None or not isinstance(source.data["a"], list):
        return
    fault = source.fault(("a", 0), "wrong", offset=offset)
    assert (fault.line, fault.column, fault.message) == (*position, f"wrong{note}")


def test_what_is_not_there_is_placed_at_what_is_around_it() -> None:
    source = parse_yaml("a:\n  b: [c]", "f", [])
    assert source is not None
    assert source.position(("a", "b", 7, "x")) == (2, 6)
    assert source.position(("a", "gone")) == (2, 3)
    assert source.position(("a", "b"), key=True) == (2, 3)
    assert source.position(("gone",), key=True) == (1, 1)
    assert source.holds(("a", "b"), 2, 7)
    assert not source.holds(("a", "b"), 1, 1)


@given(ruleset_documents())
def test_every_part_is_read_back_and_found_where_it_stands(document: dict[str, object]) -> None:
    text = as_yaml(document)
    source = parse_yaml(text, "f", [])
    assert source is not None
    lines = text.split("\n")
    for place in places_in(source.data):
        expected: object = document
        found: object = source.data
        for step in place:
            expected, found = expected[step], found[step]  # type: ignore[index]
        if isinstance(found, str):
            line, column = source.position(place)
            written = str(expected).lower() if isinstance(expected, bool) else str(expected)
            assert found == written
            if not set(written) & set("\u2028\u2029\x85"):
                assert lines[line - 1][column - 1] in {*"'\"|>", written[0]}


@given(yaml_like)
def test_no_text_makes_it_raise(text: str) -> None:
    faults: list[Fault] = []
    source = parse_yaml(text, "f", faults)
    assert source is not None or faults
    last = len(text.splitlines()) + 1
    assert all(1 <= fault.line <= last and fault.column >= 1 for fault in faults)
