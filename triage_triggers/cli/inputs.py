"""The arguments that several commands share, and what they name."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import typer

from triage_triggers.calls.columns import Columns
from triage_triggers.calls.formats import FORMATS
from triage_triggers.calls.reading import read_calls
from triage_triggers.calls.source import ReadingOptions
from triage_triggers.calls.speakers import SpeakerNames
from triage_triggers.cli.say import say
from triage_triggers.documents.catalogue import shipped_rulesets
from triage_triggers.errors import CallError
from triage_triggers.evaluator import Evaluator
from triage_triggers.ladders.ladder import load_ladder, shipped_ladders
from triage_triggers.ruleset.loading import load_ruleset

if TYPE_CHECKING:
    from triage_triggers.calls.call import Call

__all__ = [
    "AllowWithdrawn",
    "CallFormat",
    "CallId",
    "CallPaths",
    "CodeSystem",
    "ColumnNames",
    "CurrentCode",
    "NameModel",
    "RulesetArgument",
    "RulesetOption",
    "SpeakerLabels",
    "choose_call",
    "complete_format",
    "complete_ladder",
    "complete_ruleset",
    "open_evaluator",
    "reading_options",
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
        help="Files: .jsonl, .csv, .tsv or .parquet with many calls; .txt, .vtt, .srt or a recogniser's .json with one."
        " '-' is standard input. Formats: docs/transcripts.md.",
    ),
]
CallFormat: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--format",
        metavar="NAME",
        autocompletion=complete_format,
        help=f"Read the calls as this format instead of recognising it: {', '.join(FORMATS)}.",
    ),
]
SpeakerLabels: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--speaker",
        metavar="LABEL=SPEAKER",
        help="Whose a label in the file is, such as 'spk_0=call_taker'; once for each label. Speakers: caller,"
        " call_taker, other, unknown.",
    ),
]
ColumnNames: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        metavar="FIELD=COLUMN",
        help="Which column of a table holds a field, such as 'text=Transcript'; once for each. Fields: call_id, text,"
        " speaker, start, end, current_code, code_system.",
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


def open_evaluator(ruleset: str, code_system: str | None, *, allow_withdrawn: bool, lazy: bool = False) -> Evaluator:
    """Load a ruleset, with another ladder where one is named, and compile it; ``lazy`` as for ``Evaluator``.

    Raises:
        TriageTriggersError: One of them can't be found, has faults or may not be used.
    """
    ladder = None if code_system is None else load_ladder(code_system)
    return Evaluator(load_ruleset(ruleset, allow_withdrawn=allow_withdrawn), ladder=ladder, lazy=lazy)


def reading_options(call_format: str | None, speakers: list[str] | None, columns: list[str] | None) -> ReadingOptions:
    """Return what ``--format``, ``--speaker`` and ``--column`` say of the files of calls.

    Raises:
        CallError: One of them is not written as it should be.
    """
    return ReadingOptions(call_format, SpeakerNames.parse(speakers or ()), Columns.parse(columns or ()))


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
