from __future__ import annotations

import io
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.text import Text

from triage_triggers.cli.screen import Screen
from triage_triggers.legible import legible


class Terminal(io.StringIO):
    """A terminal that keeps what it was shown."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    for name in ("NO_COLOR", "FORCE_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")
    return Terminal()


@given(st.text())
def test_legible_text_keeps_offsets_and_lets_nothing_steer(text: str) -> None:
    shown = legible(text)
    assert len(shown) == len(text)
    assert all(char in "\r\n\t\u200c\u200d" or (char.isprintable() or char.isspace()) for char in shown)
    shown.encode()


def test_colours_are_for_terminals_that_want_them(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", terminal)
    Screen().show(Text("red", "red"))
    assert "\x1b[31m" in terminal.getvalue()
    terminal.truncate(0)
    monkeypatch.setenv("NO_COLOR", "1")
    Screen().show(Text("red", "red"))
    assert "\x1b[31m" not in terminal.getvalue()


def test_elsewhere_lines_are_plain_and_end_where_the_text_ends(capsys: pytest.CaptureFixture[str]) -> None:
    Screen().show(Text("red  ", "red"), indent=2)
    assert capsys.readouterr().out == "  red\n"


def test_a_closed_pipe_is_left_to_the_command_line() -> None:
    with pytest.raises(BrokenPipeError):
        Screen().on_broken_pipe()
