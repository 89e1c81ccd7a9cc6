"""The searchable menu of open vacancies: on the card where one is missing, and in a modal of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_sdk.models.blocks import ExternalDataSelectElement, InputBlock

from bot.blocks import ids, kit, parts
from bot.blocks.applicant import block_id, heading
from bot.blocks.parts import Json
from bot.models import Application


def vacancy_menu() -> ExternalDataSelectElement:
    """The menu; its entries come from the CRM when it is opened."""
    return ExternalDataSelectElement(
        action_id=ids.CHOOSE_VACANCY,
        placeholder=parts.plain_text("Choose the vacancy"),
        min_query_length=0,
    )


def choose_vacancy_modal(application: Application, crm_name: str | None) -> Json:
    """The modal for an application whose vacancy somebody wants to choose anew."""
    crm = kit.shown(crm_name, 60) or "the CRM"
    reference = kit.shown(application.vacancy.reference, 100)
    told = f"Later applications for {reference} go to the same vacancy of {crm}."
    return parts.modal(
        "Choose the vacancy",
        [
            parts.header(heading(application)),
            InputBlock(
                label=parts.plain_text("Open vacancy"),
                element=vacancy_menu(),
                block_id=block_id("vacancy", application),
            ),
            parts.context(told),
        ],
        close="Cancel",
        callback_id=ids.CHOOSE_VACANCY,
        submit=parts.plain_text("Choose").to_dict(),
    )


def read_vacancy(element: Mapping[str, Any]) -> tuple[str, str] | None:
    """The id and the title that were chosen; None where the menu had nothing to offer."""
    option = element.get("selected_option") or {}
    value, label = option.get("value"), (option.get("text") or {}).get("text")
    if not value or value == ids.NO_ENTRY:
        return None
    return str(value), str(label or value)
