"""What the demo CRM holds on its first day: three users, eight vacancies, and the people met before."""

from bot.playground.democrm.model import User
from bot.playground.democrm.records import Records

DAY = 86400.0

# reference, title, client, location, employment, salary; the last one is closed.
VACANCIES = (
    ("JOB-41", "Quantity Surveyor", "Harrow & Finch", "Manchester", "Permanent", "£48,000 – £56,000"),
    ("JOB-42", "Site Engineer", "Acme", "Leeds", "Permanent", "£38,000 – £45,000"),
    ("JOB-43", "Registered Nurse, Night Shift", "Larkhill Care", "Bristol", "Permanent", "£36,500"),
    ("JOB-44", "Data Analyst", "Northlight Energy", "Remote (UK)", "12-month contract", "£350 a day"),
    ("JOB-45", "Warehouse Team Leader", "Parcelwise", "Doncaster", "Permanent", "£31,000"),
    ("JOB-46", "Finance Manager", "Oak Street Studios", "London", "Permanent", "£62,000 – £70,000"),
    ("JOB-47", "Electrician", "Brightwire", "Sheffield", "Temporary", "£21.50 an hour"),
    ("JOB-48", "Executive Assistant", "Calder Legal", "York", "Permanent", "£34,000"),
)
CLOSED = "JOB-48"


def fill(records: Records) -> None:
    """Put the sample data into empty records."""
    users = {
        "priya": records.add_user("Priya Shah", "priya@brightdesk.example", "administrator"),
        "ben": records.add_user("Ben Carter", "ben@brightdesk.example", "recruiter"),
        "maya": records.add_user("Maya Okafor", "maya@brightdesk.example", "recruiter"),
    }
    _vacancies(records, users)
    _people(records, users)


def _vacancies(records: Records, users: dict[str, User]) -> None:
    owners = list(users.values())
    for index, (reference, title, client, location, employment, salary) in enumerate(VACANCIES):
        vacancy = records.add_vacancy(
            reference=reference,
            title=title,
            client=client,
            location=location,
            employment=employment,
            salary=salary,
            owner_id=owners[index % len(owners)].id,
            created_at=records.clock() - (len(VACANCIES) - index) * 4 * DAY,
        )
        if reference == CLOSED:
            records.close_vacancy(vacancy.id)


def _people(records: Records, users: dict[str, User]) -> None:
    now = records.clock()
    ana = records.add_person(
        first_name="Ana",
        last_name="Novák",
        email="ana.novak@example.com",
        phone="+44 7700 900142",
        location="Leeds",
        headline="Graduate engineer",
        source="Careers fair",
        owner_id=users["ben"].id,
        created_at=now - 210 * DAY,
    )
    met = "Met at the Leeds careers fair. Finishes her degree in July."
    records.add_note(ana.id, met, None, users["ben"].id, at=now - 210 * DAY)
    records.add_person(
        first_name="Callum",
        last_name="Reid",
        email="callum.reid@example.com",
        phone="+44 7700 900155",
        location="Sheffield",
        headline="Approved electrician",
        skills=("18th Edition", "Testing and inspection"),
        source="Referral",
        owner_id=users["maya"].id,
        created_at=now - 96 * DAY,
    )
    grace = records.add_person(
        first_name="Grace",
        last_name="Adeyemi",
        email="grace.adeyemi@example.org",
        location="London",
        headline="Finance Manager at Tallis & Co",
        skills=("IFRS", "Xero", "Team leadership"),
        source="LinkedIn",
        owner_id=users["priya"].id,
        created_at=now - 20 * DAY,
    )
    finance = records.vacancies(reference="JOB-46")[0]
    records.add_application(grace.id, finance.id, "interview", "LinkedIn")
