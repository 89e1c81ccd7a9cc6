"""Zoho's data centres: where an account lives, and how that is found out on the way back from a sign-in."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import urljoin

from bot.crm._base import ClientApp
from bot.crm._errors import Nonsense

DOMAINS: Mapping[str, str] = {
    "com": "zoho.com",
    "eu": "zoho.eu",
    "uk": "zoho.uk",
    "in": "zoho.in",
    "com.au": "zoho.com.au",
    "jp": "zoho.jp",
    "ca": "zohocloud.ca",
    "sa": "zoho.sa",
    "com.cn": "zoho.com.cn",
}
"""The data centres' domains, by what an account's address there ends in."""
_LOCATIONS: Mapping[str, str] = {
    "us": "com",
    "au": "com.au",
    "cn": "com.cn",
    **{end: end for end in ("eu", "uk", "in", "jp", "ca", "sa")},
}
"""The data centres by the names that the way back from a sign-in has for them."""
BEGIN = "com"
"""Where a sign-in begins for an account whose data centre is not known."""


def domain(answers: Mapping[str, str]) -> str:
    """Where an account lives."""
    return DOMAINS.get(answers.get("data_centre", ""), DOMAINS[BEGIN])


def choices() -> tuple[tuple[str, str], ...]:
    """The choices of where an account lives."""
    return tuple((end, f"recruit.{domain}") for end, domain in DOMAINS.items())


def accounts(domain: str) -> str:
    """The server that people of a data centre sign in to."""
    return f"https://accounts.{domain}"


def found_out(answers: Mapping[str, str], returned: Mapping[str, str], app: ClientApp) -> str:
    """The data centre that the way back names; as asked for if it names none.

    Raises `Nonsense` for a server that is none of Zoho's, letter for letter, and none of the settings'.
    """
    server = returned.get("accounts-server", "").rstrip("/")
    own = urljoin(app.token_url, "/").rstrip("/") if app.token_url else ""
    if server in ("", own):
        return _LOCATIONS.get(returned.get("location", ""), answers.get("data_centre", BEGIN))
    for end, domain in DOMAINS.items():
        if server == accounts(domain):
            return end
    raise Nonsense("Zoho Recruit named a sign-in server that is not Zoho's; the sign-in was not used.")
