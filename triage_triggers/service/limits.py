"""Who may ask the service, how much at a time, and how often."""

from __future__ import annotations

import hmac
import json
from dataclasses import dataclass
from time import monotonic
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["Gate", "Limits", "Rate"]

OPEN_TO_ALL: Final = frozenset({"/health", "/ready"})


@dataclass(frozen=True, slots=True)
class Limits:
    """What the service takes before it refuses.

    ``rate`` is how many messages a second one client may send over a longer time; what is over it on a WebSocket waits,
    and over HTTP is refused with 429. ``most_text`` counts the characters of one open call, as an open call is read
    again whole at each change. A call that nothing came for in ``most_idle`` seconds is closed.
    """

    rate: float = 200.0
    most_bytes: int = 1_000_000
    most_open: int = 5_000
    most_text: int = 300_000
    most_idle: float = 4 * 3600.0


class Rate:
    """A bucket for each client, from which every message takes one, and which fills again with time."""

    def __init__(self, rate: float, clock: Callable[[], float] = monotonic) -> None:
        self._rate, self._most, self._clock = rate, max(2 * rate, 1.0), clock
        self._left: dict[str, tuple[float, float]] = {}

    def wait(self, client: str) -> float:
        """Take one from a client's bucket; or return how many seconds there will be none.

        >>> rate = Rate(1.0, clock=lambda: 0.0)
        >>> [rate.wait("a"), rate.wait("a"), rate.wait("a"), rate.wait("b")]
        [0.0, 0.0, 1.0, 0.0]
        """
        now = self._clock()
        left, since = self._left.get(client, (self._most, now))
        left = min(self._most, left + (now - since) * self._rate)
        if left < 1:
            return (1 - left) / self._rate
        if len(self._left) > 10_000:  # noqa: PLR2004  more clients than a control room has
            self._left.clear()
        self._left[client] = (left - 1, now)
        return 0.0


class Gate:
    """Refuses, before anything is read, who has no token, and browsers, as a page anywhere could ask in their name."""

    def __init__(self, app: ASGIApp, *, token: str | None, refused: Callable[[str], object]) -> None:
        self._app, self._refused = app, refused
        self._wanted = None if token is None else f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        why = self._why_not(scope) if scope["type"] in {"http", "websocket"} else None
        if why is None:
            await self._app(scope, receive, send)
            return
        status, message = why
        self._refused(message)
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = [(b"content-type", b"application/json")]
        if status == 401:  # noqa: PLR2004
            headers.append((b"www-authenticate", b"Bearer"))
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": json.dumps({"message": message}).encode()})

    def _why_not(self, scope: Scope) -> tuple[int, str] | None:
        headers = dict(scope["headers"])
        if b"origin" in headers:
            return 403, "web pages may not ask this service"
        if scope["path"] in OPEN_TO_ALL or self._wanted is None:
            return None
        if hmac.compare_digest(headers.get(b"authorization", b""), self._wanted):
            return None
        return 401, "a bearer token is needed"
