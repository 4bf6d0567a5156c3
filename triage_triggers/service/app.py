"""The service: evaluate and follow calls over HTTP and WebSocket, with the messages of ``triage-triggers live``."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager, suppress
from typing import TYPE_CHECKING, Any, Final

from triage_triggers.calls.call import SPEAKERS
from triage_triggers.errors import CallError, LogError, MissingExtraError, TriageTriggersError
from triage_triggers.live.update import ANSWERS
from triage_triggers.service.limits import Gate
from triage_triggers.service.session import KINDS, error_row, message_from_json
from triage_triggers.version import __version__

try:
    from fastapi import FastAPI, HTTPException, Request, Response, WebSocket, WebSocketDisconnect
    from fastapi.responses import JSONResponse
except ModuleNotFoundError as error:  # pragma: no cover  an extra
    raise MissingExtraError("the service", "service") from error

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from triage_triggers.service.answering import Service

__all__ = ["create_app"]

_TEXT: Final = {"type": "string"}
_UTTERANCE: Final = {
    "text": _TEXT,
    "speaker": {"enum": list(SPEAKERS)},
    "start": {"type": "number"},
    "end": {"type": "number"},
}
_MESSAGE: Final[dict[str, Any]] = {
    "type": "object",
    "required": ["call_id"],
    "properties": {
        "type": {"enum": sorted(KINDS - {"ruleset"}), "description": "Left out: a segment."},
        "call_id": _TEXT,
        **_UTTERANCE,
        "id": {"type": ["string", "integer"]},
        "final": {"type": "boolean"},
        "current_code": {"type": ["string", "null"]},
        "code_system": _TEXT,
        "answer": {"enum": list(ANSWERS)},
        "suggestion": {"type": "integer"},
        "reason": _TEXT,
        "snapshot": {"type": "object"},
        "reevaluate": {"type": "boolean"},
    },
}
_CALL: Final[dict[str, Any]] = {
    "type": "object",
    "properties": {
        **dict.fromkeys(("call_id", "text", "current_code", "code_system"), _TEXT),
        "utterances": {"type": "array", "items": {"type": "object", "required": ["text"], "properties": _UTTERANCE}},
    },
}


def _body(schema: dict[str, Any]) -> dict[str, Any]:
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


def create_app(service: Service, *, token: str | None) -> FastAPI:
    """Return the service as an ASGI application.

    ``token`` is what a client must show; ``None`` where something in front sees to that.
    """

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        closing = asyncio.create_task(service.close_idle())
        yield
        closing.cancel()
        await asyncio.to_thread(service.stop)

    app = FastAPI(
        title="triage-triggers",
        version=__version__,
        description="Suggests, never makes, a dispatch-code escalation. A person decides.",
        docs_url=None,  # these pages load scripts from elsewhere
        redoc_url=None,
        lifespan=lifespan,
    )
    app.add_middleware(Gate, token=token, refused=service.watch.refused)

    @app.exception_handler(HTTPException)
    async def refuse(_: Request, refused: HTTPException) -> JSONResponse:
        return JSONResponse({"message": refused.detail}, refused.status_code, refused.headers)

    @app.exception_handler(TriageTriggersError)
    async def fail(_: Request, error: Exception) -> JSONResponse:
        if isinstance(error, LogError):
            service.watch.log_failed()
        return JSONResponse(error_row(error), 503 if isinstance(error, LogError) else 422)

    _tell(app, service)
    _take(app, service)
    return app


async def _body_of(service: Service, request: Request) -> str:
    if wait := service.rate.wait(_client(request)):
        service.watch.refused("too often")
        raise HTTPException(429, "too many requests; wait", {"retry-after": str(int(wait) + 1)})
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > service.limits.most_bytes:
            service.watch.refused("too large")
            raise HTTPException(413, f"at most {service.limits.most_bytes:,} bytes")
    try:
        return found.decode()
    except UnicodeDecodeError:
        raise CallError("this is not UTF-8 text") from None


def _tell(app: FastAPI, service: Service) -> None:
    @app.get("/health", summary="Whether the service runs")
    async def health() -> dict[str, str]:
        return {"status": "up"}

    @app.get("/ready", summary="Whether it takes calls, and under which digest")
    async def ready() -> JSONResponse:
        good, row = await service.aside(service.ready)
        return JSONResponse(row, 200 if good else 503)

    @app.get("/metrics", summary="Prometheus metrics")
    async def metrics() -> Response:
        exposition = service.watch.exposition(service.holder.evaluator.reference)
        return Response(exposition, media_type="text/plain; version=0.0.4; charset=utf-8")


def _take(app: FastAPI, service: Service) -> None:
    @app.post("/v1/evaluate", summary="Evaluate a call that is over", openapi_extra=_body(_CALL))
    async def evaluate(request: Request, current_code: str | None = None) -> JSONResponse:
        body = await _body_of(service, request)
        row, decision = await service.aside(lambda: service.evaluate(body, current_code))
        return JSONResponse(row, headers=None if decision is None else {"x-decision-id": decision})

    @app.post("/v1/messages", summary="A message about an open call; its events", openapi_extra=_body(_MESSAGE))
    async def messages(request: Request) -> JSONResponse:
        rows = await service.answer(message_from_json(await _body_of(service, request)))
        failed = rows[-1].get("error") if rows[-1]["event"] == "error" else None
        status = 200 if failed is None else 503 if failed in {"LogError", "LogBusyError"} else 422
        return JSONResponse({"events": rows}, status)

    @app.post("/v1/ruleset", summary="Load the ruleset again, while calls go on; open calls keep theirs")
    async def ruleset() -> JSONResponse:
        loaded = await asyncio.to_thread(service.load)
        return JSONResponse({"ruleset": loaded.reference._asdict()})

    @app.websocket("/v1/live")
    async def live(socket: WebSocket) -> None:
        await socket.accept()
        with suppress(WebSocketDisconnect):
            while True:
                await _follow(service, socket, await socket.receive_text())


async def _follow(service: Service, socket: WebSocket, line: str) -> None:
    while wait := service.rate.wait(_client(socket)):  # noqa: ASYNC110  what is waited for is time
        await asyncio.sleep(wait)
    try:
        rows = await service.answer(message_from_json(line))
    except CallError as error:
        rows = [{"event": "error", **error_row(error)}]
    for row in rows:
        await socket.send_text(json.dumps(row, allow_nan=False))


def _client(asking: Request | WebSocket) -> str:
    return "" if asking.client is None else asking.client.host
