"""``triage-triggers measure`` and ``compare``: what a ruleset does to labelled calls, and what a change of it would."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Final, NamedTuple

import typer

from triage_triggers.cli.inputs import (
    AllowWithdrawn,
    CallPaths,
    CodeSystem,
    CurrentCode,
    ReadingOptions,
    RulesetOption,
    complete_ruleset,
    open_evaluator,
    reads_calls,
)
from triage_triggers.cli.labelled import (
    AsJson,
    AsMarkdown,
    CallsPerDay,
    Html,
    Ignored,
    LabelledCalls,
    LabelName,
    Negative,
    Positive,
    Where,
    WithText,
    label_column,
)
from triage_triggers.cli.say import say
from triage_triggers.lab.call_columns import ColumnFilter
from triage_triggers.lab.measurement import HELD_TO, measure
from triage_triggers.legible import on_one_line
from triage_triggers.privacy.private_file import write_private

if TYPE_CHECKING:
    from collections.abc import Iterable

    from triage_triggers.lab.comparison import Comparison
    from triage_triggers.lab.measurement import Measurement
    from triage_triggers.lab.tables import Table

__all__ = ["COMPARE_EXAMPLES", "MEASURE_EXAMPLES", "run_compare", "run_measure", "show_figures"]

MEASURE_EXAMPLES: Final = (
    "triage-triggers measure examples/labelled.jsonl --ruleset uk-ambulance",
    "triage-triggers measure examples/labelled.jsonl -r uk-ambulance --by trust --by caller --calls-per-day 3000",
    "triage-triggers measure examples/labelled.jsonl -r uk-ambulance --fail-under specificity=0.75",
    "triage-triggers measure my-calls.jsonl -r uk-ambulance --label nature --positive domestic --negative '*'",
)


class _Floor(NamedTuple):
    """A figure that the ruleset is held to."""

    figure: str
    least: float


@reads_calls
def run_measure(
    calls: CallPaths,
    *,
    ruleset: RulesetOption,
    label: LabelName = None,
    positive: Positive = None,
    negative: Negative = None,
    ignored: Ignored = None,
    where: Where = None,
    by: Annotated[
        list[str] | None,
        typer.Option("--by", metavar="COLUMN", help="Break the figures down by a column; may be given again."),
    ] = None,
    calls_per_day: CallsPerDay = None,
    fail_under: Annotated[
        list[str] | None,
        typer.Option(
            "--fail-under",
            metavar="FIGURE=LEAST",
            help=f"Exit status 1 if a figure is lower: {', '.join(HELD_TO)}; may be given again.",
        ),
    ] = None,
    as_json: AsJson = False,
    markdown: AsMarkdown = False,
    html: Html = None,
    with_text: WithText = False,
    current_code: CurrentCode = None,
    code_system: CodeSystem = None,
    allow_withdrawn: AllowWithdrawn = False,
    options: ReadingOptions,
) -> None:
    """Measure a ruleset on labelled calls: what it catches and disturbs, how soon, and what each rule adds.

    Calls carry a label in a column of their own. Without labels you still see alerts, codes, and which rules count.
    Only with --html and --with-text does anything appear that was said, in the page.

    Exit status: 0 done; 1 done, but a call could not be read, or a figure is lower than --fail-under; 2 wrong use.
    """
    floors = [_floor(text) for text in fail_under or ()]
    filters = tuple(ColumnFilter.parse(text) for text in where or ())
    labels = label_column(label, positive, negative, ignored)
    intake = LabelledCalls(calls, labels, filters, tuple(by or ()), must_have_label=label is not None, options=options)
    evaluator = open_evaluator(ruleset, code_system, allow_withdrawn=allow_withdrawn)
    observations = [item for (item,) in intake.observe(evaluator, current_code=current_code)]

    measurement = measure(evaluator, observations, tuple(by or ()))
    if html is not None:
        from triage_triggers.report.lab_pages import measure_page  # noqa: PLC0415  an extra

        write_private(html, measure_page(measurement, calls_per_day=calls_per_day, with_text=with_text))
    if as_json:
        typer.echo(json.dumps(measurement.to_dict(), allow_nan=False))
    else:
        _show_measure(measurement, calls_per_day, as_markdown=markdown)
    failures = list(_failures(measurement, floors))
    for failure in failures:
        say(f"triage-triggers: {failure}", err=True)
    if status := max(intake.status, 1 if failures else 0):
        raise typer.Exit(status)


def _floor(text: str) -> _Floor:
    figure, _, least = text.partition("=")
    figure = figure.strip().lower()
    try:
        floor = _Floor(figure, float(least))
    except ValueError:
        floor = _Floor(figure, -1)
    if figure not in HELD_TO or not 0 <= floor.least <= 1:
        known = ", ".join(HELD_TO)
        raise typer.BadParameter(
            f"'{text}' is no FIGURE=LEAST; write for example sensitivity=0.85 (figures: {known}; from 0 to 1)",
            param_hint="--fail-under",
        )
    return floor


def _failures(measurement: Measurement, floors: Iterable[_Floor]) -> Iterable[str]:
    for floor in floors:
        figure = measurement.figure(floor.figure)
        if figure.value is None:
            yield f"{floor.figure} is not known, for no labelled call tells; it was to be {floor.least:g} at least"
        elif figure.value < floor.least:
            yield f"{floor.figure} is {figure}, lower than {floor.least:g}"


def _show_measure(measurement: Measurement, calls_per_day: float | None, *, as_markdown: bool) -> None:
    from triage_triggers.lab.measure_tables import measure_tables, summary  # noqa: PLC0415  --json needs no tables

    ruleset = measurement.ruleset
    title = f"Ruleset {ruleset.id} {ruleset.version}, {ruleset.status}: {ruleset.title}"
    tables = measure_tables(measurement, calls_per_day=calls_per_day).values()
    show_figures(title, [summary(measurement)], tables, as_markdown=as_markdown)


def show_figures(title: str, lines: list[str], tables: Iterable[Table], *, as_markdown: bool) -> None:
    """Show tables below a title, on a terminal or as Markdown."""
    from triage_triggers.cli.screen import Screen  # noqa: PLC0415  --json needs no Rich
    from triage_triggers.cli.tables import markdown, show_tables  # noqa: PLC0415

    if as_markdown:
        typer.echo(markdown(title, lines, tables), nl=False)
        return
    screen = Screen()
    screen.show(on_one_line(title))
    screen.show(lines[0])
    show_tables(screen, tables)


COMPARE_EXAMPLES: Final = (
    "triage-triggers compare uk-ambulance examples/local-overlay.yaml examples/labelled.jsonl",
    "triage-triggers compare uk-ambulance examples/local-overlay.yaml examples/labelled.jsonl --calls-per-day 3000",
    "triage-triggers compare uk-ambulance my-overlay.yaml my-calls.jsonl --markdown > change.md",
    "triage-triggers compare uk-ambulance my-overlay.yaml my-calls.jsonl --html change.html --with-text",
)


@reads_calls
def run_compare(
    first: Annotated[
        str,
        typer.Argument(metavar="FIRST", autocompletion=complete_ruleset, help="The ruleset in use: an id, or a path."),
    ],
    second: Annotated[
        str,
        typer.Argument(metavar="SECOND", autocompletion=complete_ruleset, help="The one proposed, such as an overlay."),
    ],
    calls: CallPaths,
    *,
    label: LabelName = None,
    positive: Positive = None,
    negative: Negative = None,
    ignored: Ignored = None,
    where: Where = None,
    calls_per_day: CallsPerDay = None,
    as_json: AsJson = False,
    markdown: AsMarkdown = False,
    html: Html = None,
    with_text: WithText = False,
    current_code: CurrentCode = None,
    code_system: CodeSystem = None,
    allow_withdrawn: AllowWithdrawn = False,
    options: ReadingOptions,
) -> None:
    """Compare two rulesets on the same calls: which change flag or code, because of what, and what work that makes.

    Labels are not needed; where calls have them, McNemar's exact test says whether the difference could be chance.
    Only with --html and --with-text does anything appear that was said, in the page.

    Exit status: 0 done; 1 done, but a call could not be read; 2 wrong use, or nothing that could be read.
    """
    filters = tuple(ColumnFilter.parse(text) for text in where or ())
    labels = label_column(label, positive, negative, ignored)
    intake = LabelledCalls(calls, labels, filters, must_have_label=label is not None, options=options)
    one, other = (open_evaluator(name, code_system, allow_withdrawn=allow_withdrawn) for name in (first, second))
    observed = intake.observe(one, other, current_code=current_code)

    from triage_triggers.lab.comparison import compare  # noqa: PLC0415  needs no time where input is wrong

    before, after = [pair[0] for pair in observed], [pair[1] for pair in observed]
    comparison = compare(one, other, before, after)
    if html is not None:
        from triage_triggers.report.lab_pages import compare_page  # noqa: PLC0415  an extra

        write_private(html, compare_page(comparison, calls_per_day=calls_per_day, with_text=with_text))
    if as_json:
        typer.echo(json.dumps(comparison.to_dict(calls_per_day), allow_nan=False))
    else:
        _show_compare(comparison, calls_per_day, as_markdown=markdown)
    if intake.status:
        raise typer.Exit(intake.status)


def _show_compare(comparison: Comparison, calls_per_day: float | None, *, as_markdown: bool) -> None:
    from triage_triggers.lab.compare_tables import compare_tables, headline  # noqa: PLC0415  --json needs no tables

    first, second = comparison.first, comparison.second
    title = f"From {first.id} {first.version} to {second.id} {second.version}"
    digests = f"First {first.digest}, second {second.digest}."
    tables = compare_tables(comparison, calls_per_day=calls_per_day).values()
    show_figures(title, [headline(comparison), digests], tables, as_markdown=as_markdown)
