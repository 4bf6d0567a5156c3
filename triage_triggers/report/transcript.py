"""A call's transcript, line by line, with its findings and their cues marked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from triage_triggers.report.marking import Mark, mark_text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from triage_triggers.assessment import Finding
    from triage_triggers.calls.call import Call
    from triage_triggers.report.marking import MarkedRun, WordsShown

__all__ = ["TranscriptLine", "clock", "lay_out", "why_set_aside"]

_HOUR: Final = 3600


class TranscriptLine(NamedTuple):
    """One utterance. ``number`` counts from 1, as readers do; ``clock`` is empty where the call has no times.

    ``length`` is the text's, in code points; ``runs`` are empty on a page without text.
    """

    number: int
    speaker: str
    clock: str
    length: int
    runs: tuple[MarkedRun, ...]


def lay_out(
    call: Call, findings: Sequence[Finding], *, words: WordsShown = "full", anchor: str = ""
) -> tuple[TranscriptLine, ...]:
    """Return a call's lines. Findings are numbered from 1 in their own order; each cue is labelled with its finding's.

    Args:
        call: The call.
        findings: What was found in it.
        words: How much of what was said is shown.
        anchor: Where given, marks link to the element with the id ``f"{anchor}-{number of the finding}"``.

    >>> from triage_triggers import Call, Evaluator, load_ruleset
    >>> call = Call.from_text("My husband had his hands round my throat.")
    >>> (line,) = lay_out(call, Evaluator(load_ruleset("uk-ambulance")).evaluate(call).findings[:1])
    >>> [mark.label for run in line.runs for mark in run.ending]
    ['1 counted: strangulation']
    """
    marks: dict[int, list[Mark]] = {}
    for utterance, mark in _marks(call, findings, anchor):
        marks.setdefault(utterance, []).append(mark)
    return tuple(
        TranscriptLine(
            number + 1,
            utterance.speaker.replace("_", "-"),
            clock(call.shown_time(utterance.start)),
            len(utterance.text),
            () if words == "none" else mark_text(utterance.text, marks.get(number, ()), words),
        )
        for number, utterance in enumerate(call.utterances)
    )


def _marks(call: Call, findings: Sequence[Finding], anchor: str) -> Iterator[tuple[int, Mark]]:
    for number, finding in enumerate(findings, start=1):
        target = f"{anchor}-{number}" if anchor else None
        theme = finding.theme.replace("_", " ")
        said = f"counted: {theme}" if finding.counts else f"set aside ({why_set_aside(finding)}): {theme}"
        for at in range(finding.utterance, finding.end_utterance + 1):
            start = finding.start if at == finding.utterance else 0
            end = finding.end if at == finding.end_utterance else len(call.utterances[at].text)
            yield at, Mark(start, end, "counted" if finding.counts else "set_aside", f"{number} {said}", target)
        if finding.cue is not None:
            cue = finding.cue
            yield cue.utterance, Mark(cue.start, cue.end, "cue", f"cue of {number}: {_name(cue.kind)}", target)


def why_set_aside(finding: Finding) -> str:
    """Return in a word or two why a finding does not count: "negated", or its cue's kind."""
    if finding.polarity != "affirmed":
        return finding.polarity
    return "another speaker" if finding.cue is None else _name(finding.cue.kind)


def clock(seconds: float | None) -> str:
    """Return seconds from the start of a call as minutes and seconds, empty where unknown.

    >>> clock(3661.5), clock(75.0), clock(None)
    ('1:01:01', '01:15', '')
    """
    if seconds is None:
        return ""
    sign, whole = "-" if seconds < 0 else "", int(abs(seconds))
    hours = f"{whole // _HOUR}:" if whole >= _HOUR else ""
    return f"{sign}{hours}{whole % _HOUR // 60:02}:{whole % 60:02}"


def _name(kind: str) -> str:
    return kind.replace("_", " ")
