"""JobAdder in a real browser: consent that includes staying signed in, and the candidate's record."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from bot.playground.applicants import sample_applicants
from bot.playground.stage import Stage
from tests.browser import recruiter
from tests.browser.conftest import Keep, stage_beside
from tests.doubles.jobadder import JobAdderDouble

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.timeout(400)]

VENDOR = "https://app.jobadder.com"
AMARA = "Amara Okonkwo"


@pytest.fixture
def running(jobadder: JobAdderDouble, undo_seconds: int) -> Iterator[Stage]:
    """The stage beside JobAdder."""
    with stage_beside(jobadder, undo_seconds) as running:
        yield running


def sign_in(tab: Page, answer: str) -> None:
    """Sign in as Ben and answer the consent."""
    recruiter.type_in(tab, "E-mail", "ben@brightdesk.example", "jobadder", "Sign in")
    tab.get_by_role("heading", name="Allow Handoff?").wait_for()
    tab.get_by_role("button", name=answer).click()


@pytest.mark.parametrize("undo_seconds", [15])
def test_from_the_consent_to_the_record(
    page: Page, running: Stage, jobadder: JobAdderDouble, keep: Keep
) -> None:
    """Denied first, allowed then; Green puts the candidate with CV and note onto the job."""
    modal = recruiter.open_settings(page)
    recruiter.choose_crm(page, modal, "JobAdder")
    tab = recruiter.press_login(page, modal, "JobAdder")
    sign_in(tab, "Deny")
    expect(tab.get_by_role("heading", name="The CRM was not connected")).to_be_visible()
    tab.close()
    expect(modal.get_by_text("consent was not given")).to_be_visible()
    tab = recruiter.press_login(page, modal, "JobAdder")
    recruiter.type_in(tab, "E-mail", "ben@brightdesk.example", "jobadder", "Sign in")
    expect(tab.get_by_text("Stay signed in while you are away")).to_be_visible()
    keep(tab, "jobadder-consent")
    tab.get_by_role("button", name="Allow").click()
    expect(tab.get_by_role("heading", name="JobAdder is connected")).to_be_visible()
    tab.close()
    expect(modal.get_by_text("Connected as")).to_contain_text("Ben Carter · Bright Desk")
    recruiter.tick(modal, "green traffic light")
    recruiter.save(modal)

    running.send(next(sample_applicants()))
    recruiter.be(page, "Ben Carter")
    card = recruiter.card(page, AMARA)
    recruiter.press(card, "Green")
    expect(card.get_by_text("waiting: goes to JobAdder and the vacancy")).to_be_visible()
    expect(card.get_by_text("sent to JobAdder and the vacancy")).to_be_visible()
    recruiter.lead(page, VENDOR, jobadder.base_url)
    record = recruiter.open_record(page, card, "JobAdder")
    expect(record.get_by_role("heading", name=AMARA)).to_be_visible()
    assert record.url.startswith(f"{VENDOR}/candidates/")
    expect(record.get_by_text("Site Engineer (JOB-42)", exact=True)).to_be_visible()
    expect(record.get_by_text("New", exact=True)).to_be_visible()
    expect(record.get_by_role("link", name="Amara Okonkwo CV.pdf")).to_be_visible()
    expect(record.get_by_text("Decided in Slack by Ben Carter")).to_be_visible()
    keep(record, "jobadder-record")
