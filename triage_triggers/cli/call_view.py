"""A call on the screen: evaluated, or as it happens."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

from rich.panel import Panel
from rich.text import Text

from triage_triggers.assessment import words
from triage_triggers.cli.screen import Screen, columns
from triage_triggers.deeds import by_claim, who_to_whom
from triage_triggers.legible import legible
from triage_triggers.live import update as events
from triage_triggers.report.marking import clock

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rich.console import RenderableType
    from rich.table import Table

    from triage_triggers.assessment import Assessment, CastMember, Finding
    from triage_triggers.calls.call import Call, Utterance
    from triage_triggers.ruleset.definition import Ruleset

__all__ = ["CallView", "LiveView", "described", "marked", "quoted"]

_COUNTED: Final = "bold red"
_SET_ASIDE: Final = "yellow"
_QUIET: Final = "dim"
_IS_SET_ASIDE, _IS_COUNTED = 1, 2


class CallView:
    """Shows calls one after the other, under a heading that names the ruleset.

    Marks don't depend on colour: ``[[counted]]``, ``((set aside: negated))``.
    """

    def __init__(self, ruleset: Ruleset) -> None:
        self._screen = Screen()
        self._reasons = ruleset.reasons
        self._calls = self._flagged = self._escalated = 0
        heading = f"Ruleset {ruleset.id} {ruleset.version}, {ruleset.status}: {ruleset.title}"
        self._screen.show(Text(heading, style=_QUIET))

    def show(self, call: Call, assessment: Assessment) -> None:
        """Print one call."""
        self._calls += 1
        self._flagged += assessment.flagged
        self._escalated += assessment.escalates is True
        flag = ("flagged", _COUNTED) if assessment.flagged else ("not flagged", _QUIET)
        self._screen.show(Text.assemble("\n", (legible(assessment.call_id), "bold"), "  ", flag))
        self._screen.show(_transcript(call, assessment.findings), indent=2)
        table = _conclusion(assessment, self._reasons)
        labels = (("Counted", _COUNTED), ("What else counted", _COUNTED), ("Set aside", _SET_ASIDE))
        for (label, style), findings in zip(labels, by_claim(assessment.findings), strict=True):
            for finding in findings:
                table.add_row(Text(label, style=style), described(call, finding, assessment.cast))
        self.add(table)

    def add(self, more: RenderableType) -> None:
        """Print more about the call just shown."""
        self._screen.show("")
        self._screen.show(more, indent=2)

    def finish(self) -> None:
        """Print what became of the calls together, where there were several."""
        if self._calls > 1:
            flagged = f"{self._calls:,} calls: {self._flagged:,} flagged"
            self._screen.show(Text(f"\n{flagged}, a more urgent code suggested for {self._escalated:,}", style="bold"))


def _conclusion(assessment: Assessment, reasons: Mapping[str, str]) -> Table:
    """Return what is suggested and advised, a row for each sign that holds, and one for the tally, if there is any."""
    table = columns()
    table.add_row("Suggestion", _suggestion(assessment))
    if assessment.advice:
        table.add_row("Consider", ", ".join(assessment.advice))
    for sign in assessment.policies:
        table.add_row("Because", Text.assemble((sign, "bold"), f": {reasons.get(sign, '')}"))
    tally = assessment.tally
    if tally is not None and tally.lines:
        lines = ", ".join(f"{line.kind} {line.points:+}" for line in tally.lines)
        table.add_row("Tally", f"{tally.points}, {tally.level.replace('_', ' ')}: {lines}")
    return table


def described(call: Call, finding: Finding, cast: Sequence[CastMember] = ()) -> Text:
    """Return a finding in a line: rule, words, who did it, how it was read, by which words, and the reason."""
    line = Text.assemble((finding.rule, "bold"), " ", quoted(call, finding, cast))
    line.append(f" {finding.polarity}, {finding.temporality}")
    if finding.intent != "meant":
        line.append(f", {finding.intent.replace('_', ' ')}")
    if finding.cue is not None:
        cue = finding.cue
        said = words(call, cue.utterance, cue.start, cue.utterance, cue.end)
        line.append(f", by “{legible(said)}” ({cue.kind})")
    return line.append(f": {finding.reason}")


def quoted(call: Call, finding: Finding, cast: Sequence[CastMember]) -> str:
    """Return a finding's words, and in brackets who did it to whom and how that is known."""
    said = f"“{legible(words(call, finding.utterance, finding.start, finding.end_utterance, finding.end))}”"
    parts = who_to_whom(finding, cast, call)
    told = "".join(part if isinstance(part, str) else f"“{legible(part.text)}”" for part in parts)
    return f"{said} [{told}]" if told else said


def marked(text: str, findings: Sequence[tuple[int, int, Finding]]) -> Text:
    """Return an utterance with its findings marked, each given with its span in the text, in code points.

    Where they overlap, what counts is what shows.
    """
    kinds = bytearray(len(text))
    for start, end, finding in sorted(findings, key=lambda found: found[2].counts):
        kinds[start:end] = bytes([_IS_COUNTED if finding.counts else _IS_SET_ASIDE]) * (end - start)
    result = Text()
    end = 0
    for kind, run in groupby(kinds):
        start, end = end, end + len(list(run))
        said = legible(text[start:end])
        if kind == _IS_COUNTED:
            result.append(f"[[{said}]]", style=_COUNTED)
        elif kind == _IS_SET_ASIDE:
            whys = dict.fromkeys(
                _why_set_aside(found) for first, last, found in findings if first < end and start < last
            )
            result.append(f"(({said}: {', '.join(whys)}))", style=_SET_ASIDE)
        else:
            result.append(said)
    return result


def _why_set_aside(finding: Finding) -> str:
    if finding.polarity != "affirmed":
        return finding.polarity
    if finding.cue is not None:
        return finding.cue.kind.replace("_", " ")
    return "set aside"


def _transcript(call: Call, findings: Sequence[Finding]) -> Table:
    table = columns(count=3)
    for number, utterance in enumerate(call.utterances):
        here = _within(number, len(utterance.text), findings)
        speaker = utterance.speaker.replace("_", "-")
        table.add_row(
            Text(speaker, _QUIET), Text(clock(call.shown_time(utterance.start)), _QUIET), marked(utterance.text, here)
        )
    return table


def _within(utterance: int, length: int, findings: Iterable[Finding]) -> list[tuple[int, int, Finding]]:
    """Return the findings that touch an utterance of that length, each with its span there."""
    return [
        (
            finding.start if utterance == finding.utterance else 0,
            finding.end if utterance == finding.end_utterance else length,
            finding,
        )
        for finding in findings
        if finding.utterance <= utterance <= finding.end_utterance
    ]


def _suggestion(assessment: Assessment) -> Text:
    """Return what is suggested, in a line."""
    suggested, current = assessment.suggested_code, assessment.current_code
    if suggested is None:
        stays = "no other code" if current is None else f"no more urgent code than {current}"
        return Text(f"{stays} ({assessment.code_system})")
    instead = "" if current is None else f" instead of {current}"
    return Text.assemble((suggested, "bold"), f"{instead} ({assessment.code_system}); a person decides")


_SPEAKER_WIDTH: Final = 11


class LiveView:
    """Prints each utterance with what it changed; marked as in ``CallView``."""

    def __init__(self, ruleset: Ruleset) -> None:
        self._reasons = ruleset.reasons
        self._title = f"{ruleset.id} {ruleset.version}, {ruleset.status}"
        self._screen = Screen()
        self._number = 0

    def open(self, call_id: str) -> None:
        """Print a call's heading."""
        self._number = 0
        self._screen.show(Text.assemble((legible(call_id), "bold"), f"  {self._title}"))

    def show(self, update: events.Update, said: Utterance) -> None:
        """Print what was said, and what that changed."""
        ended = (finding for finding in update.assessment.findings if finding.end_utterance == self._number)
        here = _within(self._number, len(said.text), ended)
        self._number += 1
        speaker = said.speaker.replace("_", "-").ljust(_SPEAKER_WIDTH)
        self._screen.show(Text.assemble((f"{clock(said.time):>6}  {speaker}", "dim"), marked(said.text, here)))
        for event in update.events:
            line = _line(event)
            if line is not None:
                self._screen.show(line, indent=2 + 6 + _SPEAKER_WIDTH)

    def close(self, assessment: Assessment) -> None:
        """Print the suggestion at the end of the call."""
        table, title = _conclusion(assessment, self._reasons), "flagged" if assessment.flagged else "not flagged"
        self._screen.show(Panel(table, title=title, title_align="left"))


def _line(event: events.Event) -> Text | None:
    match event:
        case events.FindingAdded(finding):
            return None if finding.counts and not finding.cue else _found("set aside", finding.rule, event.reason)
        case events.FindingReread(_, finding):
            return _found("counts" if finding.counts else "set aside", finding.rule, event.reason)
        case events.FindingWithdrawn(finding):
            return _found("gone", finding.rule, event.reason)
        case events.Flagged():
            return Text(f"flagged: {', '.join(event.policies)}", style="bold red")
        case events.SuggestionRaised(code):
            return Text(f"suggested: {code}; a person decides", style="bold red")
        case events.SuggestionSuperseded(code):
            return Text(f"no longer suggested: {code}: {event.reason}", style="bold yellow")
        case events.AdviceChanged(given) if given:
            return Text(f"consider: {', '.join(given)}", style="yellow")
        case _:
            return None


def _found(what: str, rule: str, reason: str) -> Text:
    return Text(f"{what}: {rule}: {reason}", style="yellow")
