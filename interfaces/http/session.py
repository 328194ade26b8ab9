"""Session 会话: a browser carries its token in a cookie; what changes something proves that it came from our page.

The cookie is sent by whichever site makes the browser ask us, so a changing call with it must also bring the proof,
which only a page of ours can read. The proof is of a secret that lies in the cookie beside the token: it stays the same
while tokens are renewed, so a page that has been open for hours still has the right one.
"""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from urllib.parse import urlsplit

from fastapi import Request
from starlette.responses import Response

from application.tokens import Token
from domain.sign_in_refusals import NotSignedIn
from interfaces.http.statuses import NotFromOurPage

COOKIE = "wangge_session"
PROOF_HEADER = "x-csrf-token"
PROOF_FIELD = "csrf"
HARMLESS = {"GET", "HEAD", "OPTIONS"}


@dataclass(frozen=True, repr=False)
class Session:
    """What the cookie holds."""

    secret: str
    token: str

    @property
    def proof(self) -> str:
        """What a page of the session sends along with a change; tells nothing of secret or token."""
        return hmac.new(self.secret.encode(), b"wangge page", sha256).hexdigest()

    def require_proof(self, given: str) -> None:
        """Refuses `NotFromOurPage` unless `given` is the proof."""
        if not hmac.compare_digest(given.encode(), self.proof.encode()):
            raise NotFromOurPage()


def require_same_site(request: Request) -> None:
    """There is no session yet to prove anything by, so the browser's word is taken. Refuses `NotFromOurPage`."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise NotFromOurPage()
    origin = request.headers.get("origin")
    if origin not in (None, "null") and urlsplit(origin).netloc != request.headers.get("host"):
        raise NotFromOurPage()


def session_of(request: Request) -> Session:
    """The browser's session. Refuses `NotSignedIn` without one."""
    secret, dot, token = request.cookies.get(COOKIE, "").partition(".")
    if not (secret and dot and token):
        raise NotSignedIn()
    return Session(secret, token)


def proven_token(request: Request) -> str:
    """The token of a call by a script of ours. Refuses `NotSignedIn`, `NotFromOurPage`."""
    session = session_of(request)
    if request.method not in HARMLESS:
        session.require_proof(request.headers.get(PROOF_HEADER, ""))
    return session.token


def begin(response: Response, request: Request, token: Token, now: datetime) -> None:
    """Let the browser carry the token: unreadable to scripts, and not sent along by other sites' forms."""
    _carry(response, request, secrets.token_urlsafe(24), token, now)


def go_on(response: Response, request: Request, token: Token, now: datetime) -> None:
    """Let the session go on with a fresh token."""
    _carry(response, request, session_of(request).secret, token, now)


def end(response: Response) -> None:
    """End the session in this browser."""
    response.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax")


def _carry(response: Response, request: Request, secret: str, token: Token, now: datetime) -> None:
    lasting = int((token.expires_at - now).total_seconds())  # a length: the browser's clock may be wrong
    response.set_cookie(
        COOKIE, f"{secret}.{token.token}", max_age=lasting, path="/", httponly=True, samesite="lax",
        secure=request.url.scheme == "https",
    )  # fmt: skip
