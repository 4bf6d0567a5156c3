"""A call as it happens: what was said scrolls by, and the suggestion stands below it as it forms."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

from rich.live import Live
from rich.panel import Panel
from rich.text import Text

from triage_triggers.cli.call_view import clock, marked, suggestion
from triage_triggers.cli.screen import Screen, columns, printable
from triage_triggers.live.events import (
    AdviceChanged,
    FindingAdded,
    FindingReread,
    FindingWithdrawn,
    Flagged,
    SuggestionRaised,
    SuggestionSuperseded,
)

if TYPE_CHECKING:
    from types import TracebackType

    from triage_triggers.assessment import Assessment
    from triage_triggers.calls.call import Utterance
    from triage_triggers.live.events import Event
    from triage_triggers.live.update import Update
    from triage_triggers.ruleset.definition import Ruleset

__all__ = ["LiveView"]

_SPEAKER_WIDTH: Final = 11


class LiveView:
    """Prints each utterance with what it changed; on a terminal, the suggestion so far stays at the bottom.

    Marks don't depend on colour: ``[[counted]]``, ``((set aside: negated))``.
    """

    def __init__(self, ruleset: Ruleset) -> None:
        self._reasons = {policy.id: policy.reason for policy in ruleset.policy or ()}
        self._title = f"{ruleset.id} {ruleset.version}, {ruleset.status}"
        self._screen = Screen()
        self._number = 0
        self._panel = Live(console=self._screen, auto_refresh=False) if self._screen.is_terminal else None

    def __enter__(self) -> Self:
        if self._panel:
            self._panel.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._panel:
            self._panel.stop()

    def open(self, call_id: str) -> None:
        """Print a call's heading."""
        self._number = 0
        self._screen.show(Text.assemble((printable(call_id), "bold"), f"  {self._title}"))

    def show(self, update: Update, said: Utterance) -> None:
        """Print what was said, and what that changed."""
        here = [
            (finding.start if finding.utterance == self._number else 0, finding.end, finding)
            for finding in update.findings
            if finding.end_utterance == self._number
        ]
        self._number += 1
        speaker = said.speaker.replace("_", "-").ljust(_SPEAKER_WIDTH)
        self._screen.show(Text.assemble((f"{clock(said.time):>6}  {speaker}", "dim"), marked(said.text, here)))
        for event in update.events:
            line = _line(event)
            if line is not None:
                self._screen.show(line, indent=2 + 6 + _SPEAKER_WIDTH)
        if self._panel:
            self._panel.update(self._conclusion(update.assessment), refresh=True)

    def close(self, assessment: Assessment) -> None:
        """Leave the suggestion standing at the end of the call."""
        if self._panel:
            self._panel.update(self._conclusion(assessment), refresh=True)
        else:
            self._screen.show(self._conclusion(assessment))

    def _conclusion(self, assessment: Assessment) -> Panel:
        table = columns()
        table.add_row("Suggestion", suggestion(assessment))
        if assessment.advice:
            table.add_row("Consider", ", ".join(assessment.advice))
        for policy in assessment.policies:
            table.add_row("Because", Text.assemble((policy, "bold"), f": {self._reasons.get(policy, '')}"))
        return Panel(table, title="flagged" if assessment.flagged else "not flagged", title_align="left")


def _line(event: Event) -> Text | None:
    match event:
        case FindingAdded(finding):
            return None if finding.counts and not finding.cue else _found("set aside", finding.rule, event.reason)
        case FindingReread(_, finding):
            return _found("counts" if finding.counts else "set aside", finding.rule, event.reason)
        case FindingWithdrawn(finding):
            return _found("gone", finding.rule, event.reason)
        case Flagged():
            return Text(f"flagged: {', '.join(event.policies)}", style="bold red")
        case SuggestionRaised(code):
            return Text(f"suggested: {code}; a person decides", style="bold red")
        case SuggestionSuperseded(code):
            return Text(f"no longer suggested: {code}: {event.reason}", style="bold yellow")
        case AdviceChanged(given) if given:
            return Text(f"consider: {', '.join(given)}", style="yellow")
        case _:
            return None


def _found(what: str, rule: str, reason: str) -> Text:
    return Text(f"{what}: {rule}: {reason}", style="yellow")
