"""What a YAML syntax error means, for people who have never heard of tokens."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    import yaml

__all__ = ["SyntaxFault", "explain"]

# An item or value, up to the first character of it, where that is one that YAML takes for its own.
_SPECIAL_START: Final = re.compile(r"[ ]*(?:- +)*(?:[\w-]+: +)?([\[{*&!%@`|>\"'])")


class SyntaxFault(NamedTuple):
    """Where the mistake is (an index in the text), what it is, and, to go on behind it, the text without it."""

    at: int
    message: str
    mended: str | None = None


def explain(error: yaml.MarkedYAMLError, text: str) -> SyntaxFault:
    """Return what is wrong, where its author would look for it."""
    problem, context = error.problem or "", error.context or ""
    mark = error.problem_mark or error.context_mark
    index = min(mark.index, len(text)) if mark else 0
    opened = error.context_mark.index if error.context_mark else index
    if text[index : index + 1] == "\t":
        return SyntaxFault(index, "a tab stands here; indent with spaces")
    if "quoted scalar" in context:
        return _in_quotes(problem, index, opened)
    if "expected ':'" in problem:
        return SyntaxFault(opened, "a ':' is missing behind this, or '- ' before it, or quotes around it")
    if "flow" in context:
        message = "a '[' or '{' is opened here and not closed, or a ',' is missing; text needs quotes"
        return SyntaxFault(opened, message, _without_rest_of_line(text, opened))
    special = _special_start(text, index)
    if special is not None:
        message = f"text that starts with {text[special]} must stand in quotes, all of it"
        if text[special] in "\"'":
            message = "text goes on behind its closing quotation mark; put all of it in one pair of quotes"
        return SyntaxFault(special, message, _without_rest_of_line(text, special))
    if "mapping values are not allowed" in problem:
        message = "a ':' can't stand here; put text that has a ':' in it in quotes, and check the indentation"
        return SyntaxFault(index, message, f"{text[:index]}x{text[index + 1 :]}")
    return SyntaxFault(index, "the indentation does not fit what is above, or a ':' or '-' is missing near here")


def _in_quotes(problem: str, index: int, opened: int) -> SyntaxFault:
    if "end of stream" in problem or "document" in problem:
        return SyntaxFault(opened, "a quotation mark is opened here and never closed")
    message = "in double quotes a backslash means something special; use single quotes, or leave it out"
    return SyntaxFault(index, message)


def _special_start(text: str, index: int) -> int | None:
    """Return where text that needs quotes starts, on the line of the error or the one before; ``None`` if none does."""
    line = _line_start(text, index)
    for start in (line, _line_start(text, max(line - 1, 0))):
        match = _SPECIAL_START.match(text, start)
        if match and match.start(1) <= index:
            return match.start(1)
    return None


def _line_start(text: str, index: int) -> int:
    return max(text.rfind("\n", 0, index), text.rfind("\r", 0, index)) + 1


def _without_rest_of_line(text: str, index: int) -> str:
    """Return the text with the rest of a line made plain words, every other place staying where it was."""
    end = min((at for sign in "\r\n" if (at := text.find(sign, index)) >= 0), default=len(text))
    return f"{text[:index]}{'x' * (end - index)}{text[end:]}"
