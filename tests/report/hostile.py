"""Calls that try to harm whoever reads a report of them."""

from __future__ import annotations

from typing import Final

from triage_triggers import Call, Utterance

__all__ = ["HARM", "SCRIPT", "hostile_calls"]

SCRIPT: Final = "<script>alert(1)</script>"
HARM: Final = (
    f"{SCRIPT}\"'><img src=x onerror=alert(1)> =cmd()|'/c calc'!A1 \x1b[2J\x1b]8;;http://x\x07"
    " \u202eevil\u2066 @team #1 `|`"
)


def hostile_calls() -> list[Call]:
    """Return calls with harm in what was said, in ids and in columns, and one of five million characters."""
    return [
        Call(
            "missed " + HARM, [Utterance(HARM, "caller")], current_code="C4", metadata={"label": "yes", "trust": HARM}
        ),
        Call(
            "false alarm " + HARM,
            [Utterance(f"{HARM} he hit me {HARM}", "caller")],
            current_code="C4",
            metadata={"label": "no", "trust": "north"},
        ),
        Call(
            "long",
            [Utterance(f"he hit me {SCRIPT * 200_000}", "caller")],
            current_code="C4",
            metadata={"label": "no", "trust": "\ud800"},
        ),
    ]
