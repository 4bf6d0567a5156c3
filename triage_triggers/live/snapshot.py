"""An open call as plain JSON data, so that another process can take it up."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from triage_triggers.assessment import RulesetRef
from triage_triggers.calls.call import Utterance
from triage_triggers.engine.decision.verdict import Decision
from triage_triggers.errors import CallError, SnapshotError
from triage_triggers.live.update import ANSWERS, Response, RulesetMoved, Suggestion
from triage_triggers.version import __version__

if TYPE_CHECKING:
    from collections.abc import Mapping

    from triage_triggers.engine.engine import Engine

__all__ = ["ReadWith", "Snapshot"]

FORMAT: Final = 1


class ReadWith(NamedTuple):
    """Everything that decides how a call is read: what a snapshot must have in common with who takes it up."""

    ruleset: RulesetRef
    ladder: str
    lexicon: str
    engine: str

    @classmethod
    def of(cls, engine: Engine) -> ReadWith:
        """Return what an engine reads calls with."""
        lexicon = f"{engine.lexicon.version} sha256:{engine.lexicon.digest}"
        return cls(engine.reference, f"{engine.ladder.id} {engine.ladder.digest}", lexicon, __version__)


class Snapshot(NamedTuple):
    """All that is kept of an open call: what was said and shown. What was found is found again."""

    call_id: str
    current_code: str | None
    code_system: str | None
    read_with: ReadWith
    utterances: list[Utterance]
    ids: list[int | str]
    suggestions: list[Suggestion]
    moves: list[RulesetMoved]
    updates: int
    shown: Decision
    responses: list[Response]

    def to_dict(self) -> dict[str, object]:
        """Return the snapshot as plain JSON data."""
        shown = self.shown._replace(tally=None)._asdict()
        return {
            "format": FORMAT,
            "call_id": self.call_id,
            "current_code": self.current_code,
            "code_system": self.code_system,
            "read_with": {**self.read_with._asdict(), "ruleset": self.read_with.ruleset._asdict()},
            "utterances": [{"id": name} | asdict(said) for name, said in zip(self.ids, self.utterances, strict=True)],
            "suggestions": [{**kept._asdict(), "policies": list(kept.policies)} for kept in self.suggestions],
            "responses": [response._asdict() for response in self.responses],
            "ruleset_moves": [
                {"before": moved.before._asdict(), "ruleset": moved.ruleset._asdict(), "reason": moved.reason}
                for moved in self.moves
            ],
            "updates": self.updates,
            "shown": {name: list(kept) if isinstance(kept, tuple) else kept for name, kept in shown.items()},
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, object]) -> Snapshot:
        """Read a snapshot back."""
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise SnapshotError(f"this is no snapshot of an open call in format {FORMAT}")
        kept: dict[str, Any] = data
        part = "read_with"
        try:
            read_with = ReadWith(**{**kept[part], "ruleset": RulesetRef(**kept[part]["ruleset"])})
            _expect(all(isinstance(text, str) for text in (*read_with.ruleset, *read_with[1:])))
            part = "utterances"
            utterances = [Utterance(row["text"], row["speaker"], row["start"], row["end"]) for row in kept[part]]
            ids: list[int | str] = [row["id"] for row in kept[part]]
            _expect(len(set(ids)) == len(ids) and all(type(name) in {int, str} for name in ids))
            part = "suggestions"
            suggestions = [Suggestion(**{**row, "policies": tuple(row["policies"])}) for row in kept[part]]
            part = "responses"
            responses = [Response(**row) for row in kept.get(part, [])]  # snapshots of 0.2 and before have none
            _expect(all(0 <= one.suggestion < len(suggestions) and one.answer in ANSWERS for one in responses))
            part = "ruleset_moves"
            moves = [
                RulesetMoved(RulesetRef(**row["before"]), RulesetRef(**row["ruleset"]), row["reason"])
                for row in kept[part]
            ]
            part = "shown"
            lists = {name: tuple(kept[part][name]) for name in ("advice", "policies", "then")}
            shown = Decision(**{**kept[part], **lists})
            _expect(shown.suggested_code is None or bool(suggestions))
            part = "updates"
            updates = kept[part]
            _expect(type(updates) is int)
            part = "call_id"
            call_id, code, system = kept["call_id"], kept["current_code"], kept["code_system"]
            _expect(isinstance(call_id, str))
        except (KeyError, TypeError, ValueError, CallError) as error:
            raise SnapshotError(f"this snapshot's '{part}' can't be read; was it changed, or cut short?") from error
        return cls(call_id, code, system, read_with, utterances, ids, suggestions, moves, updates, shown, responses)

    def moved_to(self, engine: Engine, *, reevaluate: bool) -> list[RulesetMoved]:
        """Return the change, if any, from what the call was read with to what takes it up."""
        before, after = self.read_with, ReadWith.of(engine)
        differing = [name for name in ReadWith._fields if getattr(before, name) != getattr(after, name)]
        if not differing:
            return []
        if not reevaluate:
            raise SnapshotError(
                f"the call was read with another {' and '.join(differing)}: ruleset {_named(before.ruleset)}, here "
                f"{_named(after.ruleset)}; resume it with the same, or pass reevaluate=True to read it anew"
            )
        reason = f"taken up with another {' and '.join(differing)}"
        return [RulesetMoved(before.ruleset, after.ruleset, reason)]


def _named(ruleset: RulesetRef) -> str:
    return f"{ruleset.id} {ruleset.version} ({ruleset.digest[:19]})"


def _expect(right: bool) -> None:  # noqa: FBT001  the one argument is what is expected
    if not right:
        raise ValueError
