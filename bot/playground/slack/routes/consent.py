"""The consent page a person meets when installing the bot."""

from __future__ import annotations

from html import escape

from ..model import Json, Workspace

_FIELDS = ("client_id", "scope", "user_scope", "redirect_uri", "state", "team")
_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>Install Handoff</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body {{ font: 16px/1.5 system-ui, sans-serif; max-width: 34rem; margin: 12vh auto; padding: 0 1rem; }}
button, select {{ font: inherit; padding: .5rem 1rem; }}
</style>
<h1>Handoff would like to be installed</h1>
<p>It asks to:</p><ul>{scopes}</ul>
<form method="post" action="/oauth/v2/authorize">{hidden}
<p><label>Install as <select name="user">{people}</select></label></p>
<button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Cancel</button>
</form></html>"""


def consent_page(query: Json, workspaces: list[Workspace]) -> str:
    """The page for this authorize request; everyone but guests may install."""
    hidden = "".join(
        f'<input type="hidden" name="{name}" value="{escape(str(query[name]))}">'
        for name in _FIELDS
        if query.get(name)
    )
    people = "".join(
        f'<option value="{escape(user.id)}">{escape(user.real_name)} ({escape(workspace.name)})</option>'
        for workspace in workspaces
        for user in workspace.users.values()
        if not (user.is_bot or user.is_guest or user.deleted)
    )
    scopes = "".join(f"<li>{escape(scope)}</li>" for scope in str(query["scope"]).split(","))
    return _PAGE.format(scopes=scopes, hidden=hidden, people=people)
