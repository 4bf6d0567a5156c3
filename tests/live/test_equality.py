"""Live equals batch: after any sequence of changes, the assessment is that of the utterances as they stand."""

from __future__ import annotations

import json
import os

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.live_strategies import evaluators, plain_talk, speakers, texts, times, utterances
from triage_triggers import Assessment, Call, LiveCall, Update, Utterance
from triage_triggers.calls.call import Speaker  # noqa: TC001  hypothesis reads the rules' annotations


class OpenCall(RuleBasedStateMachine):
    """Whatever is done to an open call is done to a list of utterances too."""

    live: LiveCall

    def __init__(self) -> None:
        super().__init__()
        self.evaluator = evaluators()[0]
        self.said: list[Utterance] = []
        self.code: str | None = None
        self.kept: tuple[Update, Assessment] | None = None

    @initialize(code=st.sampled_from((None, "C3", "C4")))
    def open(self, code: str | None) -> None:
        self.code = code
        self.live = self.evaluator.open_call("C-1", current_code=code, min_interval=60.0)

    @rule(utterance=utterances)
    def add(self, utterance: Utterance) -> None:
        self.said.append(utterance)
        self.check(self.live.add(utterance))

    @rule(utterance=utterances, data=st.data())
    def add_in_segments(self, utterance: Utterance, data: st.DataObject) -> None:
        text = utterance.text
        cuts = data.draw(st.lists(st.integers(0, len(text)), max_size=4).map(sorted))
        for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True):
            self.add(Utterance(text[start:end], utterance.speaker, None, utterance.end))

    @rule(utterance=utterances, data=st.data())
    def add_in_partial_results(self, utterance: Utterance, data: st.DataObject) -> None:
        before, number = self.live.assessment(), len(self.said)
        first, *rest = data.draw(st.lists(texts, min_size=1, max_size=3))
        speaker, start, end = utterance.speaker, utterance.start, utterance.end
        updates = [self.live.add(Utterance(first, speaker, start, end), final=False)]
        updates += [self.live.revise(number, text, final=False) for text in rest]
        assert all(update.waiting and not update.events and update.assessment == before for update in updates)
        self.said.append(Utterance([first, *rest][-1], speaker, start, end))

    @rule(talk=plain_talk)
    def talk_on(self, talk: list[Utterance]) -> None:
        for utterance in talk:
            self.said.append(utterance)
            update = self.live.add(utterance)
        self.check(update)

    @precondition(lambda self: self.said)
    @rule(back=st.integers(0, 5) | st.integers(0, 500), text=texts, speaker=st.none() | speakers, end=times)
    def revise(self, back: int, text: str, speaker: Speaker | None, end: float | None) -> None:
        number = len(self.said) - 1 - back % len(self.said)
        before = self.said[number]
        self.said[number] = Utterance(text, speaker or before.speaker, None, before.end if end is None else end)
        self.check(self.live.revise(number, text, speaker=speaker, end=end))

    @rule(code=st.sampled_from((None, "C1", "C2", "C3", "C4")))
    def set_code(self, code: str | None) -> None:
        self.code = code
        self.check(self.live.set_code(code))

    @rule()
    def fail_over(self) -> None:
        self.live = self.evaluator.resume(json.loads(json.dumps(self.live.snapshot())), min_interval=60.0)

    @rule(number=st.integers(0, 1))
    def move(self, number: int) -> None:
        self.evaluator = evaluators()[number]
        self.check(self.live.move_to(self.evaluator))

    @rule()
    def keep_an_update(self) -> None:
        update = self.live.set_code(self.code)
        self.kept = update, self.live.assessment()

    @invariant()
    def equals_the_whole(self) -> None:
        call = Call("C-1", self.said, current_code=self.code)
        assert self.live.assessment() == self.evaluator.evaluate(call)
        assert self.live.call == call

    @invariant()
    def shows_every_suggestion(self) -> None:
        standing = [kept.code for kept in self.live.suggestions if kept.superseded is None]
        suggested = self.live.assessment().suggested_code
        assert standing == ([] if suggested is None else [suggested])

    def check(self, update: Update) -> None:
        assert update.assessment == self.live.assessment()
        assert (update.flagged, update.suggested_code) == (
            update.assessment.flagged,
            update.assessment.suggested_code,
        )

    def teardown(self) -> None:
        if self.kept is not None:  # what came later has not touched it
            assert self.kept[0].assessment == self.kept[1]


TestOpenCall = OpenCall.TestCase
TestOpenCall.settings = settings(
    max_examples=int(os.environ.get("LIVE_EXAMPLES", "15")),
    stateful_step_count=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
