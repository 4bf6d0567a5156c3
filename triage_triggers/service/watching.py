"""What the service tells of itself: Prometheus metrics and OpenTelemetry spans, without a word or id of a call."""

from __future__ import annotations

from contextlib import contextmanager
from time import perf_counter
from typing import TYPE_CHECKING, Final

from opentelemetry import trace
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from triage_triggers.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from triage_triggers.assessment import Assessment, RulesetRef
    from triage_triggers.service.session import Row

__all__ = ["Watch"]

_BUCKETS: Final = (0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5)


class Watch:
    """Counts and times what the service does; each service has a registry of its own."""

    def __init__(self, open_calls: Callable[[], float]) -> None:
        self._registry = registry = CollectorRegistry()
        name = "triage_triggers"
        self._seconds = Histogram(
            f"{name}_message_seconds", "Time to answer.", ["type"], buckets=_BUCKETS, registry=registry
        )
        self._flags = Counter(f"{name}_flags", "Calls that came to be flagged.", registry=registry)
        self._suggestions = Counter(f"{name}_suggestions", "Suggestions made.", ["code"], registry=registry)
        self._answers = Counter(
            f"{name}_answers", "What people answered to suggestions.", ["answer"], registry=registry
        )
        self._set_aside = Counter(f"{name}_set_aside", "Findings set aside, in calls that are over.", registry=registry)
        failures = Counter(f"{name}_log_failures", "Decisions that could not be recorded.", registry=registry)
        self.log_failed = failures.inc
        self._refused = Counter(f"{name}_refused", "Requests refused.", ["why"], registry=registry)
        about = ["id", "version", "digest"]
        self._ruleset = Gauge(f"{name}_ruleset", "The ruleset in service.", about, registry=registry)
        Gauge(f"{name}_open_calls", "Calls that are open.", registry=registry).set_function(open_calls)
        self._tracer = trace.get_tracer("triage_triggers.service", __version__)

    def refused(self, why: str) -> None:
        """Count a request that was refused."""
        self._refused.labels(why).inc()

    def assessed(self, assessment: Assessment) -> None:
        """Count what was found in a call that is over."""
        self._flags.inc(assessment.flagged)
        if assessment.suggested_code is not None:
            self._suggestions.labels(assessment.suggested_code).inc()
        self._set_aside.inc(sum(not finding.counts for finding in assessment.findings))

    def answered(self, rows: Iterable[Row]) -> None:
        """Count what the events say."""
        for row in rows:
            match row["event"]:
                case "flagged":
                    self._flags.inc()
                case "suggestion_raised":
                    self._suggestions.labels(row["code"]).inc()
                case "responded":
                    self._answers.labels(row["answer"]).inc()
                case "closed":
                    findings = row["assessment"]["findings"]
                    self._set_aside.inc(sum(not finding["counts"] for finding in findings))

    @contextmanager
    def timing(self, kind: str, ruleset: RulesetRef) -> Iterator[None]:
        """Time what is done within, and make a span of it."""
        began = perf_counter()
        about = {"triage_triggers.type": kind, "triage_triggers.digest": ruleset.digest}
        with self._tracer.start_as_current_span(kind, attributes=about, record_exception=False):
            try:
                yield
            finally:
                self._seconds.labels(kind).observe(perf_counter() - began)

    def exposition(self, ruleset: RulesetRef) -> bytes:
        """Return everything as Prometheus reads it."""
        self._ruleset.clear()
        self._ruleset.labels(*ruleset).set(1)
        return generate_latest(self._registry)
