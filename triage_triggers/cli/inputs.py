"""The arguments that several commands share, and what they name."""

from __future__ import annotations

import inspect
import logging
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final, TypeAlias

import typer

from triage_triggers.calls.columns import Columns
from triage_triggers.calls.formats import FORMATS
from triage_triggers.calls.reading import read_calls
from triage_triggers.calls.source import NOTES, ReadingOptions
from triage_triggers.calls.speakers import SpeakerNames
from triage_triggers.cli.say import say
from triage_triggers.documents.catalogue import shipped_rulesets
from triage_triggers.errors import CallError
from triage_triggers.evaluator import Evaluator
from triage_triggers.ladders.ladder import load_ladder, shipped_ladders
from triage_triggers.ruleset.loading import load_ruleset

if TYPE_CHECKING:
    from collections.abc import Callable

    from triage_triggers.calls.call import Call

__all__ = [
    "AllowWithdrawn",
    "CallId",
    "CallPaths",
    "CodeSystem",
    "CurrentCode",
    "NameModel",
    "ReadingOptions",
    "RulesetArgument",
    "RulesetOption",
    "choose_call",
    "complete_format",
    "complete_ladder",
    "complete_ruleset",
    "open_evaluator",
    "reading_options",
    "reads_calls",
]


_DEFAULTS: Final = ReadingOptions()


def complete_ruleset(incomplete: str) -> list[str]:
    """Offer the shipped rulesets to the shell, and files and folders here that look like rulesets."""
    here = [str(path) for path in Path().glob(f"{incomplete}*") if path.is_dir() or path.suffix in {".yaml", ".yml"}]
    return [name for name in shipped_rulesets() if name.startswith(incomplete)] + here


def complete_ladder(incomplete: str) -> list[str]:
    """Offer the shipped code ladders to the shell."""
    return [name for name in shipped_ladders() if name.startswith(incomplete)]


def complete_format(incomplete: str) -> list[str]:
    """Offer the formats of calls to the shell."""
    return [name for name in FORMATS if name.startswith(incomplete)]


CallPaths: TypeAlias = Annotated[
    list[str],
    typer.Argument(
        metavar="CALLS",
        help="Files, or folders of them: .jsonl, .csv, .xlsx or .parquet with many calls; .txt, .docx, .vtt, .srt or a"
        " recogniser's .json with one. '-' is standard input. Formats: docs/transcripts.md.",
    ),
]
_Format: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="NAME",
        autocompletion=complete_format,
        help=f"Read the calls as this format instead of recognising it: {', '.join(FORMATS)}.",
    ),
]
_Speakers: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--speaker",
        "--speakers",
        metavar="LABEL=SPEAKER",
        help="Whose a label in the file is, such as 'spk_0=call_taker'; once for each label, or with commas between"
        " them. Speakers: caller, call_taker, other, unknown.",
    ),
]
_Columns: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        metavar="FIELD=COLUMN",
        help="Which column of a table holds a field, such as 'text=Transcript'; once for each. Fields: call_id, text,"
        " speaker, start, end, current_code, code_system.",
    ),
]
_CallIdColumn: TypeAlias = Annotated[
    str | None,
    typer.Option("--call-id", metavar="COLUMN", help="Which column tells a table's calls apart: --column call_id=…"),
]
_Encoding: TypeAlias = Annotated[
    str | None,
    typer.Option("--encoding", metavar="NAME", help="How text is written that is not Unicode, such as cp1252."),
]
_OneCall: TypeAlias = Annotated[
    bool | None,
    typer.Option("--one-call/--call-a-row", help="What the rows of a table are that names no calls."),
]
_Sheet: TypeAlias = Annotated[
    str | None, typer.Option("--sheet", metavar="NAME", help="Which sheet of an .xlsx workbook holds the calls.")
]
_Guess: TypeAlias = Annotated[
    bool,
    typer.Option(
        "--guess/--no-guess",
        help="Of two speakers whom nothing maps, take the one who asks the questions for the call-taker, and say so.",
    ),
]
RulesetArgument: TypeAlias = Annotated[
    str,
    typer.Argument(
        metavar="RULESET", autocompletion=complete_ruleset, help="A shipped id, or the path of a file or folder."
    ),
]
RulesetOption: TypeAlias = Annotated[
    str,
    typer.Option(
        "--ruleset",
        "-r",
        metavar="ID|PATH",
        autocompletion=complete_ruleset,
        help="What to look for: a shipped ruleset's id, or the path of a file or folder.",
    ),
]
NameModel: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--names",
        metavar="PIPELINE",
        help="Also find names with this spaCy pipeline, such as en_core_web_sm; needs the extra 'names'.",
    ),
]
CurrentCode: TypeAlias = Annotated[
    str | None,
    typer.Option("--current-code", "-c", metavar="CODE", help="The code of calls that don't give their own."),
]
CodeSystem: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--code-system",
        metavar="ID|PATH",
        autocompletion=complete_ladder,
        help="A code ladder or determinant table to use in place of the ruleset's shipped one.",
    ),
]
AllowWithdrawn: TypeAlias = Annotated[
    bool,
    typer.Option("--allow-withdrawn", help="Use a ruleset that is withdrawn or whose approval has expired."),
]
CallId: TypeAlias = Annotated[
    str | None, typer.Option("--call-id", metavar="ID", help="Which call, where the file holds several.")
]


def open_evaluator(ruleset: str, code_system: str | None, *, allow_withdrawn: bool) -> Evaluator:
    """Load a ruleset, with another ladder where one is named, and make it ready.

    Raises:
        TriageTriggersError: One of them can't be found, has faults or may not be used.
    """
    ladder = None if code_system is None else load_ladder(code_system)
    return Evaluator(load_ruleset(ruleset, allow_withdrawn=allow_withdrawn), ladder=ladder)


def reading_options(
    *,
    call_format: _Format = None,
    speaker: _Speakers = None,
    column: _Columns = None,
    call_id: _CallIdColumn = None,
    encoding: _Encoding = None,
    one_call: _OneCall = None,
    sheet: _Sheet = None,
    guess: _Guess = True,
) -> ReadingOptions:
    """Return what the options of the command line say of the files of calls.

    Raises:
        CallError: One of them is not written as it should be.
    """
    columns = [*(column or ()), *([f"call_id={call_id}"] if call_id is not None else ())]
    for handler in [handler for handler in NOTES.handlers if isinstance(handler, _Echo)]:
        NOTES.removeHandler(handler)
    NOTES.addHandler(_Echo())
    return ReadingOptions(
        call_format,
        SpeakerNames.parse(speaker or ()),
        Columns.parse(columns),
        encoding=encoding,
        one_call=one_call,
        sheet=sheet,
        guess=guess,
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
            say(f"triage-triggers: {note}", err=True)


def reads_calls(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command the options that say how calls are read, in the place of its parameter ``options``.

    Its own ``call_id``, which chooses a call, comes before that which names a column.
    """
    given = inspect.signature(command, eval_str=True).parameters
    reading = {
        name: parameter.replace(kind=inspect.Parameter.KEYWORD_ONLY)
        for name, parameter in inspect.signature(reading_options, eval_str=True).parameters.items()
        if name not in given
    }

    @wraps(command)
    def run(**values: Any) -> None:
        options = reading_options(**{name: values.pop(name) for name in reading})
        command(**values, options=options)

    own = [parameter for name, parameter in given.items() if name != "options"]
    parameters = [*own, *reading.values()]
    run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters}
    return run


def choose_call(path: str, call_id: str | None, options: ReadingOptions = _DEFAULTS) -> Call:
    """Return the only call in a file, or the first one of an id.

    Raises:
        CallError: There is none, or several and no id; or the file can't be read.
    """
    found: Call | None = None
    for item in read_calls(path, options=options):
        if isinstance(item, CallError):
            if call_id is None:
                raise item
            say(f"triage-triggers: {item}", err=True)
        elif call_id is None and found is not None:
            raise CallError(
                f"{path} holds several calls; choose one with --call-id, for example --call-id {found.call_id!r}"
            )
        elif call_id in {None, item.call_id}:
            found = item
            if call_id is not None:
                break
    if found is None:
        raise CallError(f"{path} holds no call" + (f" with the id {call_id!r}" if call_id is not None else ""))
    return found
