"""TrackerRMS: resources are the candidates, opportunities the jobs; a token buys what calls use."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

import requests

from bot.crm import _trackerrms_api as tracker
from bot.crm._base import Capability, ClientApp, Crm
from bot.crm._errors import AlreadyExists, Declined, Missing, SignInNeeded
from bot.crm._http import Session, inner, pick, send
from bot.crm._marks import is_marked, marked
from bot.crm._records import CrmNote, CrmUser, CrmVacancy, CvDocument, FoundPerson, Person
from bot.crm._values import carries, phone_spellings, record_number, same_email, same_phone, shortened
from bot.errors import FieldFault, Invalid
from bot.workspace import Credentials, Question

EXCHANGE = "/api/Auth/ExchangeToken"
APPLIED, SHORTLISTED = "applied", "shortlisted"
LISTS = {APPLIED: ("long", "resource"), SHORTLISTED: ("short", "user")}
"""Which list a way of linking means, and by whom somebody came onto it."""


class TrackerRms(Crm):
    """What TrackerRMS needs said differently from other CRMs."""

    key = "TRACKERRMS"
    name = tracker.NAME
    keys_expire = True
    capabilities = frozenset(Capability) - {Capability.OWNER}
    holds = frozenset({"first_name", "email", "phone", "headline", "source"})
    questions: ClassVar[tuple[Question, ...]] = (
        Question(
            "region",
            "Where your database is",
            "choice",
            hint="The address of your TrackerRMS tells, as usevo1 for the United States.",
            choices=tuple(tracker.REGIONS.items()),
        ),
        Question(
            "token",
            "API token",
            "secret",
            hint="In TrackerRMS: Tools & Settings, Security Settings, API. A new token ends the one before.",
        ),
    )
    options: ClassVar[tuple[Question, ...]] = (
        Question(
            "link_as",
            "An applicant comes onto the",
            "choice",
            choices=((APPLIED, "Longlist, as applied"), (SHORTLISTED, "Shortlist, by a user")),
            optional=True,
        ),
    )

    # --- signing in -----------------------------------------------------------------------------------

    def check_answers(self, answers: Mapping[str, str], app: ClientApp) -> Mapping[str, str]:
        """A region that is known, the token without the spaces that copying brings along."""
        region, token = answers.get("region", ""), answers.get("token", "").strip()
        faults = []
        if region not in tracker.REGIONS:
            faults.append(FieldFault("region", "Please choose where your database is."))
        if not token or not token.isascii() or not token.isprintable() or " " in token:
            faults.append(FieldFault("token", "Please paste the API token as TrackerRMS shows it."))
        if faults:
            raise Invalid(faults)
        return {"region": region, "token": token}

    def credentials_from_answers(self, answers: Mapping[str, str], app: ClientApp) -> Credentials:
        """What the token buys. Each purchase may end the one before, so it is kept until it is refused."""
        base = (app.api_url or tracker.rest_base(answers["region"])).rstrip("/")
        url, asked = app.token_url or base + EXCHANGE, {"bearerToken": answers["token"]}
        with requests.Session() as http:
            answer = send(http, self.name, "POST", url, json=asked, auth=lambda request: request)
        if answer.status in (400, 401, 403):
            raise SignInNeeded(f"{self.name} did not accept the token. Copy it anew and check the region.")
        if answer.status >= 300:
            raise self.explain(answer)
        bought = str(pick(answer.json_or_none(), "token", crm=self.name))
        widget = (app.api_url or tracker.widget_base(answers["region"])).rstrip("/")
        return Credentials(access_token=bought, api_base=base, extra={"widget": widget})

    def account(self, api: Session) -> str:
        """Whose token it is can't be asked: the region and the number of open jobs tell which database."""
        count = pick(tracker.page(api, {"state": "open", "pageNumber": 1}), "totalCount", crm=self.name)
        return f"{tracker.REGIONS.get(api.answers.get('region', ''), self.name)} · {count} open jobs"

    # --- people ---------------------------------------------------------------------------------------

    def find_people(
        self, api: Session, *, email: str | None = None, phone: str | None = None
    ) -> list[FoundPerson]:
        """Resources with this e-mail or phone; what the search merely resembles is left out."""
        if email is not None:
            records = tracker.search(api, {"email": email.strip()})
            return [tracker.found(one) for one in records if same_email(tracker.email(one), email)]
        for spelling in phone_spellings(phone or ""):
            found = [
                tracker.found(one)
                for one in tracker.search(api, {"phone": spelling})
                if any(same_phone(known, spelling) for known in tracker.phones(one))
            ]
            if found:
                return found
        return []

    def create_person(self, api: Session, person: Person) -> str:
        """A new resource, by the documented call: told not to overwrite, it refuses somebody who is there.

        What it goes by is not said, so the search is asked as well.
        """
        if person.email and (known := self.find_people(api, email=person.email)):
            raise AlreadyExists(f"{self.name} has somebody with this e-mail already.", known[0].id)
        new, keep = tracker.new(vars(person)), {"overwriteresource": False}
        made = tracker.widget(api, "createResource", instructions=keep, resource=new)
        return str(pick(made, tracker.NEW_ID, crm=self.name))

    def fill_person(self, api: Session, person_id: str, missing: Mapping[str, Any]) -> None:
        """Send the fields that are still empty; e-mail and phones go together, as they stand together."""
        record = tracker.person(api, person_id)
        filled = tracker.filled(record)
        body = tracker.fields({name: value for name, value in missing.items() if name not in filled})
        if "contactDetails" in body:
            kept = {name: value for name, value in inner(record, "contactDetails").items() if value}
            body["contactDetails"] |= kept
        if body:
            api.json("PATCH", f"/api/v1/Resource/{int(person_id)}", json=body)

    def person_url(self, api: Session, person_id: str) -> str:
        return tracker.PERSON_PAGE.format(region=api.answers.get("region", ""), id=person_id)

    # --- CVs and notes --------------------------------------------------------------------------------

    def has_cv(self, api: Session, person_id: str, cv: CvDocument) -> bool:
        """Whether a document of this name has these bytes."""
        path = f"/api/v1/Resource/{int(person_id)}/Document/"
        same = [number for number, name in tracker.documents(api, person_id) if name == cv.filename]
        read = {"Accept": "*/*"}
        return any(api.call("GET", path + number, headers=read).body == cv.content for number in same)

    def attach_cv(self, api: Session, person_id: str, cv: CvDocument) -> None:
        """As a résumé; the primary one only where there is no document yet."""
        file = {
            "filename": cv.filename,
            "recordType": "R",
            "recordId": int(person_id),
            "documentType": "resume",
            "primary": "n" if tracker.documents(api, person_id) else "y",
            "data": b64encode(cv.content).decode(),
        }
        tracker.widget(api, "attachDocument", file=file)

    def has_note(self, api: Session, person_id: str, note: CrmNote) -> bool:
        wanted = {"recordType": "Resource", "recordId": int(person_id), "maxResults": 100, "pageNumber": 1}
        try:
            found = tracker.rows(api.post(tracker.NOTE_SEARCH, json=wanted), "activities")
        except Missing:
            return False  # the search is guessed; a note twice is better than none
        return any(is_marked(str(one.get("note") or ""), note.key) for one in found)

    def add_note(self, api: Session, person_id: str, note: CrmNote) -> None:
        """An activity of the candidate."""
        activity = {"recordType": "Resource", "recordId": int(person_id)}
        first_line = shortened(note.text.partition("\n")[0], 100)
        text = {"subject": first_line, "note": marked(note.text, note.key)}
        api.post("/api/v1/Activity", json=activity | text)

    # --- vacancies and users --------------------------------------------------------------------------

    def open_vacancies(self, api: Session, search: str = "", limit: int = 50) -> Sequence[CrmVacancy]:
        wanted = search.strip()
        query = {"state": "open"} | ({"searchTerm": wanted} if wanted else {})
        jobs = [tracker.vacancy(one) for one in tracker.opportunities(api, query)]
        jobs = [job for job in jobs if job.is_open and wanted.casefold() in job.title.casefold()]
        return sorted(jobs, key=lambda job: record_number(job.id) or 0, reverse=True)[:limit]

    def find_vacancy(self, api: Session, *, crm_id: str | None, reference: str) -> CrmVacancy | None:
        """By id, else the one whose name carries the reference."""
        if number := record_number(crm_id):
            try:
                return tracker.vacancy(self._opportunity(api, number))
            except Missing:
                pass
        if not reference.strip():
            return None
        named = map(tracker.vacancy, tracker.opportunities(api, {"searchTerm": reference.strip()}))
        found = [job for job in named if carries(job.title, reference)]
        found = [job for job in found if job.is_open] or found
        return found[0] if len(found) == 1 else None

    def find_link(self, api: Session, person_id: str, vacancy_id: str) -> str | None:
        for which in ("longlist", "shortlist"):
            try:
                listed = api.get(tracker.LISTED.format(vacancy=int(vacancy_id), which=which))
            except Missing:
                continue  # the path is guessed; the CRM itself tells of a second application
            if person_id in [tracker.id_of(one, "resource") for one in tracker.rows(listed, "resources")]:
                return f"{vacancy_id}/{person_id}"
        return None

    def link(self, api: Session, person_id: str, vacancy_id: str, source: str) -> str:
        """Onto the longlist as applied, or onto the shortlist, with the source."""
        link_id = f"{vacancy_id}/{person_id}"
        if not tracker.vacancy(self._opportunity(api, int(vacancy_id))).is_open:
            raise Declined(f"The job is not open in {self.name}. Reopen it there, then press Retry.")
        if self.find_link(api, person_id, vacancy_id):
            raise AlreadyExists(f"{self.name} has this candidate on the job already.", link_id)
        which, by = LISTS.get(api.options.get("link_as", ""), LISTS[APPLIED])
        how = {"assigntolist": which, "shortlistedby": by, "source": shortened(source, 100)}
        try:
            ids = {"opportunityid": vacancy_id, "resourceid": person_id}
            tracker.widget(api, "resourceApplication", instructions=ids | how)
        except AlreadyExists as refusal:
            raise AlreadyExists(str(refusal), link_id) from None
        return link_id

    def find_user(self, api: Session, email: str) -> CrmUser | None:
        raise NotImplementedError("How TrackerRMS's API finds users is not public.")

    def _opportunity(self, api: Session, number: int) -> dict[str, Any]:
        record = api.get(f"/api/v1/Opportunity/{number}")
        return tracker.rows([record], "opportunities")[0]


CRM = TrackerRms()
