"""What people do in the playground's page, in their words."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, Page


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


def choose_demo_crm(page: Page, modal: Locator) -> None:
    """Pick the demo CRM from the menu."""
    modal.get_by_role("combobox", name="Select CRM").click()
    page.get_by_role("option", name="Demo CRM").click()


def sign_in(page: Page, modal: Locator, account: str = "Priya Shah") -> Page:
    """Press Login and go through the CRM's sign-in and consent; the page it ends on, in its own tab."""
    login = modal.get_by_text("Login to Demo CRM")
    login.wait_for()
    with page.context.expect_page() as opened:
        login.click()
    tab = opened.value
    tab.get_by_text(account).first.click()
    tab.get_by_role("button", name="Allow").click()
    tab.get_by_role("heading", name="Demo CRM is connected").wait_for()
    return tab


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
