"""The recruiter's day in a real browser: from the settings to the candidate's page with CV in the CRM."""

from __future__ import annotations

import re
from itertools import islice

import pytest
from playwright.sync_api import Page, expect

from bot.playground.applicants import sample_applicants
from bot.playground.stage import Stage
from tests.browser import recruiter
from tests.browser.conftest import Keep

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser"), pytest.mark.timeout(400)]

AMARA, DANIEL, ANA = "Amara Okonkwo", "Daniel Whitaker", "Ana Novák"


def arrive(running: Stage, count: int = 3) -> None:
    """Let the first applicants in."""
    for applicant in islice(sample_applicants(), count):
        running.send(applicant)


def connect(page: Page, *boxes: str) -> None:
    """Connect the demo CRM and tick boxes, as the admin does."""
    modal = recruiter.open_settings(page)
    recruiter.choose_crm(page, modal)
    recruiter.sign_in(page, modal).close()
    expect(modal.get_by_text("Connected as")).to_be_visible()
    for box in boxes:
        recruiter.tick(modal, box)
    recruiter.save(modal)


@pytest.mark.parametrize("undo_seconds", [15])
def test_from_the_settings_to_the_candidate_in_the_crm(page: Page, running: Stage, keep: Keep) -> None:
    """An admin signs in, a recruiter presses Green, and the CRM's page has the candidate with CV."""
    modal = recruiter.open_settings(page)
    recruiter.choose_crm(page, modal)
    tab = recruiter.sign_in(page, modal)
    keep(tab, "connected")
    tab.close()
    expect(modal.get_by_text("Connected as")).to_be_visible()
    recruiter.tick(modal, "green traffic light")
    expect(
        modal.get_by_text("An applicant goes to Demo CRM and the vacancy when someone presses Green")
    ).to_be_visible()
    recruiter.tick(modal, "specific status")
    expect(modal.get_by_text("Status that forwards")).to_be_visible()
    keep(page, "settings")
    modal.get_by_role("checkbox", name=re.compile("specific status")).uncheck()
    expect(modal.get_by_text("Status that forwards")).to_have_count(0)
    recruiter.save(modal)
    expect(page.get_by_text("Settings saved")).to_be_visible()

    arrive(running)
    recruiter.be(page, "Ana Lindqvist")
    card = recruiter.card(page, DANIEL)
    recruiter.press(card, "Green")
    expect(card.get_by_text("waiting: goes to Demo CRM and the vacancy")).to_be_visible()
    expect(card.get_by_role("button", name="Undo")).to_be_visible()
    keep(page, "card-waiting")
    expect(card.get_by_text("sent to Demo CRM and the vacancy")).to_be_visible()
    expect(card.get_by_role("button", name="Undo")).to_have_count(0)
    crm = page.frame_locator("iframe")
    expect(crm.get_by_text(DANIEL)).to_be_visible()
    keep(page, "handoff")

    with page.context.expect_page() as opened:
        card.get_by_text("Open in Demo CRM").click()
    candidate = opened.value
    expect(candidate.get_by_role("heading", name=DANIEL)).to_be_visible()
    expect(candidate.get_by_text("Daniel Whitaker CV.docx").first).to_be_visible()
    expect(candidate.get_by_text("JOB-44").first).to_be_visible()
    expect(candidate.get_by_text("Decided in Slack by Ana Lindqvist").first).to_be_visible()
    keep(candidate, "candidate")


@pytest.mark.parametrize("undo_seconds", [15])
def test_undo_takes_all_back_and_nothing_leaves(page: Page, running: Stage) -> None:
    """Undo in time puts the card back as it was, and the CRM never hears of the applicant."""
    connect(page, "green traffic light")
    arrive(running, 2)
    card, later = recruiter.card(page, AMARA), recruiter.card(page, DANIEL)
    recruiter.press(card, "Green")
    recruiter.press(card, "Undo")
    expect(card.get_by_text("not decided yet")).to_be_visible()
    recruiter.press(later, "Green")
    expect(later.get_by_text("sent to Demo CRM and the vacancy")).to_be_visible()
    # What would have left, would have left before the one decided after it.
    assert not [person for person in running.crm.people() if person.last_name == "Okonkwo"]


def test_amber_goes_to_the_crm_alone_and_red_goes_nowhere(page: Page, running: Stage, keep: Keep) -> None:
    """Keep on file makes a person without an application; Rejected makes nothing."""
    connect(page, "keep on file")
    arrive(running, 2)
    amber, red = recruiter.card(page, AMARA), recruiter.card(page, DANIEL)
    recruiter.press(amber, "Amber")
    recruiter.press(red, "Red")
    expect(amber.get_by_text("sent to Demo CRM", exact=False)).to_be_visible()
    expect(amber.get_by_text("Keep on file").first).to_be_visible()
    expect(red.get_by_text("Rejected").first).to_be_visible()
    keep(page, "amber-and-red")
    people = {person.last_name: person for person in running.crm.people()}
    assert "Whitaker" not in people
    assert running.crm.applications(people["Okonkwo"].id) == []
    assert len(running.crm.files(people["Okonkwo"].id)) == 1


def test_a_failed_handoff_says_why_and_retry_heals_it(page: Page, running: Stage, keep: Keep) -> None:
    """A CRM that declines shows its reason on the card, and one press of Retry sends it."""
    connect(page, "green traffic light")
    arrive(running, 1)
    running.crm.faults.add(kind="status", status=422, method="POST", path="/api/v1/people")
    card = recruiter.card(page, AMARA)
    recruiter.press(card, "Green")
    expect(card.get_by_text("failed:")).to_be_visible()
    keep(page, "failed")
    recruiter.press(card, "Retry")
    expect(card.get_by_text("sent to Demo CRM and the vacancy")).to_be_visible()


def test_answers_contact_and_cv_are_one_tap_away(page: Page, running: Stage, keep: Keep) -> None:
    """The card opens a modal with what the applicant wrote, and the CV in the browser."""
    arrive(running, 1)
    card = recruiter.card(page, AMARA)
    recruiter.press(card, "Answers")
    modal = page.get_by_role("dialog", name="Answers & contact")
    expect(modal.get_by_text("E-mail:")).to_be_visible()
    keep(page, "answers")
    modal.get_by_role("button", name="Close").last.click()
    with page.context.expect_page() as opened:
        recruiter.press(card, "^CV")
    assert opened.value.url.endswith(".pdf")


def test_on_a_phone_in_the_dark(browser_phone: Page, running: Stage, keep: Keep) -> None:
    """The card is readable and pressable at 390 points' width, in the dark."""
    arrive(running, 2)
    card = recruiter.card(browser_phone, DANIEL)
    recruiter.press(card, "Red")
    expect(card.get_by_text("Rejected").first).to_be_visible()
    keep(browser_phone, "phone")
    width = browser_phone.evaluate("document.documentElement.scrollWidth")
    assert width <= 390
