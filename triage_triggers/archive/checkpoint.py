"""How far a run has come, in a small file beside its results, so that it can go on after a crash."""

from __future__ import annotations

import hashlib
import json
import pickle
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from triage_triggers.archive.chunks import START, Position
from triage_triggers.archive.journal import write_whole
from triage_triggers.archive.work import Totals
from triage_triggers.errors import ResumeError
from triage_triggers.ruleset.digest import ruleset_digest
from triage_triggers.version import __version__

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triage_triggers.calls.reading import CallPath, ReadingOptions
    from triage_triggers.evaluator import Evaluator

__all__ = ["Checkpoint", "Run", "read_checkpoint", "write_checkpoint"]

_FORMAT: Final = 1
_PICKLE_PROTOCOL: Final = 4


@dataclass(frozen=True, slots=True)
class Run:
    """What makes two runs the same: going on with another ruleset or other calls would mix results."""

    engine: str
    ruleset: str
    ladder: str
    reading: str
    current_code: str | None
    with_text: bool
    inputs: tuple[tuple[str, int, int], ...]
    """Path, bytes and time of the last change, in nanoseconds, of every file."""

    @classmethod
    def of(
        cls,
        evaluator: Evaluator,
        paths: Sequence[CallPath],
        options: ReadingOptions,
        *,
        current_code: str | None,
        with_text: bool,
    ) -> Run:
        """Describe a run.

        Raises:
            OSError: A file is not there.
        """
        stats = [(str(path), Path(path).stat()) for path in paths]
        return cls(
            engine=__version__,
            ruleset=ruleset_digest(evaluator.ruleset),
            ladder=evaluator.ladder.digest,
            reading=hashlib.sha256(pickle.dumps(options, _PICKLE_PROTOCOL)).hexdigest(),
            current_code=current_code,
            with_text=with_text,
            inputs=tuple((path, found.st_size, found.st_mtime_ns) for path, found in stats),
        )

    def differences(self, other: Run) -> list[str]:
        """Return in words what is not the same."""
        names = {
            "engine": "the version of triage-triggers",
            "ruleset": "the ruleset",
            "ladder": "the code system",
            "reading": "--format, --speaker or --column",
            "current_code": "--current-code",
            "with_text": "--with-text",
            "inputs": "the files of calls, or what is in them",
        }
        return [words for name, words in names.items() if getattr(self, name) != getattr(other, name)]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A run, where reading goes on, how many bytes of results and of errors stand, and what they add up to."""

    run: Run
    position: Position = START
    results: int = 0
    errors: int = 0
    totals: Totals = field(default_factory=Totals)
    done: bool = False


def write_checkpoint(path: Path, checkpoint: Checkpoint) -> None:
    """Put a checkpoint in the place of the last one."""
    write_whole(path, (json.dumps({"format": _FORMAT, **asdict(checkpoint)}, indent=1) + "\n").encode())


def read_checkpoint(path: Path) -> Checkpoint:
    """Return the checkpoint in a file.

    Raises:
        ResumeError: The file holds none that this version can read.
        OSError: It is not there.
    """
    try:
        data = _of_this_format(json.loads(path.read_bytes()))
        run = data.pop("run")
        inputs = tuple((str(name), int(size), int(changed)) for name, size, changed in run.pop("inputs"))
        return Checkpoint(
            run=Run(**run, inputs=inputs),
            position=Position(*data.pop("position")),
            totals=Totals(*data.pop("totals")),
            **data,
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        raise ResumeError(f"{path}: this is no checkpoint that triage-triggers can go on from; delete it") from None


def _of_this_format(data: dict[str, Any]) -> dict[str, Any]:
    if data.pop("format") != _FORMAT:
        raise ValueError
    return data
