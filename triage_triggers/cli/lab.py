"""``triage-triggers measure``, ``compare`` and ``fit``; and the options of all commands that take labelled calls."""

from __future__ import annotations

import json
import os
from dataclasses import KW_ONLY, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, TypeAlias

import typer
from typer import Option

from triage_triggers.cli.inputs import (
    AsJson,
    Calls,
    CurrentCode,
    Intake,
    Rules,
    RulesetArgument,
    RulesetOption,
    ruleset_argument,
)
from triage_triggers.cli.say import complain
from triage_triggers.cli.screen import Screen, markdown, show_tables
from triage_triggers.documents.catalogue import shipped_rulesets
from triage_triggers.errors import CallError
from triage_triggers.lab import comparison, measurement
from triage_triggers.lab import fit as fitting
from triage_triggers.lab.compare_tables import compare_tables, headline
from triage_triggers.lab.labels import (
    IGNORED,
    NEGATIVE,
    POSITIVE,
    LabelColumn,
    column_filter,
    column_value,
    missing_column,
)
from triage_triggers.lab.measure_tables import measure_tables
from triage_triggers.lab.measure_tables import summary as measure_summary
from triage_triggers.lab.observation import observe
from triage_triggers.legible import counted, on_one_line
from triage_triggers.privacy.private_file import write_private

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from triage_triggers.evaluator import Evaluator
    from triage_triggers.lab.measurement import Measurement
    from triage_triggers.lab.observation import Observation
    from triage_triggers.lab.tables import Table

__all__ = ["Figures", "LabelledCalls", "Observed", "WithText", "compare", "fit", "measure"]

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
        where = [column_filter(text) for text in self.where or ()]
        values = (self.positive, self.negative, self.ignored)
        labels = LabelColumn(self.label or "label", *(tuple(map(str.strip, text.split(","))) for text in values))
        intake = Intake(self.calls.paths if only is None else [only], self.calls.options())
        observed: list[tuple[Observation, ...]] = []
        mislabelled = 0
        for call in intake:
            if not all(passes(call) for passes in where):
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


@dataclass(frozen=True)
class Page:
    """The page to be written, and what figures are scaled to."""

    _: KW_ONLY
    calls_per_day: Annotated[
        float | None, Option(metavar="N", min=0, help="Say what it comes to for a service with N calls a day.")
    ] = None
    html: Annotated[
        Path | None, Option(metavar="FILE", help="Write a page with plots as well: one file, no network.")
    ] = None
    with_text: WithText = False


def measure(
    labelled: LabelledCalls,
    *,
    ruleset: RulesetOption,
    rules: Rules,
    by: Annotated[
        list[str] | None, Option(metavar="COLUMN", help="Break the figures down by a column; may be given again.")
    ] = None,
    fail_under: Annotated[
        list[str] | None,
        Option(
            metavar="FIGURE=LEAST",
            help=f"Exit status 1 if a figure is lower: {', '.join(measurement.HELD_TO)}; may be given again.",
        ),
    ] = None,
    figures: Figures,
    page: Page,
    current_code: CurrentCode = None,
) -> int:
    """Measure a ruleset on labelled calls: what it catches and disturbs, how soon, and what each rule adds.

    Calls carry a label in a column of their own. Without labels you still see alerts, codes, and which rules count.
    Only with --html and --with-text does anything appear that was said, in the page.

    Exit status: 0 done; 1 done, but a call could not be read, or a figure is lower than --fail-under; 2 wrong use.

    Examples:
        triage-triggers measure examples/labelled.jsonl --ruleset uk-ambulance
        triage-triggers measure examples/labelled.jsonl -r uk-ambulance --by trust --by caller --calls-per-day 3000
        triage-triggers measure examples/labelled.jsonl -r uk-ambulance --fail-under specificity=0.75
        triage-triggers measure my-calls.jsonl -r uk-ambulance --label nature --positive domestic --negative '*'
    """
    floors = [_floor(text) for text in fail_under or ()]
    evaluator = rules.evaluator(ruleset)
    observed = labelled.observe(evaluator, by=by or (), current_code=current_code)
    measured = measurement.measure(evaluator, observed.only, by or ())
    if page.html is not None:
        from triage_triggers.report.lab_pages import measure_page  # noqa: PLC0415  an extra

        write_private(page.html, measure_page(measured, calls_per_day=page.calls_per_day, with_text=page.with_text))
    found = measured.ruleset
    title = f"Ruleset {found.id} {found.version}, {found.status}: {found.title}"
    tables = measure_tables(measured, calls_per_day=page.calls_per_day).values()
    figures.show(measured.to_dict(), title, [measure_summary(measured)], tables)
    failures = list(_failures(measured, floors))
    for failure in failures:
        complain(failure)
    return 1 if failures else observed.status


def _floor(text: str) -> tuple[str, float]:
    """Return a figure that the ruleset is held to, and the least it may be."""
    name, _, least = text.partition("=")
    name = name.strip().lower()
    try:
        floor = float(least)
    except ValueError:
        floor = -1
    if name not in measurement.HELD_TO or not 0 <= floor <= 1:
        known = f"(figures: {', '.join(measurement.HELD_TO)}; from 0 to 1)"
        message = f"'{text}' is no FIGURE=LEAST; write for example sensitivity=0.85 {known}"
        raise typer.BadParameter(message, param_hint="--fail-under")
    return name, floor


def _failures(measured: Measurement, floors: Iterable[tuple[str, float]]) -> Iterable[str]:
    for name, least in floors:
        figure = measured.figure(name)
        if figure.value is None:
            yield f"{name} is not known, for no labelled call tells; it was to be {least:g} at least"
        elif figure.value < least:
            yield f"{name} is {figure}, lower than {least:g}"


def compare(
    first: Annotated[str, ruleset_argument("FIRST", "The ruleset in use: an id, or a path.")],
    second: Annotated[str, ruleset_argument("SECOND", "The one proposed, such as an overlay.")],
    labelled: LabelledCalls,
    *,
    rules: Rules,
    figures: Figures,
    page: Page,
    current_code: CurrentCode = None,
) -> int:
    """Compare two rulesets on the same calls: which change flag or code, because of what, and what work that makes.

    Labels are not needed; where calls have them, McNemar's exact test says whether the difference could be chance.
    Only with --html and --with-text does anything appear that was said, in the page.

    Exit status: 0 done; 1 done, but a call could not be read; 2 wrong use, or nothing that could be read.

    Examples:
        triage-triggers compare uk-ambulance examples/local-overlay.yaml examples/labelled.jsonl
        triage-triggers compare uk-ambulance examples/local-overlay.yaml examples/labelled.jsonl --calls-per-day 3000
        triage-triggers compare uk-ambulance my-overlay.yaml my-calls.jsonl --markdown > change.md
        triage-triggers compare uk-ambulance my-overlay.yaml my-calls.jsonl --html change.html --with-text
    """
    one, other = rules.evaluator(first), rules.evaluator(second)
    observed = labelled.observe(one, other, current_code=current_code)
    before, after = [pair[0] for pair in observed.calls], [pair[1] for pair in observed.calls]
    compared = comparison.compare(one, other, before, after)
    if page.html is not None:
        from triage_triggers.report.lab_pages import compare_page  # noqa: PLC0415  an extra

        write_private(page.html, compare_page(compared, calls_per_day=page.calls_per_day, with_text=page.with_text))
    title = f"From {one.reference.id} {one.reference.version} to {other.reference.id} {other.reference.version}"
    lines = [headline(compared), f"First {one.reference.digest}, second {other.reference.digest}."]
    tables = compare_tables(compared, calls_per_day=page.calls_per_day).values()
    figures.show(compared.to_dict(page.calls_per_day), title, lines, tables)
    return observed.status


def fit(
    ruleset: RulesetArgument,
    labelled: LabelledCalls,
    *,
    rules: Rules,
    group: Annotated[
        str,
        Option(
            metavar="COLUMN",
            help="Who wrote a call or where it comes from, left out in turn: a column; 'file'; or 'call_id', which is"
            " the id up to its last hyphen.",
        ),
    ] = "file",
    specificity: Annotated[
        float, Option(metavar="SHARE", min=0, max=1, help="Flag from the points that reach it alone.")
    ] = 0.97,
    out: Annotated[Path | None, Option(metavar="DRAFT.yaml", help="Write the points as a draft overlay.")] = None,
    figures: Figures,
) -> int:
    """Learn the points of a ruleset's tally from labelled calls, leaving out one writer or source after the other.

    No line changes its sign. Figures are of calls whose group was left out, the only ones that say anything of other
    calls; take a column for --group that differs where people's words differ. The draft is for a person to read,
    correct and sign: rare things get few points, however grave they are.

    Exit status: 0 done; 1 done, but a call could not be read; 2 wrong use, or calls that tell nothing.

    Examples:
        triage-triggers fit uk-ambulance examples/labelled.jsonl --group trust
        triage-triggers fit uk-ambulance my-calls.jsonl --label label.da --group writer --out points.yaml
    """
    by = () if group in {"file", "call_id"} else (group,)
    evaluator = rules.evaluator(ruleset)
    items: list[Observation] = []
    groups: list[str] = []
    status = 0
    for path in labelled.calls.paths:
        observed = labelled.observe(evaluator, by=by, must_have_label=True, only=path)
        items += observed.only
        groups += [_group_of(item, group, path) for item in observed.only]
        status = max(status, observed.status)
    fitted = fitting.fit(evaluator, items, groups, specificity=specificity)
    if out is not None:
        extends = ruleset if ruleset in shipped_rulesets() else os.path.relpath(ruleset, out.parent)
        out.write_text(fitting.draft(fitted, evaluator.ruleset, extends), encoding="utf-8")
    title = f"Points for {evaluator.ruleset.id} {evaluator.ruleset.version}"
    figures.show(fitted.to_dict(), title, [fitting.summary(fitted)], fitting.fit_tables(fitted))
    return status


def _group_of(item: Observation, group: str, path: str) -> str:
    if group == "file":
        return Path(path).stem
    if group == "call_id":
        return item.call.call_id.rpartition("-")[0] or item.call.call_id
    return item.columns[group] or "–"
