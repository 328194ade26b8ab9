"""Rows of a board with their words opened for who may read them; who may not gets the reason in place of the words."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar
from uuid import UUID

from psycopg.rows import BaseRowFactory, dict_row

from application.privacy.sealed import WrappedKey
from application.views import Details, WordState
from infrastructure.privacy.vault import Vault

View = TypeVar("View")


@dataclass(frozen=True)
class KeptDetail:
    """One field as it is kept, and whether the asker may have it. `value` is one kept before words were sealed."""

    log_id: str
    subject: UUID
    field: str
    value: str | None
    sealed: bytes | None
    kek_id: str | None
    wrapped: bytes | None
    state: WordState


def opened_details(vault: Vault, rows: Sequence[KeptDetail]) -> Details:
    """All fields of one requester: the words, or why not."""
    found = Details({}, {})
    for row in rows:
        words = row.value
        if row.state == "open" and words is None and row.sealed is not None:
            key = None if row.wrapped is None else WrappedKey(row.kek_id or "", row.wrapped)
            words = vault.opened(row.log_id, row.subject, key, {row.field: row.sealed})[row.field]
        if row.state == "open" and words is not None:
            found.open[row.field] = words
        else:
            found.withheld[row.field] = "damaged" if row.state == "open" else row.state
    return found


def opened(vault: Vault, view: type[View], fields: Sequence[str]) -> BaseRowFactory[View]:
    """A row factory of `view`. Each of `fields` comes with what is sealed of it as `<field>_sealed`.

    `text_state` says whether the asker may have them; words that do not open make it "damaged", never an error.
    """

    def of(cursor: Any) -> Callable[[Sequence[Any]], View]:
        named = dict_row(cursor)

        def made(values: Sequence[Any]) -> View:
            row = named(values)
            subject, kek_id, wrapped = row.pop("subject"), row.pop("kek_id"), row.pop("wrapped")
            key = None if wrapped is None else WrappedKey(kek_id, wrapped)
            may_read = row["text_state"] == "open"
            kept = {name: row.pop(f"{name}_sealed") for name in fields}
            if may_read:
                sealed = {name: value for name, value in kept.items() if value is not None}
                words = vault.opened(row["log_id"], subject, key, sealed) if sealed else {}
                row.update(words)
                row["text_state"] = "damaged" if None in words.values() else "open"
            else:
                row.update(dict.fromkeys(fields))
            return view(**row)

        return made

    return of
