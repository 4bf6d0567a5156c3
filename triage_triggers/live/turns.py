"""One thread at a time: what happens when another uses an open call meanwhile, or somebody goes on after its end."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Concatenate, ParamSpec, Protocol, TypeVar

from triage_triggers.errors import CallError

if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import RLock

__all__ = ["alone", "changing"]

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


class Ended(Protocol):
    """An open call, as far as it can be in use or over."""

    _lock: RLock
    _ended: str | None


Used = TypeVar("Used", bound=Ended)


def alone(method: Callable[Concatenate[Used, Given], Answer]) -> Callable[Concatenate[Used, Given], Answer]:
    """Refuse a method of a call while another thread is in one."""

    @wraps(method)
    def guarded(call: Used, /, *args: Given.args, **options: Given.kwargs) -> Answer:
        if not call._lock.acquire(blocking=False):  # noqa: SLF001  the call's own decorator
            raise CallError("another thread is using this call at this moment; use a call from one task or thread")
        try:
            return method(call, *args, **options)
        finally:
            call._lock.release()  # noqa: SLF001

    return guarded


def changing(method: Callable[Concatenate[Used, Given], Answer]) -> Callable[Concatenate[Used, Given], Answer]:
    """Refuse a method of a call that is over, too."""

    @wraps(method)
    def guarded(call: Used, /, *args: Given.args, **options: Given.kwargs) -> Answer:
        if call._ended is not None:  # noqa: SLF001
            raise CallError(f"the call {call._ended}; open it anew, or resume it, to go on")  # noqa: SLF001
        return method(call, *args, **options)

    return alone(guarded)
