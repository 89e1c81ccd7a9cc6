"""OrangeHRM 5, at the customer's own address: a candidate has one vacancy, one CV and one comment."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, ClassVar

from bot.crm import _orangehrm_candidates as candidates
from bot.crm._base import Capability, ClientApp, Crm, OAuth2
from bot.crm._errors import AlreadyExists, Declined, Missing
from bot.crm._http import Answer, Session, inner, listed, pick
from bot.crm._orangehrm_candidates import CANDIDATES, Row
from bot.crm._records import CrmNote, CrmUser, CrmVacancy, CvDocument, FoundPerson, Person
from bot.crm._servers import server_address
from bot.crm._values import carries, record_number, same_email, same_phone, shortened
from bot.workspace import Credentials, Question

PERSON_PAGE = "{server}/web/index.php/recruitment/addCandidate/{id}"
ATTACHMENT_OF = "/api/v2/recruitment/candidate/attachments/{id}"
"""Where a candidate's attachment is described; known from the published sources alone."""
MYSELF = "/api/v2/pim/myself"
"""Who is signed in; known from the published sources alone."""
_VACANCIES = "/api/v2/recruitment/vacancies"
_FRONT = "/web/index.php"
_LONGEST_FILE_NAME, _LONGEST_HISTORY_NOTE = 200, 2000


class OrangeHrm(Crm):
    """A person is all candidates with one e-mail, as each of them has room for a single vacancy."""

    key = "ORANGEHRM"
    name = "OrangeHRM"
    largest_cv = 1024 * 1024
    questions = (Question("url", "Address of your OrangeHRM", placeholder="https://acme.orangehrmlive.com"),)
    options = (
        Question("shortlist", "Shortlist applicants when they are linked", kind="tick", optional=True),
    )
    oauth: ClassVar[OAuth2 | None] = OAuth2("", "")
    capabilities = frozenset({Capability.CV, Capability.NOTES, Capability.VACANCIES})
    holds = frozenset({"first_name", "email", "phone", "skills"})
    needs = frozenset({"email"})

    # --- signing in -----------------------------------------------------------------------------------

    def check_answers(self, answers: Mapping[str, str], app: ClientApp) -> Mapping[str, str]:
        """The instance's address without the page that somebody pasted along."""
        typed = answers.get("url", "")
        return {"url": server_address(typed, "https://hr.acme.com", path_ends_before="/web")}

    def oauth_for(self, answers: Mapping[str, str], app: ClientApp) -> OAuth2 | None:
        """The sign-in at the instance itself."""
        front = answers.get("url", "") + _FRONT
        return replace(
            OAuth2("", ""),
            authorize_url=app.authorize_url or f"{front}/oauth2/authorize",
            token_url=app.token_url or f"{front}/oauth2/token",
        )

    def credentials_from_token(
        self, token: Mapping[str, Any], answers: Mapping[str, str], app: ClientApp
    ) -> Credentials:
        """The tokens, for the API of that same instance."""
        base = (app.api_url or answers["url"]).rstrip("/").removesuffix(_FRONT)
        return replace(super().credentials_from_token(token, answers, app), api_base=base + _FRONT)

    def account(self, api: Session) -> str:
        """The employee who signed in."""
        me = pick(api.get(MYSELF), "data", crm=self.name)
        pick(me, "empNumber", crm=self.name)
        return candidates.name_of(me) or self.name

    # --- people ---------------------------------------------------------------------------------------

    def find_people(
        self, api: Session, *, email: str | None = None, phone: str | None = None
    ) -> list[FoundPerson]:
        """People with exactly this e-mail or phone. All are looked through: neither can be searched for."""
        if email is not None:
            rows = candidates.marked(api, email) or [
                row for row in candidates.everybody(api) if same_email(row.get("email"), email)
            ]
        else:
            rows = [
                row for row in candidates.everybody(api) if same_phone(row.get("contactNumber"), phone or "")
            ]
        people: dict[str, list[Row]] = {}
        for row in rows:
            people.setdefault(str(row.get("email") or row["id"]).casefold(), []).append(row)
        best = [candidates.best_of(group) for group in people.values()]
        return [FoundPerson(str(row["id"]), candidates.name_of(row), candidates.filled(row)) for row in best]

    def create_person(self, api: Session, person: Person) -> str:
        """A new candidate without a vacancy. OrangeHRM refuses no second one: it is looked for."""
        if not person.email:
            raise Declined(
                f"{self.name} takes nobody without an e-mail address. Add the person there by hand, with one."
            )
        if same := candidates.marked(api, person.email):
            raise AlreadyExists(f"{self.name} has somebody with this e-mail already.", str(same[0]["id"]))
        return candidates.create(api, candidates.fields_of(person))

    def fill_person(self, api: Session, person_id: str, missing: Mapping[str, Any]) -> None:
        """Write the record back with what was empty filled in: OrangeHRM forgets what is left out."""
        row = candidates.the_row(api, person_id)
        holds = candidates.filled(row)
        wanted = {name: value for name, value in missing.items() if name in self.holds - holds and value}
        values: Row = {}
        if "first_name" in wanted:
            values["firstName"] = shortened(wanted["first_name"], candidates.LONGEST_NAME)
        if phone := candidates.dialable(wanted.get("phone")):
            values["contactNumber"] = phone
        if "skills" in wanted:
            values["keywords"] = candidates.joined(candidates.keywords(row), wanted["skills"])
        if values:
            candidates.update(api, row, values)

    def person_url(self, api: Session, person_id: str) -> str:
        return PERSON_PAGE.format(server=api.answers["url"], id=person_id)

    def has_cv(self, api: Session, person_id: str, cv: CvDocument) -> bool:
        """Whether a file of that name and size is attached: its bytes are not to be had from the API."""
        row = candidates.on_file(api, candidates.the_row(api, person_id))
        if row is None or not row.get("hasAttachment"):
            return False
        try:
            there = api.get(ATTACHMENT_OF.format(id=row["id"]))
        except Missing:
            return False
        file = inner(pick(there, "data", crm=self.name), "attachment")
        return (file.get("fileName"), str(file.get("fileSize"))) == (_file_name(cv), str(len(cv.content)))

    def attach_cv(self, api: Session, person_id: str, cv: CvDocument) -> None:
        """Attach the CV to what is on file of the person; a candidate has room for one."""
        row = candidates.the_row(api, person_id)
        filed = candidates.on_file(api, row)
        if filed is None or filed.get("hasAttachment"):
            filed = candidates.another(api, row)
        file = {
            "name": _file_name(cv),
            "type": cv.content_type,
            "size": len(cv.content),
            "base64": base64.b64encode(cv.content).decode(),
        }
        body = {"candidateId": filed["id"], "attachment": file}
        api.post("/api/v2/recruitment/candidate/attachments", json=body)

    def has_note(self, api: Session, person_id: str, note: CrmNote) -> bool:
        rows = candidates.all_of(api, candidates.the_row(api, person_id))
        return any(candidates.note_mark(note.key) in candidates.keywords(row) for row in rows)

    def add_note(self, api: Session, person_id: str, note: CrmNote) -> None:
        """Add the note's beginning to the comment, which is all the text that a candidate has room for."""
        row = candidates.the_row(api, person_id)
        filed = candidates.on_file(api, row) or candidates.another(api, row)
        marks = candidates.joined(candidates.keywords(filed), (candidates.note_mark(note.key),))
        candidates.update(api, filed, {"comment": candidates.commented(filed, note.text), "keywords": marks})

    # --- vacancies ------------------------------------------------------------------------------------

    def open_vacancies(self, api: Session, search: str = "", limit: int = 50) -> Sequence[CrmVacancy]:
        found = [vacancy for vacancy in self._vacancies(api) if vacancy.is_open]
        found = [vacancy for vacancy in found if search.casefold() in vacancy.title.casefold()]
        return sorted(found, key=lambda vacancy: -int(vacancy.id))[:limit]

    def find_vacancy(self, api: Session, *, crm_id: str | None, reference: str) -> CrmVacancy | None:
        """The vacancy with that id, else the one whose name carries the reference."""
        if number := record_number(crm_id):
            try:
                return self._vacancy(pick(api.get(f"{_VACANCIES}/{number}"), "data", crm=self.name))
            except Declined:
                # Depending on who asks, an unknown one is said to be missing or not to be accessible.
                pass
        found = [vacancy for vacancy in self._vacancies(api) if carries(vacancy.title, reference)]
        found = [vacancy for vacancy in found if vacancy.is_open] or found
        return found[0] if len(found) == 1 else None

    def find_link(self, api: Session, person_id: str, vacancy_id: str) -> str | None:
        """The id of the person's candidate who has that vacancy."""
        return candidates.with_vacancy(api, candidates.the_row(api, person_id), vacancy_id)

    def link(self, api: Session, person_id: str, vacancy_id: str, source: str) -> str:
        """Give the vacancy to what is on file of the person: who has another one would lose that."""
        vacancy = self._vacancy(pick(api.get(f"{_VACANCIES}/{int(vacancy_id)}"), "data", crm=self.name))
        if not vacancy.is_open:
            raise Declined(f"{vacancy.title} is closed in {self.name}. Reopen it there, then press Retry.")
        row = candidates.the_row(api, person_id)
        if existing := candidates.with_vacancy(api, row, vacancy_id):
            raise AlreadyExists(f"{self.name} has this application already.", existing)
        filed = candidates.on_file(api, row) or candidates.another(api, row)
        values: Row = {"vacancyId": int(vacancy_id)}
        if source.casefold() not in str(filed.get("comment") or "").casefold():
            values["comment"] = candidates.commented(filed, f"Source: {source}")
        candidates.update(api, filed, values)
        if api.options.get("shortlist"):
            note = shortened(f"Forwarded by Handoff (Slack). Source: {source}", _LONGEST_HISTORY_NOTE)
            api.json("PUT", f"{CANDIDATES}/{filed['id']}/shortlist", json={"note": note})
        return str(filed["id"])

    def find_user(self, api: Session, email: str) -> CrmUser | None:
        """Nobody: candidates have no owner."""
        return None

    # --- how OrangeHRM answers ------------------------------------------------------------------------

    def detail(self, answer: Answer) -> str:
        """The message, with the fields it is about."""
        body = answer.json_or_none()
        error = inner(body, "error") if isinstance(body, dict) else {}
        faulty = inner(error, "data").get("invalidParamKeys")
        fields = ", ".join(str(field) for field in faulty) if isinstance(faulty, list) else ""
        return shortened(": ".join(part for part in (str(error.get("message") or ""), fields) if part), 200)

    def _vacancies(self, api: Session) -> list[CrmVacancy]:
        query = {"model": "detailed", "limit": 0}
        return [
            self._vacancy(one) for one in listed(api.get(_VACANCIES, params=query), "data", crm=self.name)
        ]

    def _vacancy(self, vacancy: Any) -> CrmVacancy:
        return CrmVacancy(
            str(pick(vacancy, "id", crm=self.name)),
            str(pick(vacancy, "name", crm=self.name)),
            is_open=bool(vacancy.get("status")),
        )


def _has_phone(row: Row, spellings: Sequence[str]) -> bool:
    return any(same_phone(row.get("contactNumber"), spelling) for spelling in spellings)


def _file_name(cv: CvDocument) -> str:
    """The file's name as long as OrangeHRM takes it, its ending kept."""
    stem, dot, ending = re.sub(r"[\\/]", "_", cv.filename).rpartition(".")
    return shortened(stem, _LONGEST_FILE_NAME - len(ending) - 1) + dot + ending if dot else cv.filename


CRM = OrangeHrm()
