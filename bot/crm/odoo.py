"""Odoo, 18 and 19: applicants of the Recruitment app, reached by an API key at the customer's own server."""

from __future__ import annotations

import base64
import html
from collections.abc import Mapping, Sequence
from typing import Any

from bot.crm import _odoo_api as odoo
from bot.crm import _odoo_applications as applications
from bot.crm import _odoo_people as people
from bot.crm._base import ClientApp, Crm
from bot.crm._errors import AlreadyExists, CrmError, Declined, Missing
from bot.crm._http import Answer, Session, pick
from bot.crm._odoo_api import APPLICANT, EVERYTHING
from bot.crm._odoo_people import Row
from bot.crm._records import CrmNote, CrmUser, CrmVacancy, CvDocument, FoundPerson, Person
from bot.crm._servers import server_address
from bot.crm._values import carries, record_number, same_email
from bot.errors import FieldFault, Invalid
from bot.workspace import Credentials, Question

PERSON_PAGE = "{server}/odoo/{model}/{id}"
PERSON_PAGE_BEFORE_18 = "{server}/web#id={id}&model={model}&view_type=form"
_JOB = "hr.job"
_JOB_FIELDS = ("name", "active", "user_id")
_MATCHES = 50
_MOST_TAGS = 30
_QUIETLY: Mapping[str, Any] = {"just_moved": True}
"""The context in which a new stage sends the applicant none of Odoo's mails."""


class Odoo(Crm):
    """A person is an applicant (in 18: a candidate), joined by contact to the same person's others."""

    key = "ODOO"
    name = "Odoo"
    questions = (
        Question("url", "Address of your Odoo", placeholder="https://acme.odoo.com"),
        Question(
            "database",
            "Database",
            hint="Odoo's own cloud: the name before .odoo.com. From Odoo 19 only if the server has several.",
            optional=True,
        ),
        Question("login", "Login", hint="Up to Odoo 18: the e-mail or name you log in with.", optional=True),
        Question("key", "API key", kind="secret", hint="In Odoo: Preferences, Account Security."),
    )
    options = (
        Question("stage", "Stage of a new application", kind="live", optional=True),
        Question("tag", "Tag for everybody Handoff adds", kind="live", optional=True),
        Question("mail", "Let Odoo mail applicants what the stage sends", kind="tick", optional=True),
    )

    # --- signing in -----------------------------------------------------------------------------------

    def check_answers(self, answers: Mapping[str, str], app: ClientApp) -> Mapping[str, str]:
        """The server's address cut to what matters, nothing around the others."""
        kept = {question.key: answers.get(question.key, "").strip() for question in self.questions}
        if not kept["key"]:
            raise Invalid([FieldFault("key", "An API key is needed: Odoo makes one in your preferences.")])
        return kept | {"url": server_address(kept["url"], "https://acme.odoo.com")}

    def credentials_from_answers(self, answers: Mapping[str, str], app: ClientApp) -> Credentials:
        """The key, tried out in the protocol of that server's version."""
        base = (app.api_url or answers["url"]).rstrip("/")
        return odoo.sign_in(self, base, answers.get("database", ""), answers.get("login", ""), answers["key"])

    def headers(self, credentials: Credentials, answers: Mapping[str, str]) -> dict[str, str]:
        return odoo.headers(credentials)

    def account(self, api: Session) -> str:
        """The user whose key it is and the company, where the Recruitment app is there."""
        uid = pick(odoo.call(api, "res.users", "context_get"), "uid", crm=self.name)
        user = odoo.records(api, "res.users", [["id", "=", uid]], ["name", "company_id"])
        name = str(pick(user, 0, "name", crm=self.name))
        try:
            odoo.shape(api)
        except Missing:
            raise Declined("This Odoo has no Recruitment app. Install it there and connect again.") from None
        company = user[0].get("company_id")
        return f"{name} · {company[1]}" if isinstance(company, list) and len(company) > 1 else name

    def option_choices(self, api: Session, key: str) -> Sequence[tuple[str, str]]:
        model = {"stage": "hr.recruitment.stage", "tag": "hr.applicant.category"}[key]
        return [(str(one["id"]), str(one.get("name"))) for one in odoo.records(api, model, [], ["name"])]

    # --- people ---------------------------------------------------------------------------------------

    def find_people(
        self, api: Session, *, email: str | None = None, phone: str | None = None
    ) -> list[FoundPerson]:
        """People with exactly this e-mail or phone; all applications of one person are one."""
        rows = people.by_email(api, email) if email is not None else people.by_phone(api, phone or "")
        return [
            FoundPerson(
                people.person_id(api, row["id"]), str(row.get("partner_name") or ""), people.filled(row)
            )
            for row in people.persons(rows, one=email is not None)
        ]

    def create_person(self, api: Session, person: Person) -> str:
        """A new applicant without a job, and their contact. Odoo refuses no second one: it is looked for."""
        if person.email and (found := self.find_people(api, email=person.email)):
            raise AlreadyExists(f"{self.name} has somebody with this e-mail already.", found[0].id)
        kept = odoo.shape(api)
        values = people.values_from(people.contact_of(api, person))
        tags = applications.tags(api, person.skills)
        if chosen := record_number(api.options.get("tag")):
            tags.append(chosen)
        values["categ_ids"] = [[6, 0, list(dict.fromkeys(tags))]]
        if linkedin := next((link for link in person.links if "linkedin.com/" in link), None):
            values["linkedin_profile"] = linkedin
        if owner := record_number(person.owner_id):
            values["user_id" if kept.has_candidates else kept.owner] = owner
        if not kept.has_candidates:
            values |= applications.source(api, person.source) | applications.subject(
                api, values["partner_name"]
            )
        return people.person_id(api, odoo.create(api, kept.person, values))

    def fill_person(self, api: Session, person_id: str, missing: Mapping[str, Any]) -> None:
        row = people.the_row(api, person_id)
        skills = () if "skills" in people.filled(row) else missing.get("skills") or ()
        people.fill(api, row, missing, applications.tags(api, skills))

    def person_url(self, api: Session, person_id: str) -> str:
        version = record_number(api.credentials.extra.get("version")) or 0
        page = PERSON_PAGE if version >= 18 else PERSON_PAGE_BEFORE_18
        number = people.number_of(api, person_id)
        return page.format(server=api.answers["url"], model=odoo.shape(api).person, id=number)

    def has_cv(self, api: Session, person_id: str, cv: CvDocument) -> bool:
        """Whether one of the person's records has the file that was attached under our key."""
        marked = [
            *applications.on_any_record(api, person_id, "res_model"),
            ["description", "=", _mark(cv.key)],
        ]
        return bool(odoo.records(api, "ir.attachment", marked, ["name"], limit=1))

    def attach_cv(self, api: Session, person_id: str, cv: CvDocument) -> None:
        """Attach the CV to what is on file of the person, and show it beside the record."""
        model, number = odoo.shape(api).person, applications.on_file(api, person_id)
        file = {
            "name": cv.filename,
            "datas": base64.b64encode(cv.content).decode(),
            "mimetype": cv.content_type,
            "description": _mark(cv.key),
            "res_model": model,
            "res_id": number,
        }
        # A scanned page would be made smaller otherwise.
        attached = odoo.create(api, "ir.attachment", file, context={"image_no_postprocess": True})
        odoo.write(api, model, number, {"message_main_attachment_id": attached})

    def has_note(self, api: Session, person_id: str, note: CrmNote) -> bool:
        marked = [
            *applications.on_any_record(api, person_id, "model"),
            ["message_id", "=", _message_id(note.key)],
        ]
        return bool(odoo.records(api, "mail.message", marked, ["id"], limit=1))

    def add_note(self, api: Session, person_id: str, note: CrmNote) -> None:
        """Log the note, which nobody is mailed, in its author's name where Odoo knows them."""
        author = self._user(api, note.author_email) if note.author_email else None
        signed = {"author_id": author["partner_id"][0]} if author else {}
        odoo.call(
            api,
            odoo.shape(api).person,
            "message_post",
            [applications.noted(api, person_id, note.link_id)],
            body=_as_html(note.text),
            body_is_html=True,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
            message_id=_message_id(note.key),
            **signed,
        )

    # --- vacancies and users --------------------------------------------------------------------------

    def open_vacancies(self, api: Session, search: str = "", limit: int = 50) -> Sequence[CrmVacancy]:
        domain = [["active", "=", True], *([["name", "ilike", search]] if search else [])]
        found = self._jobs(api, domain, limit=limit, order="create_date desc, id desc")
        return [vacancy for vacancy in found if search.casefold() in vacancy.title.casefold()]

    def find_vacancy(self, api: Session, *, crm_id: str | None, reference: str) -> CrmVacancy | None:
        """The job with that id, else the one whose title carries the reference: jobs have no field for it."""
        if (number := record_number(crm_id)) and (found := self._jobs(api, [["id", "=", number]])):
            return found[0]
        if not reference.strip():
            return None
        similar = self._jobs(api, [["name", "ilike", reference.strip()]], limit=_MATCHES)
        found = [vacancy for vacancy in similar if carries(vacancy.title, reference)]
        found = [vacancy for vacancy in found if vacancy.is_open] or found
        return found[0] if len(found) == 1 else None

    def find_link(self, api: Session, person_id: str, vacancy_id: str) -> str | None:
        """The person's application for that job; one that was refused or archived is over."""
        return applications.application(api, people.the_row(api, person_id), record_number(vacancy_id))

    def link(self, api: Session, person_id: str, vacancy_id: str, source: str) -> str:
        """Give the job to what is on file of the person, or make another applicant of them for it."""
        jobs = self._jobs(api, [["id", "=", record_number(vacancy_id)]])
        if not jobs:
            raise Missing(f"{self.name} has no such vacancy (any more).")
        if not jobs[0].is_open:
            raise Declined(f"{jobs[0].title} is closed in {self.name}. Reopen it there, then press Retry.")
        row = people.the_row(api, person_id)
        if existing := applications.application(api, row, int(vacancy_id)):
            raise AlreadyExists(f"{self.name} has this application already.", existing)
        stage = record_number(api.options.get("stage"))
        values: Row = {"job_id": int(vacancy_id)} | ({"stage_id": stage} if stage else {})
        context = {} if api.options.get("mail") else _QUIETLY
        if odoo.shape(api).has_candidates:
            values |= {"candidate_id": row["id"]} | applications.source(api, source)
            return str(odoo.create(api, APPLICANT, values | applications.owner(api, row), context=context))
        filed = applications.filed(api, row) or applications.another(api, row, with_cv=True)
        if not filed.get("source_id"):
            values |= applications.source(api, source)
        # With the job Odoo would put the job's recruiter in the place of the one who is there.
        odoo.write(api, APPLICANT, filed["id"], values | applications.owner(api, filed), context=context)
        return str(filed["id"])

    def find_user(self, api: Session, email: str) -> CrmUser | None:
        """The active user with that e-mail; in versions where employees own applicants, the employee."""
        if odoo.shape(api).owner == "user_id":
            user = self._user(api, email)
            return CrmUser(str(user["id"]), str(user.get("name")), email) if user else None
        domain = [["work_email", "=ilike", odoo.literally(email)]]
        found = odoo.records(api, "hr.employee", domain, ["name", "work_email"], limit=_MATCHES)
        same = [one for one in found if same_email(one.get("work_email") or None, email)]
        return CrmUser(str(same[0]["id"]), str(same[0].get("name")), email) if same else None

    # --- how Odoo answers -----------------------------------------------------------------------------

    def explain(self, answer: Answer) -> CrmError:
        return odoo.explained(self, answer) or super().explain(answer)

    def detail(self, answer: Answer) -> str:
        return odoo.detail(answer)

    # --- how Odoo keeps it ----------------------------------------------------------------------------

    def _jobs(self, api: Session, domain: list[Any], **more: Any) -> list[CrmVacancy]:
        jobs = odoo.records(api, _JOB, domain, _JOB_FIELDS, context=EVERYTHING, **more)
        return [
            CrmVacancy(
                str(job["id"]),
                str(pick(job, "name", crm=self.name)),
                is_open=bool(job.get("active")),
                owner_id=str(people.link_to(job, "user_id") or "") or None,
            )
            for job in jobs
        ]

    def _user(self, api: Session, email: str) -> Row | None:
        wanted = odoo.literally(email.strip())
        domain = ["|", ["login", "=ilike", wanted], ["email", "=ilike", wanted], ["share", "=", False]]
        found = odoo.records(
            api, "res.users", domain, ["name", "login", "email", "partner_id"], limit=_MATCHES
        )
        same = [
            user
            for user in found
            if any(same_email(user.get(name) or None, email) for name in ("email", "login"))
        ]
        return next((user for user in same if people.link_to(user, "partner_id")), None)


def _mark(key: str) -> str:
    return f"Handoff {key}"


def _message_id(key: str) -> str:
    return f"<{key}@handoff>"


def _as_html(text: str) -> str:
    return "<p>" + "<br>".join(html.escape(line, quote=False) for line in text.split("\n")) + "</p>"


CRM = Odoo()
