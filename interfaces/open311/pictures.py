"""Pictures that came with reports, for everybody: drawn anew, without what the camera wrote into them."""

from __future__ import annotations

from starlette.responses import Response

from application.attachments import Variant
from application.open311.public_cases import PublicQuestion
from interfaces.open311.answers import EVERYBODY, NothingHereError
from interfaces.open311.calls import Call
from interfaces.open311.cases import uuid_of

SECONDS = 600
"""How long others may keep one: people may be forgotten."""


async def picture(call: Call) -> Response:
    """One picture of a public request that came through here."""
    case, _, digest = call.named.partition("/")
    id = uuid_of(case)
    found = await call.open311.cases.find(PublicQuestion(ids=[id])) if id else []
    if id is None or not found or digest not in found[0].pictures:
        raise NothingHereError
    shown = await call.services.attachments.picture_of(id, digest, Variant.PUBLIC)
    headers = {
        **EVERYBODY,
        "Cache-Control": f"public, max-age={SECONDS}",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return Response(shown.content, media_type=shown.media_type, headers=headers)
