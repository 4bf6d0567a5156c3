"""A service that looks where its signed ruleset comes from, and takes a newer one as it appears."""

from __future__ import annotations

from time import sleep
from typing import TYPE_CHECKING

from triage_triggers.errors import BundleError, TriageTriggersError
from triage_triggers.evaluator import Evaluator
from triage_triggers.service.bundle import latest_bundle

if TYPE_CHECKING:
    from collections.abc import Callable

    from triage_triggers.service.bundle import Bundle

__all__ = ["Pull"]


class Pull:
    """Where signed rulesets come from, and the one taken last: none that was made before it is taken again."""

    def __init__(self, source: str, key: bytes) -> None:
        self._source, self._key = source, key
        self._taken: Bundle | None = None

    def evaluator(self) -> Evaluator:
        """Return the latest bundle's ruleset, compiled.

        Raises:
            BundleError: There is no good one, or only one that was made before the one taken last.
        """
        bundle = latest_bundle(self._source, self._key)
        if self._taken is not None and bundle.made < self._taken.made:
            raise BundleError("the bundle was made before the one in service, and is not taken")
        evaluator = Evaluator(bundle.ruleset, ladder=bundle.ladder)
        self._taken = bundle
        return evaluator

    def is_newer(self) -> bool:
        """Return whether there is a good bundle that was made after the one taken last."""
        try:
            made = latest_bundle(self._source, self._key).made
        except (TriageTriggersError, OSError):
            return False
        return self._taken is None or made > self._taken.made

    def watch(self, every: float, load: Callable[[], object]) -> None:
        """Load the latest bundle again whenever there is a newer one; for ever."""
        while True:
            sleep(every)
            if self.is_newer():
                load()
