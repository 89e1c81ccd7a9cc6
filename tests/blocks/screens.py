"""Every screen in every state that people can meet, by the name of its golden file."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.blocks import notices
from bot.blocks.card import card
from bot.blocks.details import details, history
from bot.blocks.home import home
from bot.blocks.notes import Shelf, add_note_modal, what_becomes_of_it
from bot.blocks.parts import Json
from bot.blocks.review import about, review_modal
from bot.blocks.settings import settings_modal
from bot.blocks.summary import SummaryScreen, summary
from bot.blocks.vacancy_menu import choose_vacancy_modal
from bot.models import (
    Candidate,
    Card,
    Ground,
    Handoff,
    HandoffState,
    Light,
    NoteCounts,
    Status,
    Target,
    Vacancy,
)
from bot.rules.statuses import DEFAULT_STATUSES
from bot.workspace import Boxes, Picked, VacancyChoice

from .samples import (
    ANA,
    APPLICATION,
    CHANGES,
    EARLIER,
    HISTORY,
    NOTES,
    NOW,
    OPTIONS,
    QUESTIONS,
    RECORD_URL,
    a_card,
    a_home,
    a_review,
    decided,
    green,
    sent,
    settings,
    waiting,
)

_SOON = NOW + timedelta(seconds=10)
_HOSTILE = replace(
    APPLICATION,
    source="<!here>",
    candidate=Candidate(
        last_name="*Bold* <!channel>",
        first_name="_Ana_ <@U0BEN>",
        email="a@b.example",
        headline="`code` <https://evil.example|click> :smile: https://evil.example",
        location="\u202egnp.exe\n> quoted",
        skills=("~x~", "@here", "#general"),
    ),
    vacancy=Vacancy("J", "شركة & Sons", "<#C1>", ">>> x"),
)
_BARE = replace(
    APPLICATION,
    candidate=Candidate("Ng", email="ng@example.com"),
    vacancy=Vacancy("JOB-1", "Cook"),
    cv=None,
    card=None,
    applied_at=None,
    cover_letter=None,
    answers=(),
)
_SWITCHED_OFF = (*DEFAULT_STATUSES, Status("assessment", "Assessment", active=False))
_PARTLY = Handoff(
    Target.CRM_AND_VACANCY,
    sent=Target.CRM,
    state=HandoffState.FAILED,
    reason="Demo CRM has no vacancy JOB-42.",
    candidate_id="7",
    candidate_url=RECORD_URL,
)

_WITHOUT_VACANCY = replace(
    _PARTLY, reason="Demo CRM has no vacancy JOB-42. Choose the vacancy below.", needs="vacancy"
)
_SHELF = Shelf(NOTES, ("01KN1", "01KN2"), "Demo CRM")

CARDS: dict[str, Json] = {
    "card_new": card(a_card()),
    "card_new_bare": card(a_card(_BARE)),
    "card_new_cv_on_its_way": card(a_card(replace(APPLICATION, card=Card("C1", "1.1")))),
    "card_new_applied_before": card(a_card(earlier=EARLIER)),
    "card_hostile": card(a_card(_HOSTILE)),
    "card_new_sent_on_arrival": card(a_card(replace(APPLICATION, handoff=sent()))),
    "card_green_undoable": card(a_card(green(waiting(), undo_until=_SOON))),
    "card_green_no_box": card(a_card(green(Handoff()))),
    "card_green_no_crm": card(a_card(green(waiting()), crm_name=None, is_connected=False)),
    "card_green_not_signed_in": card(a_card(green(waiting()), is_connected=False)),
    "card_green_trying_again": card(
        a_card(green(waiting(attempts=2, reason="Demo CRM has trouble (error 503).")))
    ),
    "card_green_sending": card(a_card(green(waiting(state=HandoffState.SENDING)))),
    "card_green_sent": card(a_card(green(sent(owner="Ben Boss", owner_note="decided in Slack")))),
    "card_green_partly": card(a_card(green(_PARTLY))),
    "card_green_no_vacancy": card(a_card(green(_WITHOUT_VACANCY))),
    "card_green_chosen_vacancy": card(a_card(green(sent(vacancy_title="Engineer <@U0BEN> (JOB-43)")))),
    "card_green_failed": card(
        a_card(green(waiting(state=HandoffState.FAILED, reason="Demo CRM refused <the> e-mail.")))
    ),
    "card_amber_sent": card(a_card(decided(Light.AMBER, "keep_on_file", handoff=sent(Target.CRM)))),
    "card_red": card(a_card(decided(Light.RED, "rejected"))),
    "card_red_already_sent": card(a_card(decided(Light.RED, "rejected", handoff=sent()))),
    "card_status_only": card(
        a_card(
            decided(
                None,
                "interview",
                handoff=waiting(ground=Ground.STATUS),
                undo_until=_SOON,
            )
        )
    ),
    "card_notes": card(a_card(notes=NoteCounts(kept=2))),
    "card_notes_sent": card(a_card(green(sent()), notes=NoteCounts(kept=1, sent=2))),
    "card_notes_refused": card(
        a_card(
            green(_PARTLY),
            notes=NoteCounts(sent=1, failed=1, reason="Demo CRM refused <it>."),
            earlier=EARLIER,
        )
    ),
    "card_status_switched_off": card(a_card(decided(None, "assessment"), statuses=_SWITCHED_OFF)),
}

_GREEN = green(sent())
_HELD = replace(APPLICATION, card=None, burst_id="01KBURST")

SUMMARIES: dict[str, Json] = {
    "summary_new": summary(SummaryScreen(38, [("Site Engineer", 30), ("Cook", 8)], NOW)),
    "summary_one": summary(SummaryScreen(1, [("Site Engineer", 1)], NOW)),
    "summary_partly": summary(
        SummaryScreen(
            60, [("*Bold* <!channel>", 20), *((f"Vacancy {number}", 2) for number in range(8))], NOW
        )
    ),
    "summary_empty": summary(SummaryScreen(38, [], NOW)),
}

REVIEWS: dict[str, Json] = {
    "review_first": review_modal(a_review(a_card(_HELD))),
    "review_looked_at": review_modal(a_review(a_card(_HELD), looker=ANA)),
    "review_with_card": review_modal(a_review(a_card(earlier=EARLIER), shelf=_SHELF)),
    "review_sent_on_arrival": review_modal(a_review(a_card(replace(_HELD, handoff=sent())))),
    "review_cv_on_its_way": review_modal(
        a_review(a_card(replace(APPLICATION, card=Card("C1", "1.1"))), said="The card is being posted.")
    ),
    "review_bare": review_modal(a_review(a_card(_BARE), position=1000, total=1000, is_more=True)),
    "review_hostile": review_modal(a_review(a_card(_HOSTILE), last=a_card(_HOSTILE))),
    "review_after_green": review_modal(
        a_review(a_card(_HELD), last=a_card(green(waiting(), undo_until=_SOON)))
    ),
    "review_after_status": review_modal(a_review(a_card(_HELD), last=a_card(decided(None, "interview")))),
    "review_stale": review_modal(
        a_review(a_card(_HELD), said=about(_HOSTILE, notices.stale_click(_GREEN, DEFAULT_STATUSES, NOW)))
    ),
    "review_end": review_modal(a_review(None, position=0, total=0)),
    "review_end_skipped": review_modal(a_review(None, position=0, total=3)),
}

_LOGIN = "https://handoff.example.com/crm/login?ticket=abc"
_ASKING = {"crm": "odoo", "crm_name": "Odoo", "account": None, "questions": QUESTIONS}

VIEWS: dict[str, Json] = {
    "details": details(APPLICATION, EARLIER, HISTORY, DEFAULT_STATUSES, NOW),
    "details_bare": details(_BARE, (), (), DEFAULT_STATUSES, NOW),
    "history": history(APPLICATION, HISTORY, DEFAULT_STATUSES, NOW),
    "history_empty": history(APPLICATION, (), DEFAULT_STATUSES, NOW),
    "details_notes": details(APPLICATION, (), (), DEFAULT_STATUSES, NOW, _SHELF),
    "history_notes": history(APPLICATION, HISTORY, DEFAULT_STATUSES, NOW, shelf=_SHELF),
    "add_note": add_note_modal(
        APPLICATION, what_becomes_of_it("Demo CRM", is_wanted=True, is_there=False), Shelf(), NOW
    ),
    "add_note_below_others": add_note_modal(
        APPLICATION, what_becomes_of_it("Demo CRM", is_wanted=True, is_there=True), _SHELF, NOW
    ),
    "settings_notes_ticked": settings_modal(settings(takes_notes=True, send_notes=True)),
    "settings_no_crm_offered": settings_modal(
        settings(crms=(), crm=None, crm_name=None, account=None, channel=None, editors=())
    ),
    "settings_no_crm_chosen": settings_modal(settings(crm=None, crm_name=None, account=None)),
    "settings_questions": settings_modal(settings(**_ASKING)),
    "settings_questions_answered": settings_modal(
        settings(
            **_ASKING,
            answers={"region": "apac", "address": "https://a", "key": "s3cret"},
            login_url=_LOGIN,
        )
    ),
    "settings_keys_only": settings_modal(
        settings(**_ASKING, has_login=False, error="Odoo did not accept the key <x>.")
    ),
    "settings_login": settings_modal(settings(account=None, login_url=_LOGIN)),
    "settings_connected": settings_modal(settings(history=CHANGES, takes_notes=True)),
    "settings_status_ticked": settings_modal(settings(boxes=Boxes(send_status=True, send_amber=True))),
    "settings_status_chosen": settings_modal(
        settings(boxes=Boxes(send_status=True, trigger_status="interview"), undo_seconds=45)
    ),
    "settings_status_switched_off": settings_modal(
        settings(boxes=Boxes(send_status=True, trigger_status="assessment"), statuses=_SWITCHED_OFF)
    ),
    "settings_all_boxes": settings_modal(
        settings(boxes=Boxes(send_all=True, send_green=True, send_status=True, send_amber=True))
    ),
    "settings_question_at_fault": settings_modal(
        settings(
            **_ASKING,
            answers={"address": "http://a"},
            faults={"address": "An address begins with https://. *So* does yours?"},
        )
    ),
    "settings_most_cards": settings_modal(settings(most_cards=25)),
    "settings_options": settings_modal(
        settings(options=OPTIONS, picked={"stage": Picked("7", "Phone screen"), "tag": Picked("yes", "Yes")})
    ),
    "settings_options_untouched": settings_modal(
        settings(options=OPTIONS, lacks="Demo CRM takes no CV files.")
    ),
    "settings_default_owner": settings_modal(settings(has_owners=True, default_owner=ANA)),
    "choose_vacancy": choose_vacancy_modal(APPLICATION, "Demo CRM"),
    "history_vacancy_chosen": history(
        APPLICATION,
        HISTORY,
        DEFAULT_STATUSES,
        NOW,
        VacancyChoice("demo", "JOB-42", "7", "Site Engineer (JOB-43)", ANA, NOW),
    ),
    "settings_broken": settings_modal(settings(broken="Revoked by an admin.", login_url=_LOGIN, waiting=2)),
    "home_admin": home(a_home()),
    "home_member": home(a_home(is_editor=False)),
    "home_broken": home(a_home(broken="Revoked.", waiting=4)),
    "home_broken_member": home(a_home(is_editor=False, broken="Revoked.")),
    "home_no_crm": home(a_home(crm_name=None, account=None, boxes=Boxes())),
    "home_not_signed_in": home(a_home(account=None)),
    "home_nobody_waits": home(a_home(undecided=0)),
    "home_guest": home(a_home(is_editor=False, is_decider=False)),
    "home_no_channel": home(a_home(channel=None)),
    "notice_modal": notices.notice_modal(notices.went_wrong("3f2a")),
}

_RED = decided(Light.RED, "rejected")
NOTICES: dict[str, str] = {
    "guest_may_not_write": notices.guest_may_not_write(),
    "settings_refused": notices.settings_refused([ANA, "U0BEN", "nonsense>"]),
    "settings_refused_without_admins": notices.settings_refused(),
    "guest_refused": notices.guest_refused(),
    "stale_click": notices.stale_click(_RED, DEFAULT_STATUSES, NOW),
    "stale_click_after_undo": notices.stale_click(APPLICATION, DEFAULT_STATUSES, NOW),
    "stale_click_status": notices.stale_click(decided(None, "interview"), DEFAULT_STATUSES, NOW),
    "too_late_to_undo": notices.too_late_to_undo(),
    "settings_saved": notices.settings_saved("Nothing is forwarded: no box is ticked."),
    "help": notices.help_text(),
    "unknown_argument": notices.unknown_argument("<!channel> *x*"),
    "welcome": notices.welcome(),
    "sign_in_broken": notices.sign_in_broken("Demo CRM", "Revoked."),
    "sign_in_back": notices.sign_in_back("Demo CRM"),
    "sign_in_back_with_waiting": notices.sign_in_back("Demo CRM", 1),
    "crm_in_trouble": notices.crm_in_trouble("Demo CRM", "Error 503."),
    "channel_unusable": notices.channel_unusable("C1"),
    "went_wrong": notices.went_wrong("3f2a"),
}
