"""The demo CRM's API for people, their files and notes."""

import concurrent.futures

import pytest

from bot.playground.democrm import DemoCrm

from .client import Client, fields_named

ANA = 1001


@pytest.mark.parametrize(
    "query",
    [
        {"email": "ana.novak@example.com"},
        {"email": " ANA.Novak@Example.com "},
        {"phone": "+44 7700 900142"},
        {"phone": "07700 900142"},
        {"phone": "0044 7700-900-142"},
    ],
)
def test_a_person_is_found_however_it_is_written(client: Client, query: dict[str, str]) -> None:
    """Letter case, spaces and the form of a phone number make no difference."""
    found = client.get("/people", **query).json()
    assert [person["id"] for person in found["items"]] == [ANA]
    assert found["total"] == 1
    assert found["items"][0]["owner"]["email"] == "ben@brightdesk.example"


def test_nobody_is_found_for_a_stranger(client: Client) -> None:
    """An empty list, not everybody."""
    assert client.get("/people", email="nobody@example.com").json() == {"items": [], "total": 0}
    assert client.get("/people", email="ana.novak@example.com", phone="07700 900999").json()["total"] == 0


def test_a_mistyped_filter_is_refused(client: Client) -> None:
    """A slip in a parameter's name must not list everybody."""
    response = client.get("/people", emial="ana.novak@example.com")
    assert response.status_code == 422
    assert fields_named(response) == {"emial"}


def test_lists_come_in_pages(client: Client) -> None:
    """Newest first, with `limit`, `offset` and the whole count."""
    whole = client.get("/people").json()
    part = client.get("/people", limit=1, offset=1).json()
    assert part["items"] == whole["items"][1:2]
    assert part["total"] == whole["total"] == 3


def test_a_person_is_created_and_read_back(crm: DemoCrm, client: Client) -> None:
    """Everything that is sent is kept, and the record has an address for people."""
    sent = {
        "first_name": "نور",
        "last_name": "العلي",
        "email": "nour@example.com",
        "phone": "+44 7700 900107",
        "location": "Leeds",
        "headline": "Analyst 📊",
        "skills": ["SQL", "العربية"],
        "links": ["https://example.com/a?b=<c>"],
        "source": "Indeed",
        "owner_id": 12,
    }
    response = client.post("/people", **sent)
    assert response.status_code == 201
    body = response.json()
    assert {name: body[name] for name in sent if name != "owner_id"} == {
        name: value for name, value in sent.items() if name != "owner_id"
    }
    assert body["owner"]["name"] == "Ben Carter"
    assert body["url"] == f"{crm.base_url}/people/{body['id']}"
    assert client.get(f"/people/{body['id']}").json() == body
    assert crm.people()[0].id == body["id"]


def test_an_email_belongs_to_one_person(crm: DemoCrm, client: Client) -> None:
    """409 with the id of whoever has it; nothing is stored."""
    response = client.post("/people", last_name="Novak", email="Ana.Novak@EXAMPLE.com")
    assert response.status_code == 409
    assert response.json()["existing_id"] == ANA
    assert response.json()["code"] == "duplicate"
    assert len(crm.people()) == 3


def test_two_at_once_make_one_person(crm: DemoCrm, client: Client) -> None:
    """Of many simultaneous creates with one e-mail, one wins."""

    def create(_: int) -> int:
        return client.post("/people", last_name="Lee", email="lee@example.com").status_code

    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(create, range(8)))
    assert statuses == [201] + [409] * 7
    assert sum(person.email == "lee@example.com" for person in crm.people()) == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"last_name": "  "}, "last_name"),
        ({"last_name": None}, "last_name"),
        ({"last_name": 7}, "last_name"),
        ({"last_name": "x" * 101}, "last_name"),
        ({"email": "not an address"}, "email"),
        ({"phone": "call me"}, "phone"),
        ({"skills": "SQL"}, "skills"),
        ({"skills": ["ok", ""]}, "skills.1"),
        ({"links": ["javascript:alert(1)"]}, "links.0"),
        ({"headline": "x" * 201}, "headline"),
        ({"owner_id": "12"}, "owner_id"),
        ({"owner_id": 999}, "owner_id"),
        ({"nickname": "Lee"}, "nickname"),
    ],
)
def test_a_faulty_field_is_named(crm: DemoCrm, client: Client, change: dict[str, object], field: str) -> None:
    """422 as a problem document that names the field; nothing is stored."""
    response = client.post("/people", **{"last_name": "Lee"} | change)
    assert response.status_code == 422
    assert response.headers["Content-Type"] == "application/problem+json"
    assert fields_named(response) == {field}
    assert len(crm.people()) == 3


def test_every_faulty_field_is_named_at_once(client: Client) -> None:
    """One answer tells all."""
    response = client.post("/people", email="x", phone="?")
    assert fields_named(response) == {"last_name", "email", "phone"}


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'"x"', b"\xff", b'{"last_name": "\\ud800"}'])
def test_a_broken_body_is_refused(crm: DemoCrm, client: Client, body: bytes) -> None:
    """Whatever comes, the answer is a problem document."""
    response = client.call("POST", "/people", data=body, headers={"Content-Type": "application/json"})
    assert response.status_code in (400, 422)
    assert response.headers["Content-Type"] == "application/problem+json"
    assert len(crm.people()) == 3


def test_a_patch_changes_what_it_names_and_no_more(crm: DemoCrm, client: Client) -> None:
    """Other fields stay, null empties one, and an empty patch is refused."""
    before = client.get(f"/people/{ANA}").json()
    after = client.patch(f"/people/{ANA}", headline="Site Engineer", location=None).json()
    changed = {name for name in before if before[name] != after[name]}
    assert changed <= {"headline", "location", "updated_at"}
    assert (after["headline"], after["location"]) == ("Site Engineer", None)
    assert client.patch(f"/people/{ANA}").status_code == 422
    assert client.patch(f"/people/{ANA}", last_name=None).status_code == 422


def test_a_patch_can_not_take_anothers_email(client: Client) -> None:
    """409, and the own e-mail again is fine."""
    response = client.patch(f"/people/{ANA}", email="grace.adeyemi@example.org")
    assert (response.status_code, response.json()["existing_id"]) == (409, 1003)
    assert client.patch(f"/people/{ANA}", email="ana.novak@example.com").status_code == 200


def test_missing_records_and_addresses(client: Client) -> None:
    """404 and 405 are problem documents too."""
    for path in ("/people/4", "/people/4/files", "/people/4/notes", "/nothing", "/vacancies/4"):
        response = client.get(path)
        assert (response.status_code, response.json()["code"]) == (404, "not_found")
    assert client.call("DELETE", f"/people/{ANA}").json()["code"] == "method_not_allowed"


def test_a_file_comes_back_byte_for_byte(crm: DemoCrm, client: Client) -> None:
    """Any bytes, any name; the list carries the checksum."""
    content = bytes(range(256)) * 40
    name = "Ana Novák – «CV» 🌻.pdf"
    stored = client.call("POST", f"/people/{ANA}/files", files={"file": (name, content)}, data={"kind": "cv"})
    assert stored.status_code == 201, stored.text
    listed = client.get(f"/people/{ANA}/files").json()["items"]
    assert [(f["name"], f["size"], f["content_type"]) for f in listed] == [(name, 10240, "application/pdf")]
    assert listed[0]["sha256"] == crm.files(ANA)[0].sha256
    back = client.get(f"/people/{ANA}/files/{listed[0]['id']}/content")
    assert back.content == content
    assert client.get(f"/people/1002/files/{listed[0]['id']}/content").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("cv.exe", b"MZ", 422),
        ("cv", b"text", 422),
        ("cv.pdf", b"", 422),
        ("cv.pdf", b"x" * (15 * 1024 * 1024 + 1), 413),
    ],
    ids=["program", "no ending", "empty", "too big"],
)
def test_unfit_files_are_refused(
    crm: DemoCrm, client: Client, name: str, content: bytes, status: int
) -> None:
    """Only documents, none empty, none past 15 MB; nothing is stored."""
    response = client.call("POST", f"/people/{ANA}/files", files={"file": (name, content)})
    assert response.status_code == status
    assert crm.files(ANA) == []


def test_a_file_name_loses_its_folders(crm: DemoCrm, client: Client) -> None:
    """No path and no control character is kept."""
    client.call("POST", f"/people/{ANA}/files", files={"file": ("..\\../etc/cv\t1.txt", b"x")})
    assert [file.name for file in crm.files(ANA)] == ["cv1.txt"]


def test_notes_are_listed_by_reference(crm: DemoCrm, client: Client) -> None:
    """The writer's own key finds a note again; the author is who is signed in unless one is named."""
    client.post(f"/people/{ANA}/notes", text="Green", reference="handoff-1")
    client.post(f"/people/{ANA}/notes", text="By Maya", author_id=13)
    found = client.get(f"/people/{ANA}/notes", reference="handoff-1").json()
    assert [(n["text"], n["author"]["name"]) for n in found["items"]] == [("Green", "Priya Shah")]
    assert crm.notes(ANA)[0].author_id == 13
    assert client.post(f"/people/{ANA}/notes", text="x", author_id=5).status_code == 422
    assert client.post(f"/people/{ANA}/notes", text=" ").status_code == 422


def test_users_are_found_by_email(client: Client) -> None:
    """So that an owner can be named."""
    found = client.get("/users", email="Ben@brightdesk.example").json()["items"]
    assert [user["name"] for user in found] == ["Ben Carter"]
    assert client.get("/users", email="x@example.com").json()["total"] == 0
