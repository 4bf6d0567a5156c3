"""The options that several commands share, in groups, and what they name.

A command takes a group as one parameter; ``cli.app`` gives it the group's options in its place.
"""

from __future__ import annotations

import logging
from contextlib import contextmanager
from dataclasses import KW_ONLY, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

from typer import Argument, Option

from triage_triggers.calls.columns import Columns
from triage_triggers.calls.formats import FORMATS
from triage_triggers.calls.reading import check_readable, read_calls
from triage_triggers.calls.source import NOTES, ReadingOptions
from triage_triggers.calls.speakers import SpeakerNames
from triage_triggers.cli.say import complain
from triage_triggers.documents.catalogue import shipped_rulesets
from triage_triggers.errors import CallError
from triage_triggers.evaluator import Evaluator
from triage_triggers.ladders.ladder import load_ladder, shipped_ladders
from triage_triggers.ruleset.loading import load_ruleset

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from triage_triggers.calls.call import Call
    from triage_triggers.errors import TriageTriggersError
    from triage_triggers.ladders.ladder import Ladder

__all__ = [
    "AsJson",
    "Calls",
    "CodeSystem",
    "CurrentCode",
    "Intake",
    "LogOption",
    "OneCall",
    "Reading",
    "Rules",
    "RulesetArgument",
    "RulesetOption",
    "complete_ladder",
    "complete_ruleset",
    "recorded",
    "ruleset_argument",
    "ruleset_option",
]


def complete_ruleset(incomplete: str) -> list[str]:
    """Offer the shipped rulesets to the shell, and files and folders here that look like rulesets."""
    here = [str(path) for path in Path().glob(f"{incomplete}*") if path.is_dir() or path.suffix in {".yaml", ".yml"}]
    return [name for name in shipped_rulesets() if name.startswith(incomplete)] + here


def complete_ladder(incomplete: str) -> list[str]:
    """Offer the shipped code ladders to the shell."""
    return [name for name in shipped_ladders() if name.startswith(incomplete)]


def ruleset_argument(metavar: str, help_: str) -> Any:  # noqa: ANN401  as Typer has it
    """Describe an argument that is a ruleset."""
    return Argument(metavar=metavar, autocompletion=complete_ruleset, help=help_)


def ruleset_option(help_: str) -> Any:  # noqa: ANN401  the same
    """Describe an option that is a ruleset, or several."""
    return Option("--ruleset", "-r", metavar="ID|PATH", autocompletion=complete_ruleset, help=help_)


AsJson: TypeAlias = Annotated[bool, Option("--json", help="Print JSON, for other programs.")]
RulesetArgument: TypeAlias = Annotated[
    str, ruleset_argument("RULESET", "A shipped id, or the path of a file or folder.")
]
RulesetOption: TypeAlias = Annotated[
    str, ruleset_option("What to look for: a shipped ruleset's id, or the path of a file or folder.")
]
CurrentCode: TypeAlias = Annotated[
    str | None, Option("--current-code", "-c", metavar="CODE", help="The code of calls that don't give their own.")
]
CodeSystem: TypeAlias = Annotated[
    str | None,
    Option(
        "--code-system",
        metavar="ID|PATH",
        autocompletion=complete_ladder,
        help="A code ladder or determinant table to use in place of the ruleset's shipped one.",
    ),
]


LogOption: TypeAlias = Annotated[
    Path | None,
    Option(
        "--log",
        metavar="FILE",
        help="Record every decision in this decision log, which is made if it is not there, before it is printed. "
        "Nothing that was said is kept in it.",
    ),
]


@contextmanager
def recorded(evaluator: Evaluator, log: Path | None) -> Iterator[Evaluator]:
    """Give the evaluator, with a decision log turned on where one is named."""
    if log is None:
        yield evaluator
        return
    from triage_triggers.record.log import DecisionLog  # noqa: PLC0415  most runs keep no log

    with DecisionLog.open(log) as opened:
        yield opened.attach(evaluator)


@dataclass(frozen=True)
class Rules:
    """How rulesets are used: on which ladder, and whether they must be in force."""

    _: KW_ONLY
    code_system: CodeSystem = None
    allow_withdrawn: Annotated[
        bool, Option("--allow-withdrawn", help="Use a ruleset that is withdrawn or whose approval has expired.")
    ] = False

    @property
    def ladder(self) -> Ladder | None:
        """The ladder named, if there is one."""
        return None if self.code_system is None else load_ladder(self.code_system)

    def evaluator(self, ruleset: str) -> Evaluator:
        """Load a ruleset and make it ready."""
        ladder = self.ladder
        return Evaluator(load_ruleset(ruleset, allow_withdrawn=self.allow_withdrawn), ladder=ladder)


@dataclass(frozen=True)
class Reading:
    """How files of calls are to be read."""

    _: KW_ONLY
    call_format: Annotated[
        str | None,
        Option(
            "--format",
            metavar="NAME",
            autocompletion=lambda incomplete: [name for name in FORMATS if name.startswith(incomplete)],
            help=f"Read the calls as this format instead of recognising it: {', '.join(FORMATS)}.",
        ),
    ] = None
    speaker: Annotated[
        list[str] | None,
        Option(
            "--speaker",
            "--speakers",
            metavar="LABEL=SPEAKER",
            help="Whose a label in the file is, such as 'spk_0=call_taker'; once for each label, or with commas between"
            " them. Speakers: caller, call_taker, other, unknown.",
        ),
    ] = None
    column: Annotated[
        list[str] | None,
        Option(
            metavar="FIELD=COLUMN",
            help="Which column of a table holds a field, such as 'text=Transcript'; once for each. Fields: call_id,"
            " text, speaker, start, end, current_code, code_system.",
        ),
    ] = None
    encoding: Annotated[
        str | None, Option(metavar="NAME", help="How text is written that is not Unicode, such as cp1252.")
    ] = None
    one_call: Annotated[
        bool | None, Option("--one-call/--call-a-row", help="What the rows of a table are that names no calls.")
    ] = None
    sheet: Annotated[str | None, Option(metavar="NAME", help="Which sheet of an .xlsx workbook holds the calls.")] = (
        None
    )
    guess: Annotated[
        bool,
        Option(
            "--guess/--no-guess",
            help="Of two speakers whom nothing maps, take the one who asks the questions for the call-taker, and say"
            " so.",
        ),
    ] = True

    def options(self, call_id: str | None = None) -> ReadingOptions:
        """Return what the reader is to be told, and say from now on what it notes."""
        for handler in [handler for handler in NOTES.handlers if isinstance(handler, _Echo)]:
            NOTES.removeHandler(handler)
        NOTES.addHandler(_Echo())
        return ReadingOptions(
            self.call_format,
            SpeakerNames.parse(self.speaker or ()),
            Columns.parse([*(self.column or ()), *([f"call_id={call_id}"] if call_id is not None else ())]),
            encoding=self.encoding,
            one_call=self.one_call,
            sheet=self.sheet,
            guess=self.guess,
        )


class _Echo(logging.Handler):
    """Says on standard error what readers note, each thing once."""

    def __init__(self) -> None:
        super().__init__()
        self._said: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        note = record.getMessage()
        if note not in self._said:
            self._said.add(note)
            complain(note)


@dataclass(frozen=True)
class Calls:
    """Files of calls."""

    paths: Annotated[
        list[str],
        Argument(
            metavar="CALLS",
            help="Files, or folders of them: .jsonl, .csv, .xlsx or .parquet with many calls; .txt, .docx, .vtt, .srt"
            " or a recogniser's .json with one. '-' is standard input. Formats: docs/transcripts.md.",
        ),
    ]
    reading: Reading
    _: KW_ONLY
    call_id: Annotated[str | None, Option(metavar="COLUMN", help="Which column tells the calls of a table apart.")] = (
        None
    )

    def options(self) -> ReadingOptions:
        """Return how they are read, if they can be read at all."""
        options = self.reading.options(self.call_id)
        check_readable(self.paths, options)
        return options


@dataclass(frozen=True)
class OneCall:
    """A file, and which call of it."""

    call: Annotated[str, Argument(metavar="CALL", help="A file of calls, or '-' for standard input.")]
    reading: Reading
    _: KW_ONLY
    call_id: Annotated[str | None, Option(metavar="ID", help="Which call, where the file holds several.")] = None

    def options(self) -> ReadingOptions:
        """Return how it is read, if it can be read at all."""
        options = self.reading.options()
        check_readable([self.call], options)
        return options

    def chosen(self, options: ReadingOptions) -> Call:
        """Return the only call in the file, or the first one of the id."""
        found: Call | None = None
        for item in read_calls(self.call, options=options):
            if isinstance(item, CallError):
                if self.call_id is None:
                    raise item
                complain(item)
            elif item.call_id == self.call_id:
                return item
            elif self.call_id is None and found is not None:
                example = f"for example --call-id {found.call_id!r}"
                raise CallError(f"{self.call} holds several calls; choose one with --call-id, {example}")
            elif self.call_id is None:
                found = item
        if found is None:
            raise self.missing()
        return found

    def missing(self) -> CallError:
        """Return the error for a file without the call."""
        return CallError(f"{self.call} holds no call" + (f" with the id {self.call_id!r}" if self.call_id else ""))


class Intake:
    """Reads calls one by one; those that can't be used are named on standard error, and counted.

    ``number`` is how many were read, with those that could not be.
    """

    def __init__(self, paths: Sequence[str], options: ReadingOptions) -> None:
        self._paths, self._options = paths, options
        self.number = self.bad = 0

    def __iter__(self) -> Iterator[Call]:
        for call in read_calls(self._paths, options=self._options):
            self.number += 1
            if isinstance(call, CallError):
                self.fail(call)
            else:
                yield call

    def fail(self, error: TriageTriggersError, *, silent: bool = False) -> None:
        """Count a call that can't be used, and name it."""
        self.bad += 1
        if not silent:
            complain(error)

    @property
    def status(self) -> int:
        """The exit status: 0 all calls could be used, 1 some, 2 none."""
        return 0 if not self.bad else 1 if self.bad < self.number else 2
