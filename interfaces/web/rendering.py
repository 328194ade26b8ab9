"""Rendering: templates into pages, with the policy that lets a page load nothing but our own."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse

from interfaces.web import telling
from interfaces.web.assets import ADDRESS

POLICY = "; ".join(
    [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' blob: data:", "font-src 'self'",
        "connect-src 'self'", "manifest-src 'self'", "worker-src 'self'", "form-action 'self'", "base-uri 'none'",
        "frame-ancestors 'none'",
    ]
)  # fmt: skip
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=()",
}
_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, undefined=StrictUndefined,
    trim_blocks=True, lstrip_blocks=True,
)  # fmt: skip
_TEMPLATES.globals["static"] = ADDRESS
_TEMPLATES.filters |= {
    "moment": telling.moment,
    "local": telling.local,
    "day": telling.day,
    "since": telling.since,
    "percent": telling.percent,
    "amount": telling.amount,
    "lasting": telling.lasting,
    "hours": telling.hours,
}


def page(template: str, *, status: int = 200, **shown: Any) -> HTMLResponse:
    """The page of a template. `visitor` is who looks, None for a stranger."""
    shown.setdefault("visitor", None)
    return HTMLResponse(_TEMPLATES.get_template(template).render(shown), status, headers=HEADERS)


def fragment(template: str, **shown: Any) -> HTMLResponse:
    """A part of a page, for a script of ours to put in its place."""
    return HTMLResponse(_TEMPLATES.get_template(template).render(shown), headers=HEADERS)
