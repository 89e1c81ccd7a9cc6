"""The demo CRM's pages, as text and in a browser."""

from collections.abc import Iterator

import pytest
import requests
from playwright.sync_api import Browser, Page, expect

from bot.playground.democrm import DemoCrm

from .client import Client

ANA, SITE_ENGINEER = 1001, 991
HOSTILE = "<img src=x onerror=alert(1)>\"'&"


def read(crm: DemoCrm, path: str) -> str:
    """A page's HTML."""
    response = requests.get(crm.base_url + path, timeout=30)
    assert response.status_code == 200
    return response.text


def test_pages_show_what_is_there(crm: DemoCrm, client: Client) -> None:
    """People newest first; a person with contact data, owner, file, note and vacancy; a vacancy by stage."""
    client.call("POST", f"/people/{ANA}/files", files={"file": ("Ana CV.pdf", b"%PDF-1.4")})
    client.post(f"/people/{ANA}/notes", text="Green by Priya")
    client.post("/applications", person_id=ANA, vacancy_id=SITE_ENGINEER, stage="shortlist", source="Indeed")
    people = read(crm, "/people")
    assert people.index("Grace Adeyemi") < people.index("Callum Reid") < people.index("Ana Novák")
    person = read(crm, f"/people/{ANA}")
    for part in ("ana.novak@example.com", "+44 7700 900142", "Ben Carter", "Careers fair", "Ana CV.pdf"):
        assert part in person
    for part in ("Green by Priya", "JOB-42", "Shortlist", "signed in by Priya Shah"):
        assert part in person
    vacancy = read(crm, f"/vacancies/{SITE_ENGINEER}")
    assert vacancy.index("Shortlist") < vacancy.index("Ana Novák")
    assert "Closed" in read(crm, "/vacancies")


def test_hostile_text_is_shown_as_typed(crm: DemoCrm, client: Client) -> None:
    """Nothing anybody typed becomes markup, on any page."""
    fields = dict.fromkeys(("first_name", "last_name", "location", "headline", "source"), HOSTILE)
    person = client.post("/people", **fields, skills=[HOSTILE], links=['https://x.example/"><b>']).json()
    client.post(f"/people/{person['id']}/notes", text=HOSTILE)
    client.call("POST", f"/people/{person['id']}/files", files={"file": (f"{HOSTILE}.txt", b"x")})
    client.post("/applications", person_id=person["id"], vacancy_id=SITE_ENGINEER, source=HOSTILE)
    for path in ("/people", f"/people/{person['id']}", f"/vacancies/{SITE_ENGINEER}"):
        page = read(crm, path)
        assert "&lt;img src=x onerror=alert(1)&gt;" in page
        assert "<img src=x" not in page
        assert "<b>" not in page


def test_pages_may_be_framed_on_this_machine_only(crm: DemoCrm) -> None:
    """And bring no script or style from anywhere else."""
    policy = requests.get(f"{crm.base_url}/people", timeout=30).headers["Content-Security-Policy"]
    assert policy.endswith("frame-ancestors http://127.0.0.1:* http://localhost:*")
    assert "default-src 'none'; script-src 'self'" in policy


def test_a_missing_record_has_a_friendly_page(crm: DemoCrm) -> None:
    """With a way on."""
    for path in ("/people/5", "/people/x", "/nothing", "/vacancies/5"):
        response = requests.get(crm.base_url + path, timeout=30)
        assert response.status_code == 404
        assert 'href="/people"' in response.text


def test_a_document_opens_or_is_saved(crm: DemoCrm, client: Client) -> None:
    """PDF opens, Word is saved, both byte for byte and never sniffed."""
    for name, opens in (("cv.pdf", True), ("cv.docx", False)):
        stored = client.call("POST", f"/people/{ANA}/files", files={"file": (name, b"\x00<html>")}).json()
        page = requests.get(f"{crm.base_url}/people/{ANA}/files/{stored['id']}", timeout=30)
        assert page.content == b"\x00<html>"
        assert page.headers["Content-Disposition"].startswith("inline" if opens else "attachment")
        assert page.headers["X-Content-Type-Options"] == "nosniff"


def test_the_api_describes_itself(crm: DemoCrm) -> None:
    """`/docs` is there and every API route is described."""
    assert "swagger" in read(crm, "/docs")
    paths = requests.get(f"{crm.base_url}/openapi.json", timeout=30).json()["paths"]
    operations = [operation for path in paths.values() for operation in path.values()]
    assert len(operations) >= 20
    assert all(operation["description"] for operation in operations)


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A phone-sized browser page that fails the test on any script error."""
    page = browser.new_page(viewport={"width": 380, "height": 700})
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    yield page
    page.close()
    assert errors == []


@pytest.mark.browser
def test_sign_in_takes_two_clicks(crm: DemoCrm, stranger: Client, page: Page) -> None:
    """Choose the account, Allow, and the browser is back at the app with a code."""
    page.route("http://127.0.0.1:3000/**", lambda route: route.fulfill(body="back at the app"))
    page.goto(stranger.authorize_url())
    page.get_by_role("link", name="Priya Shah").click()
    expect(page.get_by_role("heading", name="Handoff would like to…")).to_be_visible()
    page.get_by_role("button", name="Allow").click()
    page.wait_for_url("http://127.0.0.1:3000/crm/callback?code=*")
    expect(page.get_by_text("back at the app")).to_be_visible()


@pytest.mark.browser
def test_pages_follow_the_data_without_a_jump(crm: DemoCrm, client: Client, page: Page) -> None:
    """A new person appears by itself, the page stays scrolled as it was, and nothing is too wide."""
    for number in range(12):
        client.post("/people", last_name=f"Person {number}", headline="A headline " * 15)
    page.goto(f"{crm.base_url}/people")
    page.evaluate("window.scrollTo(0, 300)")
    client.post("/people", last_name="Featherstonehaugh" * 5, headline=HOSTILE)
    expect(page.get_by_text("Featherstonehaugh")).to_be_visible(timeout=5000)
    assert page.evaluate("window.scrollY") == 300
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
