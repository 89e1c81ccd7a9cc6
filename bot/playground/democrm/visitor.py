"""A person at the demo CRM's sign-in without a browser: reads the pages, chooses an account, answers."""

from html.parser import HTMLParser
from urllib.parse import urljoin

import requests

TIMEOUT = 10


def answer_consent(authorize_url: str, email: str, allow: bool) -> str:
    """Open the sign-in, take the account with that e-mail, press Allow or Deny; where the browser is sent."""
    with requests.Session() as browser:
        sign_in = browser.get(authorize_url, timeout=TIMEOUT)
        sign_in.raise_for_status()
        choice = _Parts(sign_in.text).accounts.get(email)
        if choice is None:
            raise LookupError(f"The sign-in page offers no account for {email}.")
        consent = browser.get(urljoin(sign_in.url, choice), timeout=TIMEOUT)
        consent.raise_for_status()
        form = _Parts(consent.text).fields | {"decision": "allow" if allow else "deny"}
        answer = browser.post(consent.url, form, timeout=TIMEOUT, allow_redirects=False)
        return answer.headers["Location"]


class _Parts(HTMLParser):
    """The account links and the hidden fields of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.accounts: dict[str, str] = {}
        self.fields: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "a" and "data-account" in found:
            self.accounts[found["data-account"]] = found["href"]
        if tag == "input" and found.get("type") == "hidden":
            self.fields[found["name"]] = found["value"]
