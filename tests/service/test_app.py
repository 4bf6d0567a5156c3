"""The service, asked as clients ask it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from triage_triggers import DecisionLog, Evaluator, EvaluatorHolder

pytest.importorskip("fastapi", reason="needs the extra 'service'")

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from triage_triggers.service.answering import Service
from triage_triggers.service.app import create_app
from triage_triggers.service.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

TOKEN = "0123456789abcdef"  # noqa: S105
HIT: dict[str, Any] = {"call_id": "C-1", "current_code": "C4", "text": "He hit me.", "speaker": "caller", "end": 2.0}


@pytest.fixture
def log(tmp_path: Path) -> Iterator[DecisionLog]:
    with DecisionLog.open(tmp_path / "log.db", text="full") as opened:
        yield opened


@pytest.fixture
def make(evaluator: Evaluator, log: DecisionLog) -> Iterator[Callable[..., TestClient]]:
    opened: list[TestClient] = []

    def client(token: str | None = TOKEN, **limits: Any) -> TestClient:
        holder = EvaluatorHolder(log.attach(evaluator))

        def load() -> Evaluator:
            return holder.load(evaluator.ruleset.model_copy(update={"version": "2.0.0"}))

        service = Service(holder, log, load, Limits(**limits))
        headers = {} if token is None else {"authorization": f"Bearer {TOKEN}"}
        opened.append(TestClient(create_app(service, token=token), headers=headers).__enter__())
        return opened[-1]

    yield client
    for each in opened:
        each.__exit__()


@pytest.fixture
def client(make: Callable[..., TestClient]) -> TestClient:
    return make()


def test_a_call_that_is_over_is_evaluated_and_logged(
    client: TestClient, log: DecisionLog, evaluator: Evaluator
) -> None:
    answer = client.post("/v1/evaluate", json=HIT)
    assert answer.status_code == 200
    (record,) = log.records()
    assert answer.json() == json.loads(record.assessment or "")
    assert answer.headers["x-decision-id"] == str(record.decision_id)
    other = client.post("/v1/evaluate", params={"current_code": "C2"}, json={"text": "He hit me."}).json()
    assert other == evaluator.evaluate("He hit me.", current_code="C2").to_dict()


def test_an_open_call_goes_on_over_http_and_a_socket(client: TestClient, log: DecisionLog) -> None:
    rows = client.post("/v1/messages", json=HIT).json()["events"]
    assert [row["event"] for row in rows] == ["opened", "finding_added", "flagged", "suggestion_raised", "heard"]
    with client.websocket_connect("/v1/live") as socket:
        socket.send_text(json.dumps({"type": "respond", "call_id": "C-1", "answer": "accepted"}))
        assert [socket.receive_json()["event"] for _ in range(2)] == ["responded", "heard"]
        socket.send_text("{")
        assert socket.receive_json()["error"] == "CallError"
        socket.send_text(json.dumps({"type": "close", "call_id": "C-1"}))
        assert socket.receive_json()["assessment"]["suggested_code"] == "C3"
        socket.send_text(json.dumps(HIT))
        assert "came late" in socket.receive_json()["message"]
    assert len(list(log.responses("C-1"))) == 1
    assert log.verify().ok


def test_a_call_is_taken_over_by_another_service(
    client: TestClient, make: Callable[..., TestClient], log: DecisionLog
) -> None:
    client.post("/v1/messages", json=HIT)
    asked = client.post("/v1/messages", json={"type": "snapshot", "call_id": "C-1"})
    other = make()
    resumed = other.post("/v1/messages", json={"type": "resume", "snapshot": asked.json()["events"][0]["snapshot"]})
    assert resumed.json()["events"][0]["suggested_code"] == "C3"
    late = client.post("/v1/messages", json=HIT)
    assert (late.status_code, "taken up elsewhere" in late.json()["events"][-1]["message"]) == (422, True)
    assert log.verify().ok


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ({"text": "He hit me."}, "call_id"),
        ({"call_id": "C-1", "type": "ruleset", "ruleset": "/etc/passwd"}, "POST /v1/ruleset"),
        ({"call_id": "C-1", "type": "nope"}, "type"),
        ({"call_id": "C-1", "type": "resume", "snapshot": {"call_id": "C-1"}}, "no snapshot"),
        ({"call_id": "C-1", "text": "x", "current_code": "C99"}, "no code of nhs-arp"),
        ({"call_id": "C-1", "text": "x", "start": 10**400}, "a finite number"),
    ],
)
def test_what_can_not_be_followed_is_refused_in_plain_words(
    client: TestClient, message: dict[str, Any], said: str
) -> None:
    answer = client.post("/v1/messages", json=message)
    assert answer.status_code == 422
    assert said in answer.json()["events"][-1]["message"]


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b'{"text": "a", "text": "b"}', b"[" * 100_000, b""])
@pytest.mark.parametrize("path", ["/v1/evaluate", "/v1/messages"])
def test_a_body_that_is_no_message_is_refused(client: TestClient, path: str, body: bytes) -> None:
    answer = client.post(path, content=body)
    assert (answer.status_code, answer.json()["error"]) == (422, "CallError")


def test_who_has_no_token_is_told_nothing_but_that_it_runs(client: TestClient) -> None:
    for headers in ({"authorization": ""}, {"authorization": f"Bearer {TOKEN}x"}, {"authorization": TOKEN}):
        for path in ("/metrics", "/openapi.json", "/v1/evaluate", "/nothing"):
            assert client.get(path, headers=headers).status_code == 401
        with (
            pytest.raises(WebSocketDisconnect) as closed,
            client.websocket_connect("/v1/live", headers=headers),
        ):
            pass
        assert closed.value.code == 1008
    assert client.get("/health", headers={"authorization": ""}).json() == {"status": "up"}
    assert client.get("/ready", headers={"authorization": ""}).json()["ready"] is True


def test_web_pages_are_refused_token_or_not(make: Callable[..., TestClient]) -> None:
    client = make(token=None)
    assert client.post("/v1/evaluate", json=HIT).status_code == 200
    assert client.post("/v1/evaluate", json=HIT, headers={"origin": "http://evil.example"}).status_code == 403
    with (
        pytest.raises(WebSocketDisconnect),
        client.websocket_connect("/v1/live", headers={"origin": "http://evil.example"}),
    ):
        pass


def test_size_rate_and_number_are_limited(make: Callable[..., TestClient]) -> None:
    client = make(most_bytes=2_000, most_open=2, most_text=100, rate=1000.0)
    assert client.post("/v1/evaluate", json={**HIT, "text": "x" * 3_000}).status_code == 413
    assert "longer than 100" in client.post("/v1/messages", json={**HIT, "text": "x" * 101}).text
    for number in range(2):
        assert client.post("/v1/messages", json={**HIT, "call_id": f"C-{number}"}).status_code == 200
    assert "takes no more" in client.post("/v1/messages", json={**HIT, "call_id": "C-9"}).text
    slow = make(rate=1.0)
    answers = [slow.post("/v1/evaluate", json=HIT) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 429, 429]
    assert answers[-1].headers["retry-after"] == "1"


def test_a_call_that_nothing_comes_for_is_closed(make: Callable[..., TestClient]) -> None:
    client = make(most_idle=0.05)
    client.post("/v1/messages", json=HIT)
    for _ in range(100):
        if client.get("/ready").json()["open_calls"] == 0:
            return
        client.get("/health")
    pytest.fail("it is open for ever")


def test_a_ruleset_is_loaded_again_and_ready_says_which_digest_is_live(client: TestClient) -> None:
    before = client.get("/ready").json()["ruleset"]
    client.post("/v1/messages", json=HIT)
    loaded = client.post("/v1/ruleset").json()["ruleset"]
    assert (before["version"], loaded["version"], client.get("/ready").json()["ruleset"]["version"]) == (
        "1.0.0",
        "2.0.0",
        "2.0.0",
    )
    rows = client.post("/v1/messages", json={"type": "move", "call_id": "C-1"}).json()["events"]
    assert rows[0]["event"] == "ruleset_moved"


def test_without_the_log_there_is_no_suggestion_and_it_is_not_ready(
    client: TestClient, log: DecisionLog, tmp_path: Path
) -> None:
    client.post("/v1/messages", json={**HIT, "text": "Hello."})
    (tmp_path / "log.db").rename(tmp_path / "elsewhere.db")
    answer = client.post("/v1/messages", json=HIT)
    assert (answer.status_code, answer.json()["events"][-1]["error"]) == (503, "LogError")
    assert "suggested_code" not in answer.text
    assert client.post("/v1/evaluate", json=HIT).status_code == 503
    ready = client.get("/ready")
    assert (ready.status_code, ready.json()["ready"]) == (503, False)
    (tmp_path / "elsewhere.db").rename(tmp_path / "log.db")
    kept = client.post("/v1/messages", json={"type": "flush", "call_id": "C-1"}).json()["events"]
    assert kept[-1]["suggested_code"] == "C3"
    assert "triage_triggers_log_failures_total 2.0" in client.get("/metrics").text
    assert log.verify().ok


def test_metrics_and_traces_tell_figures_and_hold_no_word_or_id_of_a_call(client: TestClient) -> None:
    exporter = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace._set_tracer_provider(provider, log=False)
    client.post("/v1/messages", json={**HIT, "call_id": "SECRET-1", "text": "He hit me at 14 Mill Lane."})
    client.post("/v1/messages", json={"type": "close", "call_id": "SECRET-1"})
    client.post("/v1/evaluate", json={**HIT, "call_id": "SECRET-1", "text": "He never hit me."})
    told = client.get("/metrics").text
    for line in (
        "triage_triggers_flags_total 1.0",
        'triage_triggers_suggestions_total{code="C3"} 1.0',
        "triage_triggers_set_aside_total 1.0",
        "triage_triggers_open_calls 0.0",
        'triage_triggers_ruleset{digest="',
    ):
        assert line in told
    spans = exporter.get_finished_spans()
    scopes = [(span.instrumentation_scope, span.name) for span in spans]  # FastAPI makes spans of its own
    ours = [name for scope, name in scopes if scope is not None and scope.name == "triage_triggers.service"]
    assert ours == ["segment", "close", "evaluate"]
    traced = "".join(span.to_json() for span in spans)
    for secret in ("SECRET", "hit me", "Mill Lane"):
        assert secret not in told + traced


def test_openapi_names_every_way_to_ask(client: TestClient) -> None:
    described = client.get("/openapi.json").json()
    assert set(described["paths"]) == {"/health", "/ready", "/metrics", "/v1/evaluate", "/v1/messages", "/v1/ruleset"}
    for path in ("/v1/evaluate", "/v1/messages"):
        assert described["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"]["properties"]
    assert client.get("/docs").status_code == 404


def test_every_open_call_is_recorded_as_it_stood_when_the_service_stops(
    make: Callable[..., TestClient], log: DecisionLog
) -> None:
    client = make()
    client.post("/v1/messages", json=HIT)
    client.post("/v1/messages", json={**HIT, "text": "Goodbye."})
    client.__exit__()
    *_, last = log.records("C-1")
    assert last.call is not None
    assert [said.text for said in last.call.utterances] == ["He hit me.", "Goodbye."]
