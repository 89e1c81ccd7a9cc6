"""Addresses that an admin typed: only public ones are called, not what stands beside the bot."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter

from bot.crm._errors import Declined, Unavailable

_Address = ipaddress.IPv4Address | ipaddress.IPv6Address
LookUp = Callable[[str, int], str]
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


def is_this_machine(host: str) -> bool:
    """Whether the host is this machine as people write it: localhost, 127.0.0.1 or [::1]."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_public(address: str) -> bool:
    """Whether an IP address is anybody's: not private, link-local, loopback or reserved."""
    found = _inside(ipaddress.ip_address(address.partition("%")[0]))
    return found.is_global and not found.is_multicast


def public_address(host: str, port: int, name: str) -> str:
    """An IP address of the host, if all are public. Raises `Declined`, and `Unavailable` if not found."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unavailable(f"{name}: the address's host is not found at the moment.") from None
    addresses = [str(entry[4][0]) for entry in found]
    if not addresses or not all(is_public(address) for address in addresses):
        raise Declined(
            f"{name}: the address leads into a private network, where Handoff does not go. "
            "Whoever runs Handoff can allow its host in the settings."
        )
    return addresses[0]


class PublicOnly(HTTPAdapter):
    """Connects to the very address that was looked at: between two look-ups a name could change its mind.

    `name` is the CRM's, for the words of a refusal; `look_up` gives the address of a host and port.
    """

    def __init__(self, name: str, look_up: LookUp | None = None) -> None:
        self._look_up = look_up or (lambda host, port: public_address(host, port, name))
        super().__init__()

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> tuple[Any, Any]:
        """The pool's key with the address in place of the name, which the certificate is still held to."""
        where, how = super().build_connection_pool_key_attributes(request, verify, cert)
        host = urlsplit(str(request.url)).hostname or ""
        address = self._look_up(host, where.get("port") or 443)
        named = {"server_hostname": host, "assert_hostname": host}
        return {**where, "host": address}, {**how, **named}

    def add_headers(self, request: requests.PreparedRequest, **_: Any) -> None:
        """The name goes along for whoever serves several of them."""
        request.headers["Host"] = urlsplit(str(request.url)).netloc


def _inside(address: _Address) -> _Address:
    # An IPv4 address can come in an IPv6 one's clothes.
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return address.ipv4_mapped
        if address.sixtofour is not None:
            return address.sixtofour
        if address in _NAT64:
            return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address
