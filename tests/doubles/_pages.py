"""Pages that doubles show to people: signing in, consent, a candidate's record. Everything is escaped."""

from __future__ import annotations

from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import DictLoader, Environment, StrictUndefined

_STYLE = """
* { box-sizing: border-box }
body { margin: 0; background: #f3f5f8; color: #17222e; font: 15px/1.5 system-ui, Roboto, Arial, sans-serif }
header { background: var(--brand); color: #fff; padding: 13px 24px; font-weight: 650; font-size: 17px }
main { max-width: 840px; margin: 28px auto; padding: 0 16px }
main.narrow { max-width: 430px; margin-top: 64px }
h1 { font-size: 23px; line-height: 1.25; margin: 0 0 4px }
h2 { font-size: 13px; letter-spacing: .05em; text-transform: uppercase; color: #566373; margin: 0 0 10px }
p { margin: 0 0 12px }
section { background: #fff; border: 1px solid #dfe5ec; border-radius: 12px; padding: 18px 22px;
  margin: 0 0 16px }
label { display: block; font-weight: 600; margin: 0 0 14px }
input { display: block; width: 100%; font: inherit; padding: 9px 11px; margin-top: 4px;
  border: 1px solid #aab5c2; border-radius: 8px }
button { font: inherit; font-weight: 650; padding: 10px 20px; border-radius: 8px; border: 1px solid #aab5c2;
  background: #fff; color: inherit; cursor: pointer; margin-right: 8px }
button.main { background: var(--brand); border-color: var(--brand); color: #fff }
a { color: var(--brand); font-weight: 600 }
:focus-visible { outline: 3px solid #7aa7ff; outline-offset: 2px }
[role=alert] { background: #fdeaea; color: #8a1c1c; border-radius: 8px; padding: 9px 12px }
dl { display: grid; grid-template-columns: repeat(auto-fit, minmax(210px, 1fr)); gap: 12px 18px;
  margin: 16px 0 0 }
dt { color: #566373; font-size: 13px }
dd { margin: 0; overflow-wrap: anywhere }
ul { margin: 0; padding-left: 20px }
ul.plain { list-style: none; padding: 0 }
ul.plain li + li { border-top: 1px solid #e7ecf1; margin-top: 12px; padding-top: 12px }
.text { white-space: pre-wrap; overflow-wrap: anywhere }
.quiet { color: #566373 }
.stage { display: inline-block; background: #e3f2e6; color: #14592a; font-weight: 650; border-radius: 99px;
  padding: 1px 12px; margin-left: 8px }
"""

_FRAME = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{{ title }} · {{ brand.name }}</title>
<link rel="icon" href="data:,"><style>:root { --brand: {{ brand.color }} } {{ style }}</style></head>
<body><header>{{ brand.name }}</header>
<main class="{{ kind }}">{% block main %}{% endblock %}</main></body></html>"""

_MESSAGE = """{% extends "frame" %}{% block main %}<section><h1>{{ title }}</h1><p>{{ text }}</p></section>
{% endblock %}"""

_SIGN_IN = """{% extends "frame" %}{% block main %}<section><h1>{{ title }}</h1>
<p class="quiet">to go on to Handoff</p>
{% if is_wrong %}<p role="alert">{{ label }} or password is wrong.</p>{% endif %}
<form method="post">
<label>{{ label }} <input name="username" autocomplete="off" required autofocus></label>
<label>Password <input name="password" type="password" autocomplete="off" required></label>
<button class="main" type="submit">{{ button }}</button></form></section>{% endblock %}"""

_CONSENT = """{% extends "frame" %}{% block main %}<section><h1>{{ title }}</h1>
<p>Handoff wants to use {{ brand.name }} in the name of <strong>{{ name }}</strong>.</p>
{% if wishes %}<p>It asks to:</p><ul>{% for wish in wishes %}<li>{{ wish }}</li>{% endfor %}</ul><br>
{% endif %}<form method="post">
{% for field, value in kept.items() %}<input type="hidden" name="{{ field }}" value="{{ value }}">
{% endfor %}<button class="main" type="submit" name="answer" value="agree">{{ agree }}</button>
<button type="submit" name="answer" value="cancel">{{ cancel }}</button></form></section>{% endblock %}"""

_RECORD = """{% extends "frame" %}{% block main %}
<section><h1>{{ title }}</h1><p class="quiet">{{ below }}</p>
<dl>
{% for name, value in facts.items() if value %}<div><dt>{{ name }}</dt><dd>{{ value }}</dd></div>
{% endfor %}</dl></section>
<section><h2>{{ words.jobs }}</h2><ul class="plain">
{% for job in jobs %}<li><strong>{{ job.title }}</strong><span class="stage">{{ job.stage }}</span><br>
<span class="quiet">{{ job.about }}</span></li>
{% else %}<li class="quiet">None.</li>{% endfor %}</ul></section>
<section><h2>{{ words.files }}</h2><ul class="plain">
{% for file in files %}<li><a href="{{ file.href }}">{{ file.name }}</a>
<span class="quiet">{{ file.about }}</span></li>
{% else %}<li class="quiet">None.</li>{% endfor %}</ul></section>
<section><h2>{{ words.notes }}</h2><ul class="plain">
{% for note in notes %}<li><div class="text">{{ note.text }}</div>
<span class="quiet">{{ note.about }}</span></li>
{% else %}<li class="quiet">None.</li>{% endfor %}</ul></section>{% endblock %}"""

_PAGES = Environment(
    loader=DictLoader(
        {"frame": _FRAME, "message": _MESSAGE, "sign_in": _SIGN_IN, "consent": _CONSENT, "record": _RECORD}
    ),
    autoescape=True,
    undefined=StrictUndefined,
)


class Pages:
    """The pages of one vendor, in its color."""

    def __init__(self, name: str, color: str) -> None:
        self._brand = {"name": name, "color": color}

    def message(self, title: str, text: str, status: int = 400) -> HTMLResponse:
        """A sentence and nothing to press."""
        return self._show("message", title, "narrow", status, text=text)

    def sign_in(self, label: str, button: str, *, is_wrong: bool) -> HTMLResponse:
        """The fields `username` and `password`; both are posted to the page's own address."""
        title = f"Sign in to {self._brand['name']}"
        return self._show("sign_in", title, "narrow", label=label, button=button, is_wrong=is_wrong)

    def consent(self, title: str, name: str, **more: Any) -> HTMLResponse:
        """Posts `answer`, which is `agree` or `cancel`, with `kept` fields; `wishes` is what is asked for."""
        return self._show("consent", title, "narrow", name=name, **more)

    def record(self, title: str, **more: Any) -> HTMLResponse:
        """A candidate with jobs, files and notes; `words` are this vendor's names for those."""
        return self._show("record", title, "", **more)

    def _show(self, template: str, title: str, kind: str, status: int = 200, **values: Any) -> HTMLResponse:
        shown = _PAGES.get_template(template).render(
            title=title, kind=kind, brand=self._brand, style=_STYLE, **values
        )
        return HTMLResponse(shown, status)
