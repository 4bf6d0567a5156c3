"""Evaluate files of calls into a file of results, in several processes, and go on after a crash."""

from __future__ import annotations

import time
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Final, NamedTuple

from triage_triggers.archive.checkpoint import Checkpoint, Run, read_checkpoint, write_checkpoint
from triage_triggers.archive.chunks import START, cut
from triage_triggers.archive.journal import Journal
from triage_triggers.archive.output import JsonLines, format_of
from triage_triggers.archive.pool import in_order
from triage_triggers.archive.work import Totals, Work
from triage_triggers.calls.reading import STDIN, CallPath, ReadingOptions
from triage_triggers.errors import ResumeError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from triage_triggers.archive.work import Outcome
    from triage_triggers.evaluator import Evaluator

__all__ = ["evaluate_files", "json_lines"]

_SECONDS_BETWEEN_CHECKPOINTS: Final = 2.0


def _tell_nobody(outcome: Outcome, totals: Totals) -> None:
    """Do nothing about a chunk done."""


def json_lines(
    evaluator: Evaluator,
    paths: Iterable[CallPath],
    *,
    workers: int = 1,
    options: ReadingOptions = ReadingOptions(),  # noqa: B008  frozen
    current_code: str | None = None,
    with_text: bool = False,
    stdin: BinaryIO | None = None,
) -> Iterator[Outcome]:
    """Evaluate files of calls; yield the results of each chunk in order, as lines of JSON.

    Args:
        evaluator: The evaluator.
        paths: Files as ``read_calls`` takes them.
        workers: How many processes; each compiles the ruleset once.
        options: What is known of the files beforehand, as ``read_calls`` takes it.
        current_code: The code of calls that don't give their own.
        with_text: Quote the words of each finding.
        stdin: What ``"-"`` reads.

    Raises:
        WorkerError: A process was lost.
    """
    work = Work(evaluator, JsonLines(with_text=with_text), current_code)
    return in_order(work.prepare, cut(paths, options=options, stdin=stdin), workers=workers)


def evaluate_files(
    evaluator: Evaluator,
    paths: Sequence[CallPath],
    output: str | Path,
    *,
    workers: int = 1,
    resume: bool = False,
    options: ReadingOptions = ReadingOptions(),  # noqa: B008  frozen
    current_code: str | None = None,
    with_text: bool = False,
    on_outcome: Callable[[Outcome, Totals], object] = _tell_nobody,
    seconds_between_checkpoints: float = _SECONDS_BETWEEN_CHECKPOINTS,
) -> Totals:
    """Evaluate files of calls into ``output``, which appears when all of it is there.

    Until then the results are in ``OUTPUT.partial`` and, every two seconds, how far they go in ``OUTPUT.checkpoint``.
    After a crash, or ``kill -9``, the same call with ``resume`` goes on from there: no call is lost or repeated. Calls
    that can't be evaluated are listed in ``OUTPUT.errors``, a line each, which is there only if there are any.

    Args:
        evaluator: The evaluator.
        paths: Files as ``read_calls`` takes them. Standard input can't be gone on with, so it may not be among them.
        output: Ends in ``.jsonl``, or in ``.parquet`` with the extra ``arrow``.
        workers: How many processes; each compiles the ruleset once.
        resume: Go on with results that were begun; begin them where there are none.
        options: What is known of the files beforehand, as ``read_calls`` takes it.
        current_code: The code of calls that don't give their own.
        with_text: Quote the words of each finding.
        on_outcome: Told of every chunk done, and of the totals so far.
        seconds_between_checkpoints: How much work a crash may cost.

    Returns:
        The totals, those from before a crash included.

    Raises:
        ResumeError: Results are there already, or can't be gone on with, or ``output`` is of no known kind.
        MissingExtraError: ``output`` is Parquet, and Arrow is not installed.
        WorkerError: A process was lost; go on with ``resume``.
        OSError: A file can't be read or written.
    """
    for path in paths:
        if path == STDIN or Path(path).is_fifo():
            raise ResumeError(f"{path}: a pipe can be read only once, so no run could go on with it; save it in a file")
    form = format_of(Path(output), with_text=with_text)
    files = _Files.beside(Path(output))
    run = Run.of(evaluator, paths, options, current_code=current_code, with_text=with_text)
    checkpoint = files.checkpoint_for(run, resume=resume)
    if checkpoint.done and not files.partial.exists() and files.output.exists():
        files.tidy()  # the crash came after the last step but one
        return checkpoint.totals
    if checkpoint.position == START:
        write_checkpoint(files.checkpoint, checkpoint)
    work = Work(evaluator, form, current_code)
    outcomes = (
        iter(())
        if checkpoint.done
        else in_order(work.prepare, cut(paths, checkpoint.position, options=options), workers=workers)
    )
    with closing(_Book(files, checkpoint, form.head())) as book:
        due = time.monotonic() + seconds_between_checkpoints
        for outcome in outcomes:
            on_outcome(outcome, book.enter(outcome))
            if time.monotonic() >= due:
                book.save()
                due = time.monotonic() + seconds_between_checkpoints
        totals = book.save(done=True)
    form.finish(files.partial, files.output)
    files.tidy()
    return totals


class _Files(NamedTuple):
    """The results and what stands beside them until they are whole."""

    output: Path
    partial: Path
    errors: Path
    checkpoint: Path

    @classmethod
    def beside(cls, output: Path) -> _Files:
        return cls(output, *(output.with_name(f"{output.name}.{kind}") for kind in ("partial", "errors", "checkpoint")))

    def checkpoint_for(self, run: Run, *, resume: bool) -> Checkpoint:
        """Return where to begin; refuse to overwrite anything."""
        if not self.checkpoint.exists():
            for path in (self.output, self.partial, self.errors):
                if path.exists():
                    raise ResumeError(f"{path}: this file is there already; move it away, or name another output")
            return Checkpoint(run)
        if not resume:
            raise ResumeError(
                f"{self.output}: these results were begun and not finished; go on with them (--resume), or delete "
                f"{self.checkpoint.name}, {self.partial.name} and {self.errors.name}"
            )
        checkpoint = read_checkpoint(self.checkpoint)
        if differences := run.differences(checkpoint.run):
            raise ResumeError(
                f"{self.output}: these results were begun otherwise, and would be mixed. Not the same: "
                f"{'; '.join(differences)}"
            )
        if self.output.exists() and not checkpoint.done:
            raise ResumeError(f"{self.output}: this file is in the way of the results; move it away")
        return checkpoint

    def tidy(self) -> None:
        if self.errors.exists() and not self.errors.stat().st_size:
            self.errors.unlink()
        self.checkpoint.unlink()


class _Book:
    """Where results and errors are entered, and from time to time how much of them is safely on the disk."""

    def __init__(self, files: _Files, checkpoint: Checkpoint, head: bytes) -> None:
        self._path, self._checkpoint = files.checkpoint, checkpoint
        with ExitStack() as stack:
            self._results = stack.enter_context(closing(Journal(files.partial, checkpoint.results)))
            self._errors = stack.enter_context(closing(Journal(files.errors, checkpoint.errors)))
            self._open = stack.pop_all()
        if not checkpoint.results:
            self._results.append(head)

    def enter(self, outcome: Outcome) -> Totals:
        self._results.append(outcome.data)
        self._errors.append("".join(f"{error}\n" for error in outcome.errors).encode(errors="backslashreplace"))
        totals = self._checkpoint.totals.plus(outcome.totals)
        self._checkpoint = replace(self._checkpoint, position=outcome.after, totals=totals)
        return totals

    def save(self, *, done: bool = False) -> Totals:
        results, errors = self._results.sync(), self._errors.sync()
        self._checkpoint = replace(self._checkpoint, results=results, errors=errors, done=done or self._checkpoint.done)
        write_checkpoint(self._path, self._checkpoint)
        return self._checkpoint.totals

    def close(self) -> None:
        self._open.close()
