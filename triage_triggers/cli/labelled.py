"""Labelled calls for the lab's commands: the options that say where labels and columns are, and reading by them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import typer

from triage_triggers.calls.call import SPEAKERS
from triage_triggers.calls.reading import ReadingOptions, check_readable, read_calls
from triage_triggers.cli.progress import progress_bar
from triage_triggers.cli.say import say
from triage_triggers.errors import CallError
from triage_triggers.lab.call_columns import ColumnFilter, column_value, missing_column
from triage_triggers.lab.labels import IGNORED, NEGATIVE, POSITIVE, LabelColumn
from triage_triggers.lab.tables import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from triage_triggers.calls.call import Call, Speaker
    from triage_triggers.evaluator import Evaluator
    from triage_triggers.lab.labels import Label
    from triage_triggers.lab.observation import Observation

__all__ = [
    "AsJson",
    "AsMarkdown",
    "CallsPerDay",
    "Html",
    "Ignored",
    "LabelName",
    "LabelledCalls",
    "Negative",
    "Positive",
    "SaidBy",
    "Where",
    "WithText",
    "chosen_speakers",
    "label_column",
]

LabelName: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--label",
        metavar="COLUMN",
        help="The column that says what a call is, by default 'label'; a dot reaches into nested ones: label.da",
    ),
]
Positive: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--positive", metavar="VALUES", help=f"Its values for domestic abuse; by default {','.join(POSITIVE)}"
    ),
]
Negative: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--negative",
        metavar="VALUES",
        help=f"Its values for everything else; by default {','.join(NEGATIVE)}; '*' is any other value.",
    ),
]
Ignored: TypeAlias = Annotated[
    str | None,
    typer.Option("--ignored", metavar="VALUES", help=f"Its values for not decided; by default {','.join(IGNORED)}"),
]
Where: TypeAlias = Annotated[
    list[str] | None,
    typer.Option("--where", metavar="COLUMN=VALUE", help="Only such calls; also COLUMN!=VALUE; may be given again."),
]
WithText: TypeAlias = Annotated[
    bool, typer.Option("--with-text", help="Show what was said. Without it nothing that was said appears.")
]
SaidBy: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--said-by",
        metavar="SPEAKER",
        help=f"Only what such speakers say: {', '.join(SPEAKERS)}; may be given again.",
    ),
]
AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print everything as one JSON object.")]
AsMarkdown: TypeAlias = Annotated[bool, typer.Option("--markdown", help="Print Markdown, fit for a pull request.")]
Html: TypeAlias = Annotated[
    Path | None, typer.Option("--html", metavar="FILE", help="Write a page with plots as well: one file, no network.")
]
CallsPerDay: TypeAlias = Annotated[
    float | None,
    typer.Option("--calls-per-day", metavar="N", min=0, help="Say what it comes to for a service with N calls a day."),
]


def label_column(name: str | None, positive: str | None, negative: str | None, ignored: str | None) -> LabelColumn:
    """Return the label's column from what was given on the command line; values are separated by commas."""
    column = LabelColumn(name or "label")
    given = {"positive": positive, "negative": negative, "ignored": ignored}
    values = {key: tuple(part.strip() for part in text.split(",")) for key, text in given.items() if text is not None}
    return column._replace(**values)  # type: ignore[arg-type]


def chosen_speakers(given: Sequence[str] | None) -> tuple[Speaker, ...]:
    """Return the speakers named on the command line."""
    wanted = {name.strip().lower().replace("-", "_") for name in given or ()}
    if unknown := sorted(wanted - set(SPEAKERS)):
        raise typer.BadParameter(f"'{unknown[0]}' is none of {', '.join(SPEAKERS)}", param_hint="--said-by")
    return tuple(speaker for speaker in SPEAKERS if speaker in wanted)


_MOST_TOLD: Final = 5


@dataclass(slots=True)
class LabelledCalls:
    """Reads calls with their labels and columns; names on standard error those that can't be read, and counts them.

    ``must_have_label`` makes it an error that no call has a label.
    """

    paths: Sequence[str]
    labels: LabelColumn
    where: tuple[ColumnFilter, ...] = ()
    by: tuple[str, ...] = ()
    must_have_label: bool = False
    options: ReadingOptions = field(default_factory=ReadingOptions)
    good: int = 0
    bad: int = 0
    mislabelled: int = 0

    def observe(self, *evaluators: Evaluator, current_code: str | None = None) -> list[tuple[Observation, ...]]:
        """Return what each evaluator makes of each call.

        Raises:
            ColumnError: A column asked for is in no call.
            typer.Exit: None of the calls could be read.
        """
        from triage_triggers.lab.observation import observe  # noqa: PLC0415  pay for it when it is needed

        check_readable(self.paths, self.options)
        observed = []
        for call, label, columns in self._read():
            try:
                each = tuple(observe(one, call, label, columns, current_code=current_code) for one in evaluators)
            except CallError as error:
                self._complain(error)
                continue
            self.good += 1
            observed.append(each)
        if self.mislabelled > _MOST_TOLD:
            more = counted(self.mislabelled - _MOST_TOLD, "call")
            say(f"triage-triggers: and {more} more with a label that is not known", err=True)
        if self.bad and not self.good:
            raise typer.Exit(2)
        self._check_columns([each[0] for each in observed])
        return observed

    @property
    def status(self) -> int:
        """The exit status: 0 all could be read, 1 some."""
        return 1 if self.bad else 0

    def _read(self) -> Iterator[tuple[Call, Label, Mapping[str, str | None]]]:
        with progress_bar(self.paths, prints_at_the_end=True) as on_bytes:
            for call in read_calls(self.paths, on_bytes=on_bytes, options=self.options):
                if isinstance(call, CallError):
                    self._complain(call)
                    continue
                if not all(part.keeps(call) for part in self.where):
                    continue
                columns = {column: column_value(call, column) for column in self.by}
                try:
                    label = self.labels.read(call)
                except CallError as error:
                    self._tell_of_label(call, error)
                else:
                    yield call, label, columns

    def _tell_of_label(self, call: Call, error: CallError) -> None:
        """Name the first calls only: where the column is the wrong one, every call is such a call."""
        self.mislabelled += 1
        if self.mislabelled <= _MOST_TOLD:
            self._complain(CallError(f"call {call.call_id!r}: {error}"))
        else:
            self.bad += 1

    def _complain(self, error: CallError) -> None:
        self.bad += 1
        say(f"triage-triggers: {error}", err=True)

    def _check_columns(self, observed: Sequence[Observation]) -> None:
        if not observed:
            return
        calls = [item.call for item in observed]
        if self.must_have_label and all(item.label == "none" for item in observed):
            raise missing_column(self.labels.name, calls)
        for column in self.by:
            if all(item.columns[column] is None for item in observed):
                raise missing_column(column, calls)
