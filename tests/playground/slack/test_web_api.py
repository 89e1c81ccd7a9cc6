"""Who may call the Web API, in which form, and what the answers look like."""

from __future__ import annotations

import json

import pytest
import requests
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.playground.slack import LocalSlack, User


def refusal(call: object, **args: object) -> dict[str, object]:
    """The body of the refusal that this call meets."""
    with pytest.raises(SlackApiError) as caught:
        call(**args)  # type: ignore[operator]  # any of WebClient's methods
    return dict(caught.value.response.data)


def test_without_a_token_nobody_is_answered(slack: LocalSlack) -> None:
    """No token is not_authed, an unknown one invalid_auth; both with HTTP 200, as Slack does."""
    nobody = requests.post(f"{slack.api_url}auth.test", timeout=30)
    stranger = requests.post(
        f"{slack.api_url}auth.test", headers={"Authorization": "Bearer xoxb-x"}, timeout=5
    )
    assert (nobody.status_code, nobody.json()) == (200, {"ok": False, "error": "not_authed"})
    assert stranger.json()["error"] == "invalid_auth"


def test_a_token_in_a_json_body_does_not_count(slack: LocalSlack) -> None:
    """Slack reads tokens from the header or a form, never from JSON."""
    in_json = requests.post(f"{slack.api_url}auth.test", json={"token": "xoxb-local"}, timeout=30)
    in_form = requests.post(f"{slack.api_url}auth.test", data={"token": "xoxb-local"}, timeout=30)
    assert in_json.json()["error"] == "not_authed"
    assert in_form.json()["ok"]


def test_auth_test_says_who_the_bot_is(client: WebClient) -> None:
    """The ids everybody builds on."""
    answer = client.auth_test()
    assert (answer["team_id"], answer["user_id"], answer["bot_id"]) == ("TDEMO", "UHANDOFF", "BHANDOFF")
    assert "chat:write" in answer.headers["x-oauth-scopes"]


def test_unknown_methods_and_broken_json_are_refused(slack: LocalSlack, client: WebClient) -> None:
    """unknown_method and invalid_json."""
    assert refusal(client.api_call, api_method="chat.postPostcard")["error"] == "unknown_method"
    headers = {"Authorization": "Bearer xoxb-local", "Content-Type": "application/json"}
    broken = requests.post(f"{slack.api_url}chat.postMessage", data="{", headers=headers, timeout=30)
    assert broken.json()["error"] == "invalid_json"


def test_form_and_json_bodies_are_the_same_call(slack: LocalSlack) -> None:
    """Blocks come as a list in JSON and as JSON text in a form."""
    headers = {"Authorization": "Bearer xoxb-local"}
    blocks = [{"type": "divider"}]
    fields = {"channel": "CAPPLICANTS", "text": "hi"}
    as_json = requests.post(
        f"{slack.api_url}chat.postMessage", json=fields | {"blocks": blocks}, headers=headers, timeout=5
    )
    form = fields | {"blocks": json.dumps(blocks)}
    as_form = requests.post(f"{slack.api_url}chat.postMessage", data=form, headers=headers, timeout=30)
    assert [answer.json()["message"]["blocks"][0]["type"] for answer in (as_json, as_form)] == ["divider"] * 2
    assert slack.calls[0].args == slack.calls[1].args


def test_reading_methods_do_not_see_json(slack: LocalSlack) -> None:
    """users.info takes its user from the query or a form only."""
    headers = {"Authorization": "Bearer xoxb-local"}
    answer = requests.post(f"{slack.api_url}users.info", json={"user": "UANA"}, headers=headers, timeout=30)
    assert answer.json()["error"] == "user_not_found"


def test_a_missing_scope_is_named(slack: LocalSlack, client: WebClient) -> None:
    """missing_scope says what was needed and what there is."""
    slack.scopes = {"chat:write"}
    body = refusal(client.users_info, user="UANA")
    assert (body["error"], body["needed"], body["provided"]) == ("missing_scope", "users:read", "chat:write")


def test_e_mails_need_their_own_scope(slack: LocalSlack, client: WebClient) -> None:
    """users:read alone gives people without their addresses."""
    assert client.users_info(user="UANA")["user"]["profile"]["email"] == "ana@brightdesk.example"
    slack.scopes = {"users:read"}
    assert "email" not in client.users_info(user="UANA")["user"]["profile"]
    assert refusal(client.users_lookupByEmail, email="ana@brightdesk.example")["error"] == "missing_scope"


def test_people_have_their_rights(client: WebClient) -> None:
    """Maya owns the workspace, Ana is a member, Gwen a guest of one channel."""
    users = {user["id"]: user for user in client.users_list()["members"]}
    assert users["UADMIN"]["is_admin"]
    assert users["UADMIN"]["is_owner"]
    assert not users["UANA"]["is_admin"]
    assert users["UGUEST"]["is_ultra_restricted"]
    assert users["UHANDOFF"]["is_bot"]


def test_people_are_found_by_e_mail(slack: LocalSlack, client: WebClient) -> None:
    """Whatever the capitals; people who left are not found any more."""
    assert client.users_lookupByEmail(email="Ana@BrightDesk.example")["user"]["id"] == "UANA"
    slack.change_user("UANA", deleted=True)
    assert refusal(client.users_lookupByEmail, email="ana@brightdesk.example")["error"] == "users_not_found"


def test_lists_come_in_pages(client: WebClient) -> None:
    """next_cursor leads on until it is empty."""
    seen = [user["id"] for page in client.users_list(limit=2) for user in page["members"]]
    assert sorted(seen) == ["UADMIN", "UANA", "UBEN", "UGUEST", "UHANDOFF"]
    assert refusal(client.users_list, cursor="nonsense")["error"] == "invalid_cursor"


def test_channels_are_described_and_joined(slack: LocalSlack, client: WebClient) -> None:
    """A public channel is known before it is joined, a private one only from within."""
    slack.add_channel("CNEW", "new", ["UANA"])
    slack.add_channel("CSECRET", "secret", ["UANA"], is_private=True)
    assert not client.conversations_info(channel="CNEW")["channel"]["is_member"]
    assert client.conversations_join(channel="CNEW")["channel"]["is_member"]
    assert "UHANDOFF" in client.conversations_members(channel="CNEW")["members"]
    assert refusal(client.conversations_info, channel="CSECRET")["error"] == "channel_not_found"
    listed = client.conversations_list(types="public_channel,private_channel")["channels"]
    assert {channel["id"] for channel in listed} == {"CAPPLICANTS", "CENGINEERS", "CNEW"}


def test_direct_messages_open_once(client: WebClient) -> None:
    """conversations.open gives the same conversation again, and a person's id posts to it."""
    channel = client.conversations_open(users="UANA")["channel"]["id"]
    assert client.conversations_open(users=["UANA"])["channel"]["id"] == channel
    assert client.chat_postMessage(channel="UANA", text="Hello")["channel"] == channel
    assert refusal(client.conversations_open, users="UNOBODY")["error"] == "user_not_found"


def test_the_calls_that_arrived_are_kept_without_their_token(slack: LocalSlack, client: WebClient) -> None:
    """Tests read from `calls` what the bot asked, for which workspace and when."""
    client.team_info()
    call = slack.calls[-1]
    assert (call.method, call.team, call.at) == ("team.info", "TDEMO", 1_790_000_000.0)
    assert "token" not in call.args


def test_a_revoked_token_is_dead(client: WebClient) -> None:
    """After auth.revoke nothing is answered."""
    assert client.auth_revoke()["revoked"]
    assert refusal(client.auth_test)["error"] == "token_revoked"


def test_workspaces_are_strangers_to_each_other(slack: LocalSlack, client: WebClient) -> None:
    """A token sees its own workspace's channels and people only."""
    slack.add_workspace("TOTHER", "Other Agency", bot_token="xoxb-other")
    other = WebClient(token="xoxb-other", base_url=slack.api_url)
    assert other.auth_test()["team_id"] == "TOTHER"
    assert refusal(other.chat_postMessage, channel="CAPPLICANTS", text="x")["error"] == "channel_not_found"
    assert refusal(client.users_info, user="UOTHERANN")["error"] == "user_not_found"
    assert other.chat_postMessage(channel="COTHER", text="x")["ok"]


def test_further_people_can_be_added(slack: LocalSlack, client: WebClient) -> None:
    """A person added later is like the others."""
    slack.add_user(User("UEVE", "eve", "Eve Stone", "eve@brightdesk.example"), channels=["CAPPLICANTS"])
    assert client.users_info(user="UEVE")["user"]["real_name"] == "Eve Stone"
    assert slack.as_user("UEVE").sees("CAPPLICANTS") == []
