"""How long each stage takes, alone and together: ``pytest benchmarks --benchmark-only``.

Every case asserts what it found, so that a fast wrong answer fails. Times are printed, never asserted.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from benchmarks.cases import CASES, Case, ruleset
from triage_triggers import Evaluator
from triage_triggers.engine.context.lexicon import load_lexicon
from triage_triggers.engine.context.reader import ContextReader
from triage_triggers.engine.matching.document import Document
from triage_triggers.engine.matching.matcher import Matcher, Pattern
from triage_triggers.ruleset.compiling import compile_ruleset

if TYPE_CHECKING:
    from pytest_benchmark.fixture import BenchmarkFixture

cases = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def _matcher(phrases: int) -> Matcher:
    return Matcher(
        Pattern(owner, idiom=False, parts=phrase.segments)
        for owner, rule in enumerate(compile_ruleset(ruleset(phrases)))
        for phrase in rule.phrases
    )


@cases
@pytest.mark.benchmark(group="fold")
def test_fold(benchmark: BenchmarkFixture, case: Case) -> None:
    calls = case.calls()
    documents = benchmark(lambda: [Document(call) for call in calls])
    assert all(len(document.raw) == len(document.folded) for document in documents)


@cases
@pytest.mark.benchmark(group="match")
def test_match(benchmark: BenchmarkFixture, case: Case) -> None:
    matcher = _matcher(case.phrases)
    texts = [Document(call).folded for call in case.calls()]
    matches = benchmark(lambda: [matcher.scan(text) for text in texts])
    assert sum(map(len, matches)) == case.findings


@cases
@pytest.mark.benchmark(group="context")
def test_context(benchmark: BenchmarkFixture, case: Case) -> None:
    matcher, lexicon = _matcher(case.phrases), load_lexicon("en")
    found = [(document, matcher.scan(document.folded)) for document in map(Document, case.calls())]

    def read() -> int:
        counted = 0
        for document, matches in found:
            reader = ContextReader(document, lexicon)
            counted += sum(reader.read(match.start, match.end).counts for match in matches)
        return counted

    assert benchmark(read) == case.counted


@cases
@pytest.mark.benchmark(group="evaluate")
def test_evaluate(benchmark: BenchmarkFixture, case: Case) -> None:
    evaluator, calls = Evaluator(ruleset(case.phrases)), case.calls()
    assessments = benchmark(lambda: list(evaluator.evaluate_many(calls)))
    assert sum(len(assessment.findings) for assessment in assessments) == case.findings
    assert sum(finding.counts for assessment in assessments for finding in assessment.findings) == case.counted


@pytest.mark.benchmark(group="compile")
@pytest.mark.parametrize("phrases", [300, 5_000, 20_000])
def test_compile(benchmark: BenchmarkFixture, phrases: int) -> None:
    source = ruleset(phrases)
    evaluator = benchmark(lambda: Evaluator(source))
    assert evaluator.evaluate("He strangled me.").flagged
