"""Menus that Slack asks us to fill while somebody looks: a CRM's options, and its open vacancies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from bot.blocks import ids, menus
from bot.blocks.settings_input import read_settings
from bot.handlers.background import Background
from bot.handlers.request import team_of
from bot.store import settings as settings_store
from bot.usecases import people
from bot.usecases.crm_menus import CrmMenus
from bot.usecases.house import House

Body = Mapping[str, Any]
Entries = list[dict[str, Any]]
_FRESH = timedelta(hours=1)


class MenuHandlers:
    """What cannot be had is told in the menu itself."""

    def __init__(self, house: House, background: Background) -> None:
        self._house = house
        self._menus = CrmMenus(house, background.ask)

    def options(self, body: Body) -> Entries:
        """What a CRM offers for an option of its, the others being as they are in the modal."""
        about, search = ids.option_of(body.get("block_id")), str(body.get("value") or "")
        if about is None or about[0] not in self._house.crms:
            return menus.nothing_found(search)
        crm, key = about
        # Slack waits for the CRM already: who it is was asked when the modal opened, and is again at saving.
        people.require_editor(self._house, team_of(body), body["user"]["id"], fresh=_FRESH)
        state = (body.get("view") or {}).get("state") or {}
        entered = read_settings(state.get("values")).options.get(crm, {})
        others = {name: picked.value for name, picked in entered.items() if name != key}
        found = self._menus.choices(team_of(body), crm, key, others)
        return menus.entries(found, search, with_no_choice=True)

    def vacancies(self, body: Body) -> Entries:
        """The open vacancies of the workspace's CRM."""
        team_id, search = team_of(body), str(body.get("value") or "")
        people.require_decider(self._house, team_id, body["user"]["id"])
        with self._house.database.reading() as connection:
            crm = settings_store.load(connection, team_id).crm
        if crm not in self._house.crms:
            return menus.sorry("No CRM is connected")
        found = self._menus.vacancies(team_id, str(crm), search)
        return menus.entries(found) if found else menus.nothing_found(search)
