"""Addresses of servers that a customer runs: read strictly, as secrets travel there."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from bot.errors import FieldFault, Invalid

_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?")
_PATH = re.compile(r"(/[A-Za-z0-9._~-]+)*")
_THIS_MACHINE = ("localhost", "127.0.0.1")


def server_address(text: str, example: str, *, path_ends_before: str | None = None) -> str:
    """The address as it is kept: scheme, host and port, without a slash at the end.

    With `path_ends_before`, the path up to that piece of it belongs to the address, too. Raises `Invalid` for
    the question `url`.
    """
    no_address = Invalid([FieldFault("url", f"This is no address. Enter it as in {example}.")])
    typed = text.strip()
    try:
        parts = urlsplit(typed if "://" in typed else f"https://{typed}")
        host, port = parts.hostname or "", parts.port
    except ValueError:
        raise no_address from None
    # What is not exactly host and port may hold a name and password, or mean another host to another parser.
    if not _HOST.fullmatch(host) or parts.netloc.lower() not in (host, f"{host}:{port}"):
        raise no_address
    if parts.query or parts.fragment:
        raise Invalid([FieldFault("url", f"Enter the server's address alone, as in {example}.")])
    if parts.scheme != "https" and not (parts.scheme == "http" and host in _THIS_MACHINE):
        raise Invalid([FieldFault("url", "The address must begin with https://, as secrets travel to it.")])
    path = "" if path_ends_before is None else parts.path.partition(path_ends_before)[0].rstrip("/")
    if not _PATH.fullmatch(path):
        raise no_address
    return f"{parts.scheme}://{parts.netloc.lower()}{path}"
