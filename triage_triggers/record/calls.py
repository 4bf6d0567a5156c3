"""What the log keeps of a call: its canonical JSON, its digest, and a mask that hides the words but not their shape."""

from __future__ import annotations

import json
import unicodedata
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

from triage_triggers.calls.call import Call, Utterance
from triage_triggers.errors import RecordError

if TYPE_CHECKING:
    from triage_triggers.record.entries import TextMode

__all__ = ["call_bytes", "call_from_bytes", "kept", "mask"]


def call_bytes(call: Call) -> bytes:
    """Return a call as canonical JSON: keys sorted, no spaces, UTF-8; lone surrogates as they are.

    An utterance is a row of text, speaker, start and end.

    >>> call_bytes(Call.from_text("Hé."))[:37].decode()
    '{"call_id":"-","code_system":null,"cu'
    """
    content = {
        "call_id": call.call_id,
        "current_code": call.current_code,
        "code_system": call.code_system,
        "metadata": call.metadata,
        # Rows and not objects: a long call has hundreds, and writing their keys would take most of the time.
        "utterances": [(part.text, part.speaker, part.start, part.end) for part in call.utterances],
    }
    try:
        text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError):
        message = "the call's metadata must be plain JSON (text, finite numbers, true, false, null, lists, objects)"
        raise RecordError(message) from None
    return text.encode("utf-8", "surrogatepass")


def call_from_bytes(content: bytes) -> Call:
    """Return the call that :func:`call_bytes` wrote."""
    data: dict[str, Any] = json.loads(content.decode("utf-8", "surrogatepass"))
    return Call(
        data["call_id"],
        [Utterance(*row) for row in data["utterances"]],
        current_code=data["current_code"],
        code_system=data["code_system"],
        metadata=data["metadata"],
    )


def kept(call: Call, text: TextMode) -> Call | None:
    """Return what a log of some text mode keeps of a call; metadata, which may quote anything, only in full."""
    if text == "none":
        return None
    if text == "full":
        return call
    parts = call.utterances
    ends = list(accumulate(len(part.text) for part in parts))
    whole = mask("".join(part.text for part in parts))  # much faster than each by itself
    masked = [
        Utterance(whole[end - len(part.text) : end], part.speaker, part.start, part.end)
        for part, end in zip(parts, ends, strict=True)
    ]
    return Call(call.call_id, masked, current_code=call.current_code, code_system=call.code_system)


def mask(text: str) -> str:
    """Return text of the same length in code points with its letters and digits hidden, so that all offsets hold.

    Spaces and punctuation stay. The lengths of words stay too: a mask hides words from a passing glance and from
    search, but is no anonymisation.

    >>> mask("He’s at 14 Mill Lane!")
    'Xx’x xx 00 Xxxx Xxxx!'
    """
    return text.translate(_SHAPES)


class _Shapes(dict[int, str]):
    def __missing__(self, point: int) -> str:
        char = chr(point)
        kind = unicodedata.category(char)
        if kind[0] in "PZ" or char.isspace():
            shape = char
        elif kind[0] == "N":
            shape = "0"
        else:
            shape = "X" if kind in {"Lu", "Lt"} else "x"
        self[point] = shape
        return shape


_SHAPES: Final = _Shapes()  # a memo, at most as long as Unicode
