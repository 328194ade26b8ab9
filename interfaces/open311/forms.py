"""The body of a report as real clients send it: urlencoded or multipart, attributes in every spelling, files beside."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from urllib.parse import parse_qsl

from starlette.datastructures import UploadFile
from starlette.requests import Request

from interfaces.http.edge import LARGEST_BODY_BYTES
from interfaces.http.statuses import TooLarge
from interfaces.open311.answers import WrongArgumentsError
from interfaces.open311.arguments import Arguments, Pairs

MOST_FIELDS, MOST_FILES = 300, 20
LINKS = ("media_url", "media_url[]")
_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,100})\](?:\[[^\[\]]{0,20}\])?")
_FILE = re.compile(r"media(\[[0-9]*\])?|photo[0-9]{0,3}|file_.{0,60}")


@dataclass(frozen=True)
class Form:
    """What was sent: the arguments, the answers by question, links to pictures, and pictures."""

    arguments: Arguments
    answers: dict[str, list[str]]
    links: Sequence[str]
    files: Sequence[UploadFile] = field(repr=False)
    said: str = field(repr=False)
    """A digest of all of it: what makes two sendings the same."""


async def form_of(request: Request) -> Form:
    """The form of a POST, with what its address says added. Raises `WrongArgumentsError`, refuses `TooLarge`."""
    kind = request.headers.get("content-type", "application/x-www-form-urlencoded").partition(";")[0].strip().lower()
    files: list[UploadFile] = []
    if kind == "application/x-www-form-urlencoded":
        sent = _decoded(await request.body())
    elif kind == "multipart/form-data":
        sent = []
        for name, value in (await request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS)).multi_items():
            if isinstance(value, str):
                sent.append((name, value))
            elif _FILE.fullmatch(name) and value.size:
                files.append(value)
    else:
        why = "正文须为 application/x-www-form-urlencoded 或 multipart/form-data"
        raise WrongArgumentsError([f"bad-body：{why}。"])
    # What the body says comes first: of two, the first counts.
    return await _form([*sent, *request.query_params.multi_items()], files)


def _decoded(body: bytes) -> list[tuple[str, str]]:
    if len(body) > LARGEST_BODY_BYTES:
        raise TooLarge(bytes=LARGEST_BODY_BYTES)
    try:
        return parse_qsl(body.decode(errors="replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS)
    except ValueError:
        raise WrongArgumentsError([f"bad-body：至多 {MOST_FIELDS} 项。"]) from None


async def _form(pairs: Pairs, files: Sequence[UploadFile]) -> Form:
    answers: dict[str, list[str]] = {}
    plain: list[tuple[str, str]] = []
    for name, value in pairs:
        match = _ATTRIBUTE.fullmatch(name)
        if match is None:
            plain.append((name, value))
        elif value.strip():
            answers.setdefault(match[1], []).append(value.strip())
    links = dict.fromkeys(value.strip() for name, value in plain if name in LINKS and value.strip())
    return Form(Arguments(plain), answers, list(links), files, await _digest(pairs, files))


async def _digest(pairs: Pairs, files: Sequence[UploadFile]) -> str:
    # Of what was meant and not of the bytes: a client draws another boundary for each sending.
    digest = hashlib.sha256(repr(sorted(pair for pair in pairs if pair[0] != "api_key")).encode(errors="replace"))
    for one in files:
        digest.update(hashlib.sha256(await one.read()).digest())
        await one.seek(0)
    return digest.hexdigest()
