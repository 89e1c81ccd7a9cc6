"""Reading a request's body without ever holding more of it than is allowed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from fastapi import Request
from starlette.requests import ClientDisconnect

from bot.web.problems import ENCODED, MALFORMED, TOO_LARGE, ProblemError


def limited_body(max_bytes: int) -> Callable[[Request], Awaitable[bytes]]:
    """A dependency that gives the body, or refuses it with 413 as soon as it passes `max_bytes`, or with 415.

    The server goes on discarding what the client still sends, so that the client can hear the refusal.
    """

    async def read(request: Request) -> bytes:
        _refuse_compression(request)
        announced = request.headers.get("content-length", "")
        if announced.isdecimal() and int(announced) > max_bytes:
            raise _too_large(max_bytes)
        body = bytearray()
        try:
            async for chunk in request.stream():
                if len(body) + len(chunk) > max_bytes:
                    raise _too_large(max_bytes)
                body += chunk
        except ClientDisconnect:
            raise ProblemError(MALFORMED, "The connection ended before the body did.") from None
        return bytes(body)

    return read


def _refuse_compression(request: Request) -> None:
    encodings = ",".join(request.headers.getlist("content-encoding"))
    if any(name.strip().lower() not in ("", "identity") for name in encodings.split(",")):
        raise ProblemError(
            ENCODED,
            "A compressed body is not taken; send it plain, without Content-Encoding.",
            {"Accept-Encoding": "identity"},
        )


def _too_large(max_bytes: int) -> ProblemError:
    limit = f"{max_bytes // 1_000_000} MB" if max_bytes >= 1_000_000 else f"{max_bytes} bytes"
    return ProblemError(TOO_LARGE, f"The body is larger than {limit}; nothing of it was stored.")
