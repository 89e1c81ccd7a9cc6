// Everything the page asks of the local Slack.

import { state } from "./store.js";

const UNREACHABLE = "The local Slack can't be reached. Is `handoff demo` still running?";

/** Sends `body` as the current person; answers `{ok, error?, …}` and never throws. */
export async function post(path, body = {}) {
  try {
    const response = await fetch(`page/${path}`, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ user: state.user, ...body }),
    });
    const answer = await response.json();
    return answer && typeof answer === "object" ? answer : { ok: false, error: UNREACHABLE };
  } catch {
    return { ok: false, error: UNREACHABLE };
  }
}
