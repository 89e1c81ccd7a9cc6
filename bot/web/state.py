"""What the intake API tells of an application."""

from __future__ import annotations

from pydantic import BaseModel, Field

from bot.models import Application, HandoffState, Light, Target


class Created(BaseModel):
    """A stored application."""

    id: str
    url: str = Field(description="Where its state can be asked for.")


class HandoffReport(BaseModel):
    """How far the application is to go, and how far that is."""

    target: Target = Field(description="How far a ticked box wants it to go.")
    state: HandoffState
    reason: str | None = Field(description="Why it waits or failed, as a sentence.")
    crm: str | None = Field(description="The CRM it goes to, by its key.")
    candidate_id: str | None = Field(description="The CRM's own id of the person.")
    candidate_url: str | None = Field(description="The person's page in the CRM.")
    application_id: str | None = Field(description="The CRM's own id of the link between person and vacancy.")
    attempts: int


class CardReport(BaseModel):
    """Where the card stands in Slack; both null until it is posted."""

    channel: str | None
    ts: str | None


class ApplicationState(BaseModel):
    """An application as it stands."""

    id: str
    light: Light | None
    status: str = Field(description="The status by the name that Slack shows, such as Keep on file.")
    handoff: HandoffReport
    card: CardReport


def state_of(application: Application, status_name: str) -> ApplicationState:
    """The application as the API shows it."""
    handoff, card = application.handoff, application.card
    return ApplicationState(
        id=application.id,
        light=application.light,
        status=status_name,
        handoff=HandoffReport(
            target=handoff.target,
            state=handoff.state,
            reason=handoff.reason,
            crm=handoff.crm,
            candidate_id=handoff.candidate_id,
            candidate_url=handoff.candidate_url,
            application_id=handoff.link_id,
            attempts=handoff.attempts,
        ),
        card=CardReport(channel=card.channel if card else None, ts=card.ts if card else None),
    )
