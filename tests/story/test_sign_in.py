"""Signing in to a CRM: the Login link, the way to the CRM and back, and what the modal shows then."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import requests
from sqlalchemy import text

from bot.blocks import ids
from bot.playground.democrm.faults import Kind
from bot.store import connections
from bot.store import settings as settings_store
from bot.usecases import install
from bot.workspace import Boxes, Connection
from tests.story.settings_modal import Modal, browse, history, is_connected, stored
from tests.world import ADMIN, ANA, TEAM, World


def _connection(world: World) -> Connection:
    with world.house.database.reading() as connection:
        found = connections.find(connection, world.house.vault, TEAM, "DEMO")
    assert found is not None
    return found


def _consent(world: World, link: str) -> str:
    """Where the Login link leads: the CRM's own page."""
    begun = requests.get(link, allow_redirects=False, timeout=30)
    assert begun.status_code == 303, begun.text
    return begun.headers["Location"]


def _is_friendly(page: requests.Response) -> bool:
    """A page for people, which keeps its address to itself, and says how to go on."""
    return (
        page.status_code == 400
        and "text/html" in page.headers["Content-Type"]
        and page.headers["Referrer-Policy"] == "no-referrer"
        and page.headers["Cache-Control"] == "no-store"
        and "/handoff-settings" in page.text
        and "Traceback" not in page.text
    )


def test_the_open_modal_shows_who_is_connected(world: World) -> None:
    """After the sign-in the modal that is still open names the account and offers the boxes."""
    modal = Modal(world).open()
    page = browse(world, modal.select_crm())
    assert page.status_code == 200
    assert "Demo CRM is connected" in page.text
    modal.until(lambda: modal.shows("Connected as"))
    assert modal.shows("Priya Shah")
    assert ids.SETTINGS_BOXES in modal.block_ids()
    assert modal.link is None
    assert history(world)[0].changes[0].startswith("connected Demo CRM as Priya Shah")


def test_a_closed_modal_shows_it_on_reopening(world: World) -> None:
    """Whoever closed the modal meanwhile is connected all the same."""
    modal = Modal(world).open()
    link = modal.select_crm()
    modal.person.close()
    assert browse(world, link).status_code == 200
    assert world.direct(ADMIN) == []
    assert Modal(world).open().shows("Connected as")


def test_the_login_of_a_reopened_modal_updates_it(world: World) -> None:
    """A modal that shows Login from the start is found again after the sign-in, too."""
    first = Modal(world).open()
    first.select_crm()
    first.save()
    modal = Modal(world).open()
    modal.until(lambda: modal.link)
    assert browse(world, str(modal.link)).status_code == 200
    modal.until(lambda: modal.shows("Connected as"))


def test_the_way_to_the_crm_carries_state_and_pkce(world: World) -> None:
    """The CRM's page is asked for with a fresh state, an S256 challenge and our own redirect."""
    consent = _consent(world, Modal(world).open().select_crm())
    query = parse_qs(urlsplit(consent).query)
    assert consent.startswith(world.crm.authorize_url)
    assert query["code_challenge_method"] == ["S256"]
    assert query["redirect_uri"] == [f"{world.bot_url}/crm/callback"]
    assert len(query["state"][0]) >= 32


def test_a_login_link_works_once(world: World) -> None:
    """The second visit gets a page that says so."""
    link = Modal(world).open().select_crm()
    _consent(world, link)
    again = requests.get(link, allow_redirects=False, timeout=30)
    assert _is_friendly(again)
    assert "has been used or is too old" in again.text


def test_a_login_link_lasts_a_quarter_of_an_hour(world: World) -> None:
    """Fifteen minutes after it was drawn it is dead."""
    modal = Modal(world).open()
    link = modal.select_crm()
    world.clock.advance(minutes=15)
    assert _is_friendly(requests.get(link, allow_redirects=False, timeout=30))
    fresh = Modal(world).open().select_crm()
    world.clock.advance(minutes=14, seconds=59)
    _consent(world, fresh)


def test_a_forged_login_link_gets_a_friendly_page(world: World) -> None:
    """Nothing of the address is repeated on the page."""
    for ticket in ("", "forged", "x" * 5000, "%00", "<script>alert(1)</script>"):
        page = requests.get(f"{world.bot_url}/crm/login?ticket={ticket}", allow_redirects=False, timeout=30)
        assert _is_friendly(page)
        assert "<script>" not in page.text


def test_a_callback_with_a_wrong_state_connects_nothing(world: World) -> None:
    """A missing or invented state ends on a friendly page, and the code is not redeemed."""
    for query in ("code=abc", "code=abc&state=", "code=abc&state=forged", "code=abc&state=%00"):
        assert _is_friendly(requests.get(f"{world.bot_url}/crm/callback?{query}", timeout=30))
    assert not any(call.path == "/oauth/token" for call in world.crm.calls)


def test_a_login_link_is_no_state(world: World) -> None:
    """The secret of a Login link opens the login, and nothing else."""
    link = Modal(world).open().select_crm()
    secret = link.rpartition("=")[2]
    page = requests.get(f"{world.bot_url}/crm/callback?code=abc&state={secret}", timeout=30)
    assert _is_friendly(page)
    _consent(world, link)


def test_a_state_works_once(world: World) -> None:
    """The same callback again changes nothing, and the first sign-in stays."""
    modal = Modal(world).open()
    back = world.crm.approve(_consent(world, modal.select_crm()))
    assert requests.get(back, timeout=30).status_code == 200
    before = _connection(world)
    assert _is_friendly(requests.get(back, timeout=30))
    assert _connection(world) == before


def test_a_state_lasts_a_quarter_of_an_hour(world: World) -> None:
    """Who dawdles at the CRM's page has to begin again."""
    back = world.crm.approve(_consent(world, Modal(world).open().select_crm()))
    world.clock.advance(minutes=15)
    assert _is_friendly(requests.get(back, timeout=30))
    assert not is_connected(world)


def test_a_denied_consent_connects_nothing(world: World) -> None:
    """Pressing Deny at the CRM leads to a page that says so."""
    page = browse(world, Modal(world).open().select_crm(), allow=False)
    assert _is_friendly(page)
    assert "consent was not given" in page.text
    assert not is_connected(world)


def test_a_crm_in_trouble_at_the_code_exchange_is_told(world: World) -> None:
    """Down, gone, a maintenance page, an answer without a token: a friendly page, nothing stored."""
    kinds: tuple[Kind, ...] = ("status", "reset_before", "html", "nonsense")
    modal = Modal(world).open()
    link = modal.select_crm()
    for kind in kinds:
        world.crm.faults.add(kind=kind, path="/oauth/token")
        page = browse(world, link)
        assert page.status_code == 400
        assert "The CRM was not connected" in page.text
        assert "Demo CRM" in page.text
        assert not is_connected(world)
        link = modal.fresh_link(link)


def test_after_a_failed_sign_in_the_open_modal_has_a_fresh_link(world: World) -> None:
    """The link in the open modal was used up; the modal says what happened and offers another one."""
    modal = Modal(world).open()
    used = modal.select_crm()
    browse(world, used, allow=False)
    fresh = modal.fresh_link(used)
    assert modal.shows("consent was not given")
    assert browse(world, fresh).status_code == 200
    modal.until(lambda: modal.shows("Connected as") and not modal.shows("consent was not given"))


def test_a_half_filled_modal_keeps_its_draft(world: World) -> None:
    """Channel, undo window and editors filled in before the sign-in are still there after it, and are
    saved.
    """
    modal = Modal(world).open()
    modal.person.fill(ids.SETTINGS_CHANNEL, "CENGINEERS")
    link = modal.select_crm()
    modal.person.fill(ids.SETTINGS_UNDO, "60")
    modal.person.fill(ids.SETTINGS_EDITORS, [ANA])
    browse(world, link)
    modal.until(lambda: modal.shows("Connected as"))
    modal.tick(ids.BOX_GREEN)
    assert modal.save().ok
    saved = stored(world)
    assert (saved.channel, saved.undo_seconds, saved.editors) == ("CENGINEERS", 60, (ANA,))


def test_ticks_made_over_a_broken_sign_in_survive_the_new_one(world: World) -> None:
    """Boxes ticked while the sign-in was broken stay ticked, with the status menu, when it is back."""
    world.connect()
    with world.house.database.transaction() as connection:
        connections.mark_broken(connection, _connection(world), "Demo CRM no longer accepts the sign-in.")
    modal = Modal(world).open()
    assert modal.shows("no longer accepts the sign-in")
    modal.tick(ids.BOX_STATUS)
    modal.person.act_in_view(ids.SETTINGS_TRIGGER, "offer")
    modal.until(lambda: "Offer" in modal.sentence())
    browse(world, str(modal.link))
    modal.until(lambda: modal.shows("Connected as"))
    assert ids.SETTINGS_TRIGGER in modal.block_ids()
    assert "Offer" in modal.sentence()
    assert modal.save().ok
    assert stored(world).boxes == Boxes(send_status=True, trigger_status="offer")


def test_ticks_made_while_the_crm_page_was_open_survive(world: World) -> None:
    """Login pressed first, boxes ticked then, consent given last: the newest ticks count."""
    world.connect()
    with world.house.database.transaction() as connection:
        connections.mark_broken(connection, _connection(world), "Demo CRM no longer accepts the sign-in.")
    modal = Modal(world).open()
    back = world.crm.approve(_consent(world, str(modal.link)))
    modal.tick(ids.BOX_STATUS)
    requests.get(back, timeout=30)
    modal.until(lambda: modal.shows("Connected as"))
    assert ids.SETTINGS_TRIGGER in modal.block_ids()
    assert "No status is chosen yet" in modal.sentence()


def test_an_admin_demoted_at_the_crm_page_connects_nothing(world: World) -> None:
    """The right to connect is looked up when the CRM sends the person back."""
    back = world.crm.approve(_consent(world, Modal(world).open().select_crm()))
    world.slack.change_user(ADMIN, is_admin=False, is_owner=False)
    world.clock.advance(minutes=2)
    page = requests.get(back, timeout=30)
    assert page.status_code == 400
    assert "workspace admins" in page.text
    assert not is_connected(world)


def test_a_sign_in_that_ends_after_the_uninstall_leaves_no_secret(world: World) -> None:
    """A workspace that removed the bot while somebody was at the CRM's page gets no connection stored."""
    back = world.crm.approve(_consent(world, Modal(world).open().select_crm()))
    install.uninstall(world.house, TEAM)
    assert requests.get(back, timeout=30).status_code == 400
    assert not is_connected(world)


def test_tokens_and_tickets_are_unreadable_in_the_database(world: World) -> None:
    """Neither the CRM's tokens, nor the Login link's secret, nor the verifier can be read there."""
    modal = Modal(world).open()
    link = modal.select_crm()
    secret = link.rpartition("=")[2]
    browse(world, link)
    credentials = _connection(world).credentials
    secrets = [secret, credentials.access_token, str(credentials.refresh_token)]
    with world.house.database.reading() as connection:
        rows = [
            str(row)
            for table in ("connections", "login_tickets")
            for row in connection.execute(text(f"SELECT * FROM {table}"))  # noqa: S608  two names of our own
        ]
    assert rows
    assert not any(secret in row for row in rows for secret in secrets)


def test_what_waited_for_a_first_sign_in_goes_out(world: World) -> None:
    """Decisions made before any CRM was connected leave once it is."""
    world.tick(send_green=True)
    id_ = world.arrive()
    world.click(ANA, id_, ids.DECIDE_GREEN)
    world.deliver(seconds=15)
    assert world.state(id_)["handoff"]["state"] == "waiting"
    world.connect()
    assert world.state(id_)["handoff"]["state"] == "sent"


def test_changing_the_crm_while_handoffs_wait_sends_them_to_the_new_one(world: World) -> None:
    """JobAdder was chosen and never signed in to; what waits goes to Demo CRM once that is chosen."""
    with world.house.database.transaction() as connection:
        chosen = replace(stored(world), crm="JOBADDER", boxes=Boxes(send_green=True))
        settings_store.save(connection, chosen)
    id_ = world.arrive()
    world.click(ANA, id_, ids.DECIDE_GREEN)
    world.deliver(seconds=15)
    assert world.state(id_)["handoff"]["state"] == "waiting"
    modal = Modal(world).open()
    link = modal.select_crm("DEMO")
    browse(world, link)
    modal.until(lambda: modal.shows("Connected as"))
    modal.save()
    world.deliver(seconds=15)
    handoff = world.state(id_)["handoff"]
    assert (handoff["state"], handoff["crm"]) == ("sent", "DEMO")
