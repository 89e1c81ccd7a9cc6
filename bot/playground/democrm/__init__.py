"""A small recruitment CRM to hand applicants to: its own HTTP server with OAuth 2 sign-in, an API and pages.

Sign-in is the authorization code flow with PKCE (S256): `/oauth/authorize`, `/oauth/token`, `/oauth/revoke`.
The client's id and secret go in the form. Codes work once, access tokens live 300 s, refresh tokens rotate
and work once; the token answer names the API's base URL in `api`. Scopes: see `authserver.SCOPES`.

The API under `/api/v1` (described at `/docs`):
`GET /me` · `GET /users?email=` ·
`GET|POST /people` (`?email=|phone=`; e-mail is unique: 409 with `existing_id`) ·
`GET|PATCH /people/{id}` · `GET|POST /people/{id}/files` (multipart `file`, `kind`) · `…/files/{id}/content` ·
`GET|POST /people/{id}/notes` (`reference`) ·
`GET /vacancies?status=&search=&reference=` · `GET /vacancies/{id}` ·
`GET /stages` · `GET|POST /applications` (one per pair: 409 with `existing_id`; closed vacancy: 422) ·
`GET|PATCH /applications/{id}`.

People look at `{base_url}/people/{id}` and `{base_url}/vacancies/{id}`.
"""

from bot.playground.democrm.faults import Fault, Faults
from bot.playground.democrm.model import Application, Note, Person, StoredFile, User, Vacancy
from bot.playground.democrm.server import DemoCrm
from bot.playground.democrm.wire import Call

__all__ = [
    "Application",
    "Call",
    "DemoCrm",
    "Fault",
    "Faults",
    "Note",
    "Person",
    "StoredFile",
    "User",
    "Vacancy",
]
