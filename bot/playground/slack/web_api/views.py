"""views.*: modals and Home tabs."""

from __future__ import annotations

from .. import views
from ..model import ApiError, Json, View
from ..triggers import usable_trigger
from .context import Context, Method


def _answer(view: View) -> Json:
    return {"view": dict(view.body)}


def _open(call: Context) -> Json:
    views.refuse_bad_view(call.need("view"), kind="modal")
    trigger = usable_trigger(call.state, call.workspace.id, str(call.need("trigger_id")))
    view = views.open_view(call.state, call.workspace, trigger.user, call.args["view"], trigger.channel)
    trigger.spent = True
    return _answer(view)


def _push(call: Context) -> Json:
    views.refuse_bad_view(call.need("view"), kind="modal")
    trigger = usable_trigger(call.state, call.workspace.id, str(call.need("trigger_id")))
    view = views.push_view(call.state, call.workspace, trigger.user, call.args["view"])
    trigger.spent = True
    return _answer(view)


def _wanted(call: Context) -> View:
    view_id, external_id = call.args.get("view_id"), call.args.get("external_id")
    if not view_id and not external_id:
        call.need("view_id")
    for view in views.every_view(call.workspace):
        if view.id == view_id or (not view_id and view.body["external_id"] == external_id):
            return view
    raise ApiError("not_found")


def _update(call: Context) -> Json:
    views.refuse_bad_view(call.need("view"), kind="any")
    view = _wanted(call)
    views.refuse_bad_view(call.args["view"], kind=view.body["type"])
    views.refuse_stale_hash(view, call.args.get("hash"))
    views.update_view(call.state, call.workspace, view, call.args["view"])
    return _answer(view)


def _publish(call: Context) -> Json:
    user = call.workspace.users.get(str(call.need("user_id")))
    if user is None:
        raise ApiError("user_not_found")
    views.refuse_bad_view(call.need("view"), kind="home")
    home = call.workspace.homes.get(user.id)
    if home is not None:
        views.refuse_stale_hash(home, call.args.get("hash"))
    return _answer(views.publish_home(call.state, call.workspace, user.id, call.args["view"]))


METHODS = {
    "views.open": Method(_open, writes=True),
    "views.push": Method(_push, writes=True),
    "views.update": Method(_update, writes=True),
    "views.publish": Method(_publish, writes=True),
}
