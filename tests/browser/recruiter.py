"""What people do in the playground's page, in their words."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page, Request, Route


def be(page: Page, name: str) -> None:
    """Look with this person's eyes."""
    page.get_by_role("button", name=re.compile(f"Act as {name}")).click()


def command(page: Page, text: str) -> None:
    """Send a slash command from the composer."""
    composer = page.get_by_role("textbox", name="Message #applicants")
    composer.fill(text + " ")
    composer.press("Enter")


def settings(page: Page) -> Locator:
    """The open settings modal."""
    modal = page.get_by_role("dialog", name="Handoff settings")
    modal.wait_for()
    return modal


def open_settings(page: Page) -> Locator:
    """Type the command; the modal it opens."""
    command(page, "/handoff-settings")
    return settings(page)


def choose_crm(page: Page, modal: Locator, name: str = "Demo CRM") -> None:
    """Pick a CRM from the menu."""
    modal.get_by_role("combobox", name="Select CRM").click()
    page.get_by_role("option", name=name, exact=True).click()


def press_login(page: Page, modal: Locator, crm: str) -> Page:
    """Press Login; the tab that the CRM's sign-in opens in."""
    login = modal.get_by_text(f"Login to {crm}")
    login.wait_for()
    with page.context.expect_page() as opened:
        login.click()
    return opened.value


def sign_in(page: Page, modal: Locator, account: str = "Priya Shah") -> Page:
    """Press Login and go through the demo CRM's sign-in and consent; the page it ends on, in its own tab."""
    tab = press_login(page, modal, "Demo CRM")
    tab.get_by_text(account).first.click()
    tab.get_by_role("button", name="Allow").click()
    tab.get_by_role("heading", name="Demo CRM is connected").wait_for()
    return tab


def type_in(tab: Page, label: str, name: str, password: str, button: str) -> None:
    """Fill in a sign-in page and press its button."""
    tab.get_by_label(label).fill(name)
    tab.get_by_label("Password").fill(password)
    tab.get_by_role("button", name=button).click()


def tick(modal: Locator, label: str) -> None:
    """Tick the box whose label contains these words."""
    modal.get_by_role("checkbox", name=re.compile(label)).check()


def save(modal: Locator) -> None:
    """Press Save settings and see the modal close."""
    modal.get_by_role("button", name="Save settings").click()
    modal.wait_for(state="detached")


def card(page: Page, name: str) -> Locator:
    """The card of the applicant with this name."""
    found = (
        page.get_by_role("article").filter(has_text=name).filter(has=page.get_by_role("button", name="Green"))
    )
    return found.last


def press(card: Locator, name: str) -> None:
    """Press a button on a card."""
    card.get_by_role("button", name=re.compile(name)).first.click()


def open_record(page: Page, card: Locator, crm: str) -> Page:
    """Follow the card's link to the CRM; the tab with the record."""
    with page.context.expect_page() as opened:
        card.get_by_text(f"Open in {crm}").click()
    return opened.value


def lead(page: Page, vendor: str, double: str) -> None:
    """Let the vendor's own address show what its double has there."""

    def answer(route: Route, request: Request) -> None:
        asked = request.url.removeprefix(vendor)
        route.fulfill(response=page.context.request.get(f"{double}{asked}"))

    page.context.route(f"{vendor}/**", answer)
