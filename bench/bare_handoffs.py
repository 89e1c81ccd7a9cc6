"""The calls of a handoff to the demo CRM, made one after the other by a bare loop and nothing else."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator
from typing import Any

import requests

from bench.names import CV_BYTES

_TIMEOUT = (5.0, 10.0)
_OWNER = {"email": "ben@brightdesk.example"}
_CV = b"%PDF-1.4\n" + b"x" * (CV_BYTES - 9)


def hand_off(http: requests.Session, api_url: str, number: str) -> None:
    """One application, as the product hands it off."""

    def call(method: str, path: str, **options: Any) -> Any:
        answer = http.request(method, f"{api_url}{path}", timeout=_TIMEOUT, **options)
        answer.raise_for_status()
        return answer.json()

    email = f"{number}@example.com"
    call("GET", "/people", params={"email": email})
    owner_id = call("GET", "/users", params=_OWNER)["items"][0]["id"]
    person = {
        "first_name": "Ines",
        "last_name": number,
        "email": email,
        "source": "Bench",
        "owner_id": owner_id,
    }
    person_id = call("POST", "/people", json=person)["id"]
    call("GET", f"/people/{person_id}")
    file = {"file": ("ines.pdf", _CV, "application/pdf")}
    call("POST", f"/people/{person_id}/files", files=file, data={"kind": "cv"})
    call("GET", "/users", params=_OWNER)
    call(
        "POST",
        f"/people/{person_id}/notes",
        json={"text": "A note", "reference": number, "author_id": owner_id},
    )
    vacancy = call("GET", "/vacancies", params={"reference": "JOB-42"})["items"][0]
    link = {"person_id": person_id, "vacancy_id": vacancy["id"], "source": "Bench"}
    call("POST", "/applications", json=link)


def main() -> None:
    """Hand off so many, in so many threads."""
    asked: dict[str, Any] = json.load(sys.stdin)
    numbers: Iterator[int] = iter(range(asked["count"]))
    lock = threading.Lock()

    def run() -> None:
        with requests.Session() as http:
            http.headers["Authorization"] = f"Bearer {asked['token']}"
            while True:
                with lock:
                    number = next(numbers, None)
                if number is None:
                    return
                hand_off(http, asked["api_url"], f"{asked['mark']}-{number}")

    threads = [threading.Thread(target=run) for _ in range(asked["threads"])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


if __name__ == "__main__":
    main()
