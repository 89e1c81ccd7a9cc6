"""users.* and team.info: who is who."""

from __future__ import annotations

from ..model import ApiError, Json, User, Workspace
from ..people import APP_ID
from .context import Context, Method


def user_object(workspace: Workspace, user: User) -> Json:
    """A user as users.info gives it; the e-mail only with the scope for it."""
    names = {"real_name": user.real_name, "real_name_normalized": user.real_name}
    profile: Json = {
        "title": user.title,
        "phone": "",
        "skype": "",
        **names,
        "display_name": user.name,
        "display_name_normalized": user.name,
        "fields": {},
        "status_text": "",
        "status_emoji": "",
        "team": workspace.id,
        "first_name": user.real_name.split(" ")[0],
        "last_name": user.real_name.split(" ")[-1],
    }
    if user.is_bot:
        profile |= {"api_app_id": APP_ID, "bot_id": workspace.bot_id, "always_active": True}
    elif "users:read.email" in workspace.scopes:
        profile["email"] = user.email
    return _flags(user) | {
        "id": user.id,
        "team_id": workspace.id,
        "name": user.name,
        "real_name": user.real_name,
        "color": user.color,
        "tz": user.tz,
        "tz_label": user.tz_label,
        "tz_offset": user.tz_offset,
        "profile": profile,
    }


def _flags(user: User) -> Json:
    if user.deleted:
        return {"deleted": True, "is_bot": user.is_bot, "is_app_user": False, "updated": 0}
    return {
        "deleted": False,
        "is_admin": user.is_admin,
        "is_owner": user.is_owner,
        "is_primary_owner": user.is_owner,
        "is_restricted": user.is_guest,
        "is_ultra_restricted": user.is_guest,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "is_email_confirmed": not user.is_bot,
        "updated": 0,
    }


def _info(call: Context) -> Json:
    user = call.workspace.users.get(str(call.args.get("user") or ""))
    if user is None:
        raise ApiError("user_not_found")
    found = user_object(call.workspace, user)
    if call.truth("include_locale"):
        found["locale"] = "en-GB"
    return {"user": found}


def _list(call: Context) -> Json:
    page, metadata = call.page(list(call.workspace.users.values()))
    members = [user_object(call.workspace, user) for user in page]
    return {"members": members, "cache_ts": int(call.state.clock()), "response_metadata": metadata}


def _by_email(call: Context) -> Json:
    wanted = str(call.args.get("email") or "").lower()
    for user in call.workspace.users.values():
        if wanted and user.email.lower() == wanted and not user.deleted:
            return {"user": user_object(call.workspace, user)}
    raise ApiError("users_not_found")


def _team(call: Context) -> Json:
    workspace = call.workspace
    domain = f"{workspace.domain}.example"
    team = {"id": workspace.id, "name": workspace.name, "domain": workspace.domain, "email_domain": domain}
    return {"team": team | {"url": f"{call.state.base_url}/", "icon": {"image_default": True}}}


METHODS = {
    "users.info": Method(_info, ("users:read",), takes_json=False),
    "users.list": Method(_list, ("users:read",), takes_json=False),
    "users.lookupByEmail": Method(_by_email, ("users:read.email",), takes_json=False),
    "team.info": Method(_team, ("team:read",), takes_json=False),
}
