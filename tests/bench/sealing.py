"""Sealing 封存: events a second from rows to a published checkpoint, leaves made anew; checked; verified."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

import psycopg

from infrastructure.proof.exporting import Exporter
from infrastructure.proof.published import PublishedFiles
from infrastructure.proof.ring import KeyRing
from infrastructure.proof.sealer import Sealer
from interfaces.cli.verifier import Bundle, Key
from tests.bench.figures import Figure
from tests.sealed import CITY, EVENTS, LOG, ORIGIN

BAR = 50_000


def sealing(url: str, folder: Path, *, smoke: bool) -> Iterator[Figure]:
    """A log that was never sealed, then its whole check."""
    events = 2_000 if smoke else 400_000
    with psycopg.connect(url) as connection:
        connection.execute(EVENTS.encode(), {"log": LOG, "first": 1, "last": events})
    ring = KeyRing(folder / "signing.keys", lambda: datetime.now(UTC))
    ring.all_keys()
    sealer = Sealer(url, CITY, [LOG], ring, folder / "checkpoints", ORIGIN, lambda: datetime.now(UTC))
    began = perf_counter()
    assert sealer.seal() == {}
    each = events / (perf_counter() - began)
    yield Figure("events sealed", each, "a second", bar=f">= {BAR:,}", holds=each >= BAR)
    began = perf_counter()
    assert sealer.check(LOG) == []
    each = events / (perf_counter() - began)
    yield Figure("events checked against tree, heads and file", each, "a second", bar=f">= {BAR:,}", holds=each >= BAR)
    yield _verifying(url, folder, ring, events)


def _verifying(url: str, folder: Path, ring: KeyRing, events: int) -> Figure:
    """An exported bundle, by the file that runs alone."""
    published = PublishedFiles(folder / "checkpoints")
    Exporter(url, ring, published, ORIGIN, lambda *_: {"required": ["n"]}).log(LOG, folder / "bundle")
    bundle = Bundle(folder / "bundle", lambda *_: None)
    began = perf_counter()
    found = bundle.verify([Key.parse(str(ring.all_keys()[0].named(f"{ORIGIN}/{LOG}")))], None, {})
    each = events / (perf_counter() - began)
    assert (found.events, found.problems) == (events, [])
    return Figure("events verified in a bundle", each, "a second", bar=f">= {BAR:,}", holds=each >= BAR)
