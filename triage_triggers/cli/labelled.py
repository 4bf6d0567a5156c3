"""Labelled calls for the lab's commands: the options that say where labels and columns are, and reading by them."""

from __future__ import annotations

import json
from dataclasses import KW_ONLY, dataclass
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, TypeAlias

import typer
from typer import Option

from triage_triggers.cli.inputs import AsJson, Calls, Intake
from triage_triggers.cli.say import complain
from triage_triggers.cli.screen import Screen, markdown, show_tables
from triage_triggers.errors import CallError
from triage_triggers.lab.labels import (
    IGNORED,
    NEGATIVE,
    POSITIVE,
    ColumnFilter,
    LabelColumn,
    column_value,
    missing_column,
)
from triage_triggers.lab.observation import observe
from triage_triggers.legible import counted, on_one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from triage_triggers.evaluator import Evaluator
    from triage_triggers.lab.observation import Observation
    from triage_triggers.lab.tables import Table

__all__ = ["Figures", "LabelledCalls", "Observed", "WithText"]

WithText: TypeAlias = Annotated[
    bool, Option("--with-text", help="Show what was said. Without it nothing that was said appears.")
]

_MOST_TOLD = 5


class Observed(NamedTuple):
    """What each evaluator makes of each call, and the exit status: 0 all calls could be used, 1 some."""

    calls: list[tuple[Observation, ...]]
    status: int

    @property
    def only(self) -> list[Observation]:
        """What the only evaluator makes of each call."""
        return [item for (item,) in self.calls]


@dataclass(frozen=True)
class LabelledCalls:
    """Files of calls, and which of their columns is the label."""

    calls: Calls
    _: KW_ONLY
    label: Annotated[
        str | None,
        Option(
            metavar="COLUMN",
            help="The column that says what a call is, by default 'label'; a dot reaches into nested ones: label.da",
        ),
    ] = None
    positive: Annotated[str, Option(metavar="VALUES", help="Its values for domestic abuse.")] = ",".join(POSITIVE)
    negative: Annotated[
        str, Option(metavar="VALUES", help="Its values for everything else; '*' is any other value.")
    ] = ",".join(NEGATIVE)
    ignored: Annotated[str, Option(metavar="VALUES", help="Its values for looked at and not decided.")] = ",".join(
        IGNORED
    )
    where: Annotated[
        list[str] | None,
        Option(metavar="COLUMN=VALUE", help="Only such calls; also COLUMN!=VALUE; may be given again."),
    ] = None

    def observe(
        self,
        *evaluators: Evaluator,
        by: Sequence[str] = (),
        current_code: str | None = None,
        must_have_label: bool = False,
        only: str | None = None,
    ) -> Observed:
        """Evaluate the calls; those that can't be used are named on standard error, and counted.

        ``by`` are columns to keep with each call, ``only`` the only file to read. One of the calls must have a label
        with ``must_have_label``, or where a label's column is named.
        """
        where = [ColumnFilter.parse(text) for text in self.where or ()]
        values = (self.positive, self.negative, self.ignored)
        labels = LabelColumn(self.label or "label", *(tuple(map(str.strip, text.split(","))) for text in values))
        intake = Intake(self.calls.paths if only is None else [only], self.calls.options())
        observed: list[tuple[Observation, ...]] = []
        mislabelled = 0
        for call in intake:
            if not all(part.keeps(call) for part in where):
                continue
            columns = {column: column_value(call, column) for column in by}
            try:
                label = labels.read(call)
            except CallError as error:
                mislabelled += 1  # where the column is the wrong one, every call is such a call
                intake.fail(CallError(f"call {call.call_id!r}: {error}"), silent=mislabelled > _MOST_TOLD)
                continue
            try:
                observed.append(
                    tuple(observe(one, call, label, columns, current_code=current_code) for one in evaluators)
                )
            except CallError as error:
                intake.fail(error)
        if mislabelled > _MOST_TOLD:
            complain(f"and {counted(mislabelled - _MOST_TOLD, 'call')} more with a label that is not known")
        if intake.bad and not observed:
            raise typer.Exit(2)
        first = [each[0] for each in observed]
        if observed and (must_have_label or self.label is not None) and all(item.label == "none" for item in first):
            raise missing_column(labels.name, [item.call for item in first])
        for column in by if observed else ():
            if all(item.columns[column] is None for item in first):
                raise missing_column(column, [item.call for item in first])
        return Observed(observed, 1 if intake.bad else 0)


@dataclass(frozen=True)
class Figures:
    """In which way figures are printed."""

    _: KW_ONLY
    as_json: AsJson = False
    markdown: Annotated[bool, Option("--markdown", help="Print Markdown, fit for a pull request.")] = False

    def show(self, data: dict[str, Any], title: str, lines: list[str], tables: Iterable[Table]) -> None:
        """Print tables below a title, or the same as plain data."""
        if self.as_json:
            typer.echo(json.dumps(data, allow_nan=False))
        elif self.markdown:
            typer.echo(markdown(title, lines, tables), nl=False)
        else:
            screen = Screen()
            screen.show(on_one_line(title))
            screen.show(lines[0])
            show_tables(screen, tables)
