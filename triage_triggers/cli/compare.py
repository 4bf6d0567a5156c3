"""``triage-triggers compare``: two rulesets on the same calls, and what changes from one to the other."""

from __future__ import annotations

import json
from pathlib import Path  # noqa: TC003  Typer reads the annotation
from typing import TYPE_CHECKING, Annotated, Final

import typer

from triage_triggers.cli.inputs import (
    AllowWithdrawn,
    CallFormat,
    CallPaths,
    CodeSystem,
    ColumnNames,
    CurrentCode,
    SpeakerLabels,
    complete_ruleset,
    open_evaluator,
    reading_options,
)
from triage_triggers.cli.labelled import (
    CallsPerDay,
    Ignored,
    LabelledCalls,
    LabelName,
    Negative,
    Positive,
    Where,
    WithText,
    label_column,
)
from triage_triggers.lab.call_columns import ColumnFilter

if TYPE_CHECKING:
    from triage_triggers.lab.comparison import Comparison

__all__ = ["EXAMPLES", "run"]

EXAMPLES: Final = (
    "triage-triggers compare uk-ambulance examples/local-overlay.yaml examples/labelled.jsonl",
    "triage-triggers compare uk-ambulance examples/local-overlay.yaml examples/labelled.jsonl --calls-per-day 3000",
    "triage-triggers compare uk-ambulance my-overlay.yaml my-calls.jsonl --markdown > change.md",
    "triage-triggers compare uk-ambulance my-overlay.yaml my-calls.jsonl --html change.html --with-text",
)


def run(
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
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as one JSON object.")] = False,
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown, fit for a pull request.")] = False,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Write a page with plots as well: one file, no network."),
    ] = None,
    with_text: WithText = False,
    current_code: CurrentCode = None,
    code_system: CodeSystem = None,
    allow_withdrawn: AllowWithdrawn = False,
    call_format: CallFormat = None,
    speaker: SpeakerLabels = None,
    column: ColumnNames = None,
) -> None:
    """Compare two rulesets on the same calls: which change flag or code, because of what, and what work that makes.

    Labels are not needed; where calls have them, McNemar's exact test says whether the difference could be chance.
    Only with --html and --with-text does anything appear that was said, in the page.

    Exit status: 0 done; 1 done, but a call could not be read; 2 wrong use, or nothing that could be read.
    """
    filters = tuple(ColumnFilter.parse(text) for text in where or ())
    options = reading_options(call_format, speaker, column)
    labels = label_column(label, positive, negative, ignored)
    intake = LabelledCalls(calls, labels, filters, must_have_label=label is not None, options=options)
    one, other = (open_evaluator(name, code_system, allow_withdrawn=allow_withdrawn) for name in (first, second))
    observed = intake.observe(one, other, current_code=current_code)

    from triage_triggers.lab.comparison import compare  # noqa: PLC0415  needs no time where input is wrong

    before, after = [pair[0] for pair in observed], [pair[1] for pair in observed]
    comparison = compare(one, other, before, after)
    if html is not None:
        from triage_triggers.report.compare_page import compare_page  # noqa: PLC0415  an extra

        html.write_text(compare_page(comparison, calls_per_day=calls_per_day, with_text=with_text), encoding="utf-8")
    if as_json:
        typer.echo(json.dumps(comparison.to_dict(calls_per_day), allow_nan=False))
    else:
        _show(comparison, calls_per_day, as_markdown=markdown)
    if intake.status:
        raise typer.Exit(intake.status)


def _show(comparison: Comparison, calls_per_day: float | None, *, as_markdown: bool) -> None:
    from triage_triggers.cli.screen import Screen  # noqa: PLC0415  --json needs no Rich
    from triage_triggers.cli.tables import markdown, one_line, show_tables  # noqa: PLC0415
    from triage_triggers.lab.compare_tables import compare_tables, headline  # noqa: PLC0415

    first, second = comparison.first, comparison.second
    title = f"From {first.id} {first.version} to {second.id} {second.version}"
    tables = compare_tables(comparison, calls_per_day=calls_per_day).values()
    if as_markdown:
        digests = f"First {first.digest}, second {second.digest}."
        typer.echo(markdown(title, [headline(comparison), digests], tables), nl=False)
        return
    screen = Screen()
    screen.show(one_line(title))
    screen.show(headline(comparison))
    show_tables(screen, tables)
