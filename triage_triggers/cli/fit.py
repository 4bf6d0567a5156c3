"""``triage-triggers fit``: a tally's points learnt anew from labelled calls, for a person to read and sign."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from triage_triggers.cli.inputs import (
    AllowWithdrawn,
    CallPaths,
    ReadingOptions,
    RulesetArgument,
    open_evaluator,
    reads_calls,
)
from triage_triggers.cli.labelled import (
    AsJson,
    AsMarkdown,
    Ignored,
    LabelledCalls,
    LabelName,
    Negative,
    Positive,
    Where,
    label_column,
)
from triage_triggers.cli.measure import show_figures
from triage_triggers.documents.catalogue import shipped_rulesets
from triage_triggers.lab.call_columns import ColumnFilter

if TYPE_CHECKING:
    from triage_triggers.lab.observation import Observation

__all__ = ["EXAMPLES", "run"]

EXAMPLES: Final = (
    "triage-triggers fit uk-ambulance examples/labelled.jsonl --group trust",
    "triage-triggers fit uk-ambulance my-calls.jsonl --label label.da --group writer --out points.yaml",
)
_FILE, _CALL_ID = "file", "call_id"


@reads_calls
def run(
    ruleset: RulesetArgument,
    calls: CallPaths,
    *,
    label: LabelName = None,
    positive: Positive = None,
    negative: Negative = None,
    ignored: Ignored = None,
    where: Where = None,
    group: Annotated[
        str,
        typer.Option(
            "--group",
            metavar="COLUMN",
            help="Who wrote a call or where it comes from, left out in turn: a column; 'file'; or 'call_id', which is"
            " the id up to its last hyphen.",
        ),
    ] = _FILE,
    specificity: Annotated[
        float,
        typer.Option("--specificity", metavar="SHARE", min=0, max=1, help="Flag from the points that reach it alone."),
    ] = 0.97,
    out: Annotated[
        Path | None, typer.Option("--out", metavar="DRAFT.yaml", help="Write the points as a draft overlay.")
    ] = None,
    as_json: AsJson = False,
    markdown: AsMarkdown = False,
    allow_withdrawn: AllowWithdrawn = False,
    options: ReadingOptions,
) -> None:
    """Learn the points of a ruleset's tally from labelled calls, leaving out one writer or source after the other.

    No line changes its sign. Figures are of calls whose group was left out, the only ones that say anything of other
    calls; take a column for --group that differs where people's words differ. The draft is for a person to read,
    correct and sign: rare things get few points, however grave they are.

    Exit status: 0 done; 1 done, but a call could not be read; 2 wrong use, or calls that tell nothing.
    """
    by = () if group in {_FILE, _CALL_ID} else (group,)
    filters, labels = (
        tuple(ColumnFilter.parse(text) for text in where or ()),
        label_column(label, positive, negative, ignored),
    )
    evaluator = open_evaluator(ruleset, None, allow_withdrawn=allow_withdrawn)
    observed: list[tuple[Observation, str]] = []
    status = 0
    for path in calls:
        intake = LabelledCalls([path], labels, filters, by, must_have_label=True, options=options)
        observed += [(item, _group(group, path, item)) for (item,) in intake.observe(evaluator)]
        status = max(status, intake.status)

    from triage_triggers.lab.fit import fit  # noqa: PLC0415  needs no time where input is wrong
    from triage_triggers.lab.fit_tables import draft, fit_tables, summary  # noqa: PLC0415  the same

    fitted = fit(evaluator, [item for item, _ in observed], [name for _, name in observed], specificity=specificity)
    if out is not None:
        extends = ruleset if ruleset in shipped_rulesets() else os.path.relpath(ruleset, out.parent)
        out.write_text(draft(fitted, evaluator.ruleset, extends), encoding="utf-8")
    if as_json:
        typer.echo(json.dumps(fitted.to_dict(), allow_nan=False))
    else:
        title = f"Points for {evaluator.ruleset.id} {evaluator.ruleset.version}"
        show_figures(title, [summary(fitted)], fit_tables(fitted), as_markdown=markdown)
    if status:
        raise typer.Exit(status)


def _group(group: str, path: str, item: Observation) -> str:
    if group == _FILE:
        return Path(path).stem
    if group == _CALL_ID:
        return item.call.call_id.rpartition("-")[0] or item.call.call_id
    return item.columns[group] or "–"
