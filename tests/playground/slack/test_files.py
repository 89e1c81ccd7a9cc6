"""The three-step upload, who can read a file, and where it shows."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import requests
from slack_sdk import WebClient

from bot.playground.slack import LocalSlack

from .test_web_api import refusal

HERE = "CAPPLICANTS"


@pytest.fixture
def uploaded(client: WebClient, post: Callable[..., str]) -> tuple[str, dict[str, object]]:
    """A CV in the thread of a card: the card's ts and the file."""
    ts = post()
    answer = client.files_upload_v2(
        channel=HERE,
        thread_ts=ts,
        filename="cv.pdf",
        title="CV",
        content=b"%PDF-1.7",
        initial_comment="The CV",
    )
    return ts, dict(answer["files"][0])


def test_a_file_lands_in_the_thread(slack: LocalSlack, uploaded: tuple[str, dict[str, object]]) -> None:
    """As one message of the bot's with its comment."""
    ts, file = uploaded
    (reply,) = slack.as_user("UANA").thread(HERE, ts)[1:]
    assert (reply["text"], reply["bot_id"], reply["thread_ts"]) == ("The CV", "BHANDOFF", ts)
    (shown,) = reply["files"]
    assert (shown["id"], shown["name"], shown["title"]) == (file["id"], "cv.pdf", "CV")
    assert (shown["mimetype"], shown["size"]) == ("application/pdf", 8)


def test_a_private_file_needs_the_token(slack: LocalSlack, uploaded: tuple[str, dict[str, object]]) -> None:
    """With it the bytes come; without it, or without files:read, a sign-in page."""
    url = str(uploaded[1]["url_private"])
    key = {"Authorization": "Bearer xoxb-local"}
    assert requests.get(url, headers=key, timeout=30).content == b"%PDF-1.7"
    stranger = requests.get(url, timeout=30)
    assert stranger.headers["content-type"].startswith("text/html")
    slack.scopes = slack.scopes - {"files:read"}
    assert b"%PDF" not in requests.get(url, headers=key, timeout=30).content


def test_the_page_reads_files_but_does_not_run_them(
    slack: LocalSlack, client: WebClient, uploaded: tuple[str, dict[str, object]]
) -> None:
    """An uploaded page must not act as a part of this one, while a PDF opens in the browser's own viewer."""
    pdf = requests.get(f"{slack.base_url}/page/file/{uploaded[1]['id']}", timeout=30)
    assert pdf.content == b"%PDF-1.7"
    assert pdf.headers["x-content-type-options"] == "nosniff"
    page = client.files_upload_v2(filename="a page.html", content="<script>alert(1)</script>")["files"][0]
    answer = requests.get(page["permalink"], timeout=30)
    assert answer.text == "<script>alert(1)</script>"
    assert answer.headers["content-security-policy"] == "sandbox"
    assert requests.get(f"{slack.base_url}/page/file/F0", timeout=30).status_code == 404


def test_uploads_that_slack_refuses(slack: LocalSlack, client: WebClient) -> None:
    """An empty file, the wrong number of bytes, a second upload, completing too early or twice."""
    empty = refusal(client.files_getUploadURLExternal, filename="a.txt", length=0)
    assert empty["error"] == "invalid_arguments"
    ticket = client.files_getUploadURLExternal(filename="a.txt", length=3)
    files = [{"id": ticket["file_id"]}]
    early = refusal(client.files_completeUploadExternal, files=files)
    assert early["error"] == "file_not_found"
    assert requests.post(ticket["upload_url"], data=b"abcd", timeout=30).status_code == 400
    assert requests.post(ticket["upload_url"], files={"file": b"abc"}, timeout=30).text == "OK - 3"
    assert requests.post(ticket["upload_url"], data=b"abc", timeout=30).status_code == 404
    assert client.files_completeUploadExternal(files=files)["files"][0]["title"] == "a.txt"
    assert refusal(client.files_completeUploadExternal, files=files)["error"] == "file_already_completed"
    assert slack.messages(HERE) == []


def test_files_go_only_where_the_bot_may_post(slack: LocalSlack, client: WebClient) -> None:
    """The same rules as for messages."""
    ticket = client.files_getUploadURLExternal(filename="a.txt", length=3)
    requests.post(ticket["upload_url"], data=b"abc", timeout=30)
    files = [{"id": ticket["file_id"]}]
    slack.kick("UHANDOFF", HERE)
    body = refusal(client.files_completeUploadExternal, files=files, channel_id=HERE)
    assert body["error"] == "not_in_channel"


def test_a_deleted_file_is_gone(
    slack: LocalSlack, client: WebClient, uploaded: tuple[str, dict[str, object]]
) -> None:
    """From files.info and from its message."""
    ts, file = uploaded
    assert client.files_info(file=str(file["id"]))["file"]["name"] == "cv.pdf"
    client.files_delete(file=str(file["id"]))
    assert refusal(client.files_info, file=str(file["id"]))["error"] == "file_not_found"
    assert slack.as_user("UANA").thread(HERE, ts)[1]["files"] == []
