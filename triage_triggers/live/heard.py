"""What has been found in an open call so far, in order, kept so that an earlier state costs nothing to remember."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from triage_triggers.assessment import Cue
from triage_triggers.engine.heard import Heard, held_back

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from triage_triggers.assessment import Finding
    from triage_triggers.engine.decision.gate import Verdict
    from triage_triggers.live.transcript import Stretch

__all__ = ["Entry", "entries", "findings", "placed", "pushed"]


class Entry(NamedTuple):
    """A finding, on top of all that begin before it. Entries never change, so whoever holds one holds all below it.

    ``furthest`` is the offset that nothing up to here reaches beyond. ``first`` and ``first_asked`` are where the first
    finding, and the first in a question, of the same turn begin; ``earlier`` is the last entry of the turns before.
    """

    heard: Heard
    below: Entry | None
    turn: int
    furthest: int
    first: int
    first_asked: int | None
    earlier: Entry | None


def pushed(heard: Heard, below: Entry | None, turn: int) -> Entry:
    """Return an entry for what was heard in a turn, on top of another."""
    asked = heard.start if heard.asked else None
    if below is None:
        return Entry(heard, None, turn, heard.end, heard.start, asked, None)
    furthest = max(heard.end, below.furthest)
    if below.turn != turn:
        return Entry(heard, below, turn, furthest, heard.start, asked, below)
    first_asked = asked if below.first_asked is None else below.first_asked
    return Entry(heard, below, turn, furthest, below.first, first_asked, below.earlier)


def entries(top: Entry | None) -> Iterator[Entry]:
    """Yield an entry and those below it, the last one first."""
    while top is not None:
        yield top
        top = top.below


def findings(top: Entry | None, verdicts: Mapping[str, Verdict]) -> tuple[Finding, ...]:
    """Return the findings of an entry and those below it, in order, as the gates leave them."""
    return tuple([held_back(entry.heard, verdicts)[0] for entry in entries(top)][::-1])


def placed(heard: Heard, stretch: Stretch) -> Heard:
    """Return what was heard in a stretch with its offsets in the whole call."""
    if stretch.offset == 0:
        return heard
    finding, evidence, cue = heard.finding, heard.evidence, heard.finding.cue
    first, offset = stretch.utterance, stretch.offset

    def skipped(utterance: int) -> int:
        return 0 if utterance else stretch.skip

    if cue is not None:
        by = skipped(cue.utterance)
        cue = Cue(cue.kind, cue.utterance + first, cue.start + by, cue.end + by)
    moved = finding._replace(
        utterance=finding.utterance + first,
        start=finding.start + skipped(finding.utterance),
        end=finding.end + skipped(finding.end_utterance),
        end_utterance=finding.end_utterance + first,
        cue=cue,
    )
    if evidence is not None:
        evidence = evidence._replace(position=evidence.position + offset, turn=evidence.turn + first)
    return Heard(heard.start + offset, heard.end + offset, heard.owner, moved, evidence, heard.asked)
