"""The demo CRM that comes with `handoff demo`, and the connector to copy for a new CRM."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import Any, ClassVar
from urllib.parse import urljoin

from bot.crm import _oauth
from bot.crm._base import ClientApp, Crm, OAuth2
from bot.crm._errors import Missing
from bot.crm._http import Answer, Session, listed, pick
from bot.crm._records import FILLABLE, CrmNote, CrmUser, CrmVacancy, CvDocument, FoundPerson, Person
from bot.crm._values import record_number, shortened
from bot.workspace import Credentials, Question

_LONGEST = {"first_name": 100, "last_name": 100, "location": 200, "headline": 200, "source": 200}


class DemoCrm(Crm):
    """It has no addresses of its own: wherever it runs is told by the settings' overrides."""

    key = "DEMO"
    name = "Demo CRM"
    oauth: ClassVar[OAuth2 | None] = OAuth2(
        authorize_url="",
        token_url="",
        scopes=(
            "read_people",
            "write_people",
            "read_vacancies",
            "read_applications",
            "write_applications",
            "read_users",
            "offline_access",
        ),
    )

    options = (
        Question(
            "stage",
            "Stage of a new application",
            "live",
            hint="Until you choose, the Demo CRM takes its first stage.",
            optional=True,
        ),
    )

    # --- signing in -----------------------------------------------------------------------------------

    def oauth_for(self, answers: Mapping[str, str], app: ClientApp) -> OAuth2 | None:
        """The sign-in where the settings say it is; revocation lives beside the token endpoint."""
        oauth = super().oauth_for(answers, app)
        return oauth and replace(oauth, revoke_url=urljoin(oauth.token_url, "revoke"))

    def credentials_from_token(
        self, token: Mapping[str, Any], answers: Mapping[str, str], app: ClientApp
    ) -> Credentials:
        """The credentials in a token answer, which also says where the API is."""
        api = str(pick(token, "api", crm=self.name))
        base = _oauth.trusted_api_base(self, self.oauth_for(answers, app), app, api)
        return replace(super().credentials_from_token(token, answers, app), api_base=base)

    def account(self, api: Session) -> str:
        """The signed-in user and whose CRM it is."""
        me = api.get("/me")
        return f"{pick(me, 'name', crm=self.name)} · {pick(me, 'company', crm=self.name)}"

    def revoke(self, api: Session) -> None:
        _oauth.revoke(api)

    def option_choices(self, api: Session, key: str) -> Sequence[tuple[str, str]]:
        """The stages, in their order."""
        stages = self._items(api, "/stages")
        return [(self._id(stage), str(pick(stage, "name", crm=self.name))) for stage in stages]

    # --- people ---------------------------------------------------------------------------------------

    def find_people(
        self, api: Session, *, email: str | None = None, phone: str | None = None
    ) -> list[FoundPerson]:
        """People with exactly this e-mail or phone; the demo CRM compares both as people mean them."""
        query = {"email": email} if email is not None else {"phone": phone}
        return [self._found(person) for person in self._items(api, "/people", query)]

    def create_person(self, api: Session, person: Person) -> str:
        """A new person's id; an e-mail that somebody has is refused."""
        owner = {"owner_id": record_number(person.owner_id)} if person.owner_id else {}
        return self._id(api.post("/people", json=_fields(vars(person)) | owner))

    def fill_person(self, api: Session, person_id: str, missing: Mapping[str, Any]) -> None:
        filled = self._found(api.get(f"/people/{person_id}")).filled
        body = _fields({name: value for name, value in missing.items() if name not in filled})
        if body:
            api.json("PATCH", f"/people/{person_id}", json=body)

    def person_url(self, api: Session, person_id: str) -> str:
        return str(pick(api.get(f"/people/{person_id}"), "url", crm=self.name))

    def has_cv(self, api: Session, person_id: str, cv: CvDocument) -> bool:
        """Whether these very bytes are attached, under whatever name."""
        fingerprint = sha256(cv.content).hexdigest()
        files = self._items(api, f"/people/{person_id}/files")
        return any(file.get("sha256") == fingerprint for file in files)

    def attach_cv(self, api: Session, person_id: str, cv: CvDocument) -> None:
        file = {"file": (cv.filename, cv.content, cv.content_type)}
        api.post(f"/people/{person_id}/files", files=file, data={"kind": "cv"})

    def has_note(self, api: Session, person_id: str, note: CrmNote) -> bool:
        return bool(self._items(api, f"/people/{person_id}/notes", {"reference": note.key}))

    def add_note(self, api: Session, person_id: str, note: CrmNote) -> None:
        """Write the note, in its author's name where the demo CRM knows them."""
        author = self.find_user(api, note.author_email) if note.author_email else None
        body = {"text": shortened(note.text, 20_000), "reference": note.key}
        signed = {"author_id": int(author.id)} if author else {}
        api.post(f"/people/{person_id}/notes", json=body | signed)

    # --- vacancies ------------------------------------------------------------------------------------

    def open_vacancies(self, api: Session, search: str = "", limit: int = 50) -> Sequence[CrmVacancy]:
        query = {"status": "open", "limit": limit} | ({"search": search} if search else {})
        return [self._vacancy(vacancy) for vacancy in self._items(api, "/vacancies", query)]

    def find_vacancy(self, api: Session, *, crm_id: str | None, reference: str) -> CrmVacancy | None:
        if number := record_number(crm_id):
            try:
                return self._vacancy(api.get(f"/vacancies/{number}"))
            except Missing:
                pass
        found = self._items(api, "/vacancies", {"reference": reference})
        return self._vacancy(found[0]) if found else None

    def find_link(self, api: Session, person_id: str, vacancy_id: str) -> str | None:
        found = self._items(api, "/applications", {"person_id": person_id, "vacancy_id": vacancy_id})
        return self._id(found[0]) if found else None

    def link(self, api: Session, person_id: str, vacancy_id: str, source: str) -> str:
        """A new application's id; a second one is refused, and so is a closed vacancy."""
        body = {
            "person_id": int(person_id),
            "vacancy_id": int(vacancy_id),
            "source": shortened(source, _LONGEST["source"]),
        }
        if stage := api.options.get("stage"):
            body["stage"] = stage
        return self._id(api.post("/applications", json=body))

    # --- users ----------------------------------------------------------------------------------------

    def find_user(self, api: Session, email: str) -> CrmUser | None:
        found = self._items(api, "/users", {"email": email})
        return CrmUser(self._id(found[0]), str(found[0].get("name")), email) if found else None

    # --- how the demo CRM answers ---------------------------------------------------------------------

    def detail(self, answer: Answer) -> str:
        """The words of a problem document."""
        body = answer.json_or_none()
        return shortened(str(body.get("detail") or ""), 200) if isinstance(body, dict) else ""

    def existing_id(self, answer: Answer) -> str | None:
        """Named in the refusal of a duplicate."""
        body = answer.json_or_none()
        found = body.get("existing_id") if isinstance(body, dict) else None
        return str(found) if found else None

    def _items(self, api: Session, path: str, query: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        return listed(api.get(path, params=query), "items", crm=self.name)

    def _id(self, record: Any) -> str:
        return str(pick(record, "id", crm=self.name))

    def _found(self, person: Any) -> FoundPerson:
        person_id = self._id(person)
        name = " ".join(person[part] for part in ("first_name", "last_name") if person.get(part))
        return FoundPerson(person_id, name, frozenset(field for field in FILLABLE if person.get(field)))

    def _vacancy(self, vacancy: Any) -> CrmVacancy:
        return CrmVacancy(
            id=self._id(vacancy),
            title=str(pick(vacancy, "title", crm=self.name)),
            reference=vacancy.get("reference"),
            is_open=vacancy.get("status") == "open",
            owner_id=str(pick(vacancy, "owner", "id", crm=self.name)),
            owner_name=str(pick(vacancy, "owner", "name", crm=self.name)),
        )


def _fields(person: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of `Person` that hold something, in the demo CRM's sizes. Its names are the same."""
    body: dict[str, Any] = {name: person[name] for name in ("email", "phone") if person.get(name)}
    for name, longest in _LONGEST.items():
        if person.get(name):
            body[name] = shortened(person[name], longest)
    if skills := person.get("skills"):
        body["skills"] = [shortened(skill, 80) for skill in skills[:50]]
    if links := person.get("links"):
        body["links"] = [link for link in links[:20] if len(link) <= 500]
    return body


CRM = DemoCrm()
