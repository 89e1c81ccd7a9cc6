"""Bullhorn in a real browser: from the user name that finds the data centre to the candidate's record."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import pytest
from playwright.sync_api import Locator, Page, expect

from bot.playground.applicants import sample_applicants
from bot.playground.stage import Stage
from tests.browser import recruiter
from tests.browser.conftest import Keep, stage_beside
from tests.doubles.bullhorn import BullhornDouble

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.timeout(400)]

VENDOR = "https://www.bullhornstaffing.com"
AMARA, ANA = "Amara Okonkwo", "Ana Novák"
NO_LONGER = "Bullhorn no longer accepts"


@pytest.fixture
def running(bullhorn: BullhornDouble, undo_seconds: int) -> Iterator[Stage]:
    """The stage beside Bullhorn, whose account lives in another data centre than the one asked first."""
    bullhorn.move()
    with stage_beside(bullhorn, undo_seconds) as running:
        yield running


def arrive(running: Stage, count: int = 1) -> None:
    """Let the first applicants for a job that Bullhorn knows in."""
    fitting = (one for one in sample_applicants() if one["vacancy"]["reference"] == "JOB-42")
    for applicant in islice(fitting, count):
        running.send(applicant)


def name_the_user(modal: Locator, username: str) -> None:
    """Type the user name and have it looked up."""
    modal.get_by_label("Bullhorn user name").fill(username)
    modal.get_by_role("button", name="Check").first.click()


def sign_in(tab: Page, answer: str = "Agree") -> None:
    """Sign in as Priya and answer the terms."""
    recruiter.type_in(tab, "User name", "priya", "bullhorn", "Login")
    tab.get_by_role("heading", name="Terms of Service").wait_for()
    tab.get_by_role("button", name=answer).click()


def connect(page: Page) -> None:
    """Connect Bullhorn, tick Green and save, as the admin does."""
    modal = recruiter.open_settings(page)
    recruiter.choose_crm(page, modal, "Bullhorn")
    name_the_user(modal, "priya")
    tab = recruiter.press_login(page, modal, "Bullhorn")
    sign_in(tab)
    tab.get_by_role("heading", name="Bullhorn is connected").wait_for()
    tab.close()
    expect(modal.get_by_text("Connected as")).to_be_visible()
    recruiter.tick(modal, "green traffic light")
    recruiter.save(modal)


def messages(page: Page) -> Locator:
    """What Handoff wrote to this person alone, in its own place."""
    page.get_by_role("navigation", name="Workspace").get_by_role("button", name="Handoff").click()
    page.get_by_role("tab", name="Messages").click()
    return page.get_by_role("tabpanel", name="Messages")


@pytest.mark.parametrize("undo_seconds", [15])
def test_from_the_user_name_to_the_record(
    page: Page, running: Stage, bullhorn: BullhornDouble, keep: Keep
) -> None:
    """A wrong user name is told beside its field; the right one leads to the sign-in, Green to the record."""
    modal = recruiter.open_settings(page)
    recruiter.choose_crm(page, modal, "Bullhorn")
    name_the_user(modal, "pria")
    expect(modal.get_by_text("Bullhorn knows no such user")).to_be_visible()
    expect(modal.get_by_text("Login to Bullhorn")).to_have_count(0)
    keep(page, "bullhorn-wrong-user")
    name_the_user(modal, "priya")
    tab = recruiter.press_login(page, modal, "Bullhorn")
    recruiter.type_in(tab, "User name", "priya", "wrong", "Login")
    expect(tab.get_by_role("alert")).to_be_visible()
    keep(tab, "bullhorn-sign-in")
    recruiter.type_in(tab, "User name", "priya", "bullhorn", "Login")
    tab.get_by_role("heading", name="Terms of Service").wait_for()
    keep(tab, "bullhorn-terms")
    tab.get_by_role("button", name="Agree").click()
    expect(tab.get_by_role("heading", name="Bullhorn is connected")).to_be_visible()
    keep(tab, "bullhorn-connected")
    tab.close()
    expect(modal.get_by_text("Connected as")).to_contain_text("Priya Shah · Bright Desk")
    recruiter.tick(modal, "green traffic light")
    told = "An applicant goes to Bullhorn and the vacancy when someone presses Green"
    expect(modal.get_by_text(told)).to_be_visible()
    keep(page, "bullhorn-settings")
    recruiter.save(modal)

    arrive(running)
    recruiter.be(page, "Ana Lindqvist")
    card = recruiter.card(page, AMARA)
    recruiter.press(card, "Green")
    expect(card.get_by_text("waiting: goes to Bullhorn and the vacancy")).to_be_visible()
    assert bullhorn.site.records.tables["Candidate"] == {}
    expect(card.get_by_text("sent to Bullhorn and the vacancy")).to_be_visible()
    keep(page, "bullhorn-sent")

    recruiter.lead(page, VENDOR, bullhorn.base_url)
    record = recruiter.open_record(page, card, "Bullhorn")
    expect(record.get_by_role("heading", name=AMARA)).to_be_visible()
    assert record.url.startswith(f"{VENDOR}/BullhornStaffing/OpenWindow.cfm?entity=Candidate&id=")
    expect(record.get_by_text("Site Engineer", exact=True)).to_be_visible()
    expect(record.get_by_text("New Lead", exact=True)).to_be_visible()
    expect(record.get_by_text("JOB-42 · job 991")).to_be_visible()
    expect(record.get_by_role("link", name="Amara Okonkwo CV.pdf")).to_be_visible()
    expect(record.get_by_text("Decided in Slack by Ana Lindqvist")).to_be_visible()
    keep(record, "bullhorn-record")


def test_who_cancels_at_bullhorn_can_try_again(page: Page, running: Stage, keep: Keep) -> None:
    """The page says that nothing was connected, and the open modal has a fresh Login that works."""
    modal = recruiter.open_settings(page)
    recruiter.choose_crm(page, modal, "Bullhorn")
    name_the_user(modal, "priya")
    tab = recruiter.press_login(page, modal, "Bullhorn")
    sign_in(tab, answer="Cancel")
    expect(tab.get_by_role("heading", name="The CRM was not connected")).to_be_visible()
    expect(tab.get_by_text("consent was not given")).to_be_visible()
    keep(tab, "bullhorn-cancelled")
    tab.close()
    expect(modal.get_by_text("consent was not given")).to_be_visible()
    keep(page, "bullhorn-cancelled-modal")
    again = recruiter.press_login(page, modal, "Bullhorn")
    sign_in(again)
    expect(again.get_by_role("heading", name="Bullhorn is connected")).to_be_visible()
    again.close()
    expect(modal.get_by_text("Connected as")).to_be_visible()


def test_a_sign_in_that_ends_holds_all_until_the_next_one(
    page: Page, running: Stage, bullhorn: BullhornDouble, keep: Keep
) -> None:
    """Cards say that a sign-in is needed, admins hear of it once, and signing in again lets all go."""
    connect(page)
    arrive(running, 2)
    first, second = recruiter.card(page, AMARA), recruiter.card(page, ANA)
    expect(first).to_be_visible()
    expect(second).to_be_visible()
    bullhorn.site.end_sessions()
    bullhorn.site.sign_in.revoke_all()
    for card in (first, second):
        recruiter.press(card, "Green")
        expect(card.get_by_text("waiting: sign in to Bullhorn")).to_be_visible()
    keep(page, "bullhorn-ended")

    told = messages(page)
    expect(told.get_by_text(NO_LONGER)).to_have_count(1)
    page.get_by_role("tab", name="Home").click()
    expect(page.get_by_role("tabpanel", name="Home").get_by_text(NO_LONGER)).to_be_visible()
    keep(page, "bullhorn-ended-home")
    page.get_by_role("button", name="Open settings").click()
    modal = recruiter.settings(page)
    expect(modal.get_by_text(NO_LONGER)).to_be_visible()
    keep(page, "bullhorn-ended-settings")
    tab = recruiter.press_login(page, modal, "Bullhorn")
    sign_in(tab)
    expect(tab.get_by_role("heading", name="Bullhorn is connected")).to_be_visible()
    tab.close()
    expect(modal.get_by_text("Connected as")).to_be_visible()
    recruiter.save(modal)
    page.get_by_role("tab", name="Messages").click()
    expect(told.get_by_text("Bullhorn is connected again")).to_be_visible()
    expect(told.get_by_text(NO_LONGER)).to_have_count(1)
    page.get_by_role("navigation", name="Workspace").get_by_role("button", name="applicants").click()
    for card in (first, second):
        expect(card.get_by_text("sent to Bullhorn and the vacancy")).to_be_visible()
