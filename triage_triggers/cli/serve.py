"""``triage-triggers serve``: calls over HTTP and WebSocket, for systems in any language."""

from __future__ import annotations

import ipaddress
import os
import signal
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Annotated, Final

import typer
from typer import Option

from triage_triggers.cli.inputs import CurrentCode, Rules, RulesetOption  # noqa: TC001  Typer reads them
from triage_triggers.cli.say import complain, say
from triage_triggers.errors import CallError, MissingExtraError, TriageTriggersError
from triage_triggers.record.entries import TEXT_MODES, TextMode
from triage_triggers.record.log import DecisionLog
from triage_triggers.service.bundle import Pull
from triage_triggers.service.holder import EvaluatorHolder, yielding
from triage_triggers.service.limits import Limits

if TYPE_CHECKING:
    from collections.abc import Callable

    from triage_triggers.evaluator import Evaluator

__all__ = ["run"]

TOKEN: Final = "TRIAGE_TRIGGERS_TOKEN"  # noqa: S105  the variable's name, not the token
_SHORTEST: Final = 16
_LOG: Final = Path("decisions.db")
_LIMITS: Final = Limits()


def run(
    *,
    ruleset: RulesetOption,
    rules: Rules,
    host: Annotated[
        str, Option(metavar="ADDRESS", help="Where to listen; by default to this computer alone.")
    ] = "127.0.0.1",
    port: Annotated[int, Option(min=0, max=65535, help="0: any that is free.")] = 8000,
    log: Annotated[Path, Option(metavar="FILE", help="The decision log; made if it is not there.")] = _LOG,
    text: Annotated[
        TextMode, Option(metavar="MODE", help=f"What the log keeps of calls: {', '.join(TEXT_MODES)}.")
    ] = "none",
    no_log: Annotated[bool, Option("--no-log", help="Keep no decision log.")] = False,
    key: Annotated[
        Path | None,
        Option(
            metavar="FILE",
            help="A public key: the ruleset then is a signed bundle, in a file, a folder or at an https address.",
        ),
    ] = None,
    every: Annotated[
        float, Option(metavar="SECONDS", min=0, help="With --key: how often to look for a newer one.")
    ] = 60.0,
    token_file: Annotated[Path | None, Option(metavar="FILE", help=f"Holds the bearer token; or set {TOKEN}.")] = None,
    no_token: Annotated[
        bool, Option("--no-token", help="Answer everybody: where a proxy in front knows its clients (mTLS).")
    ] = False,
    rate: Annotated[
        float, Option(metavar="N", min=0.1, help="How many messages a second a client may send.")
    ] = _LIMITS.rate,
    most_open: Annotated[
        int, Option(metavar="N", min=1, help="How many calls may be open at once.")
    ] = _LIMITS.most_open,
    current_code: CurrentCode = None,
) -> None:
    """Serve calls over HTTP and WebSocket: evaluate, open calls, readiness, metrics; every decision logged.

    It listens on this computer alone unless told otherwise, and answers only who shows the token. SIGHUP, or POST
    /v1/ruleset, loads the ruleset again while calls go on. docs/integrators.md goes through it step by step.

    Examples:
        triage-triggers serve -r uk-ambulance --token-file my-token.txt
        triage-triggers serve -r my-ruleset/ --log my-decisions.db --text full --token-file my-token.txt
    """
    token = _token(token_file, no_token=no_token)
    with ExitStack() as stack:
        pull = None if key is None else Pull(ruleset, key.read_bytes())
        compiled = partial(rules.evaluator, ruleset) if pull is None else pull.evaluator
        evaluator = compiled()
        opened = None if no_log else stack.enter_context(DecisionLog.open(log, text=text))
        holder = EvaluatorHolder(evaluator if opened is None else opened.attach(evaluator))

        def load() -> Evaluator:
            with yielding():
                return holder.put(compiled())

        try:
            import uvicorn  # noqa: PLC0415  an extra

            from triage_triggers.service.answering import Service  # noqa: PLC0415
            from triage_triggers.service.app import create_app  # noqa: PLC0415
        except ModuleNotFoundError:
            raise MissingExtraError("the service", "service") from None
        limits = Limits(rate=rate, most_open=most_open)
        app = create_app(Service(holder, opened, load, limits, current_code), token=token)
        config = uvicorn.Config(
            app,
            host,
            port,
            access_log=False,  # it would name calls
            log_level="warning",
            server_header=False,
            ws_max_size=limits.most_bytes,
            ws_max_queue=8,
            timeout_graceful_shutdown=5,
        )
        signal.signal(signal.SIGTERM, _stop)  # uvicorn sends it again once it has stopped, and the log is to be closed
        if pull is not None and every:
            Thread(target=pull.watch, args=(every, partial(_reload, load)), daemon=True).start()
        if hasattr(signal, "SIGHUP"):
            signal.signal(signal.SIGHUP, lambda *_: Thread(target=_reload, args=(load,)).start())
        socket = config.bind_socket()
        socket.listen(config.backlog)  # who reads the next line may ask at once
        where = f"http://{host}:{socket.getsockname()[1]}"
        say(f"{_named(holder.evaluator)} on {where}; log: {'off' if no_log else log}", err=True)
        if token is None and not _is_here(host):
            say("anybody who reaches this address is answered; see that a proxy in front knows its clients", err=True)
        uvicorn.Server(config).run(sockets=[socket])


def _named(evaluator: Evaluator) -> str:
    reference = evaluator.reference
    return f"{reference.id} {reference.version} ({reference.digest})"


def _stop(number: int, _frame: object) -> None:
    raise SystemExit(128 + number)


def _reload(load: Callable[[], Evaluator]) -> None:
    try:
        say(f"now {_named(load())}", err=True)
    except (TriageTriggersError, OSError) as error:
        complain(f"the ruleset is as it was: {error}")


def _token(file: Path | None, *, no_token: bool) -> str | None:
    if no_token:
        return None
    token = (os.environ.get(TOKEN, "") if file is None else file.read_text(encoding="ascii", errors="replace")).strip()
    if not token:
        message = f"name a file with the token, set {TOKEN}, or say --no-token"
        raise typer.BadParameter(message, param_hint="--token-file")
    if len(token) < _SHORTEST or not token.isascii() or not token.isprintable():
        raise CallError(f"a token is at least {_SHORTEST} characters of ASCII; 'openssl rand -hex 32' makes one")
    return token


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
