"""The proof file 证明文件: one JSON object, written for whoever keeps a receipt and read where there is no database."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from application.proof.proving import Proven
from domain.proof.evidence import Evidence
from domain.proof.leaf import EventLeaf
from domain.proof.note import VerifierKey, Verify

FORMAT = "wangge-proof-1"
UUIDS = ("stream_id", "event_id", "request_id", "correlation_id")


class BadProof(ValueError):
    """The file proves nothing; the text says why."""


def written(proven: Proven) -> dict[str, Any]:
    """The proof file as JSON values."""
    leaf, evidence = proven.leaf, proven.evidence
    return {
        "format": FORMAT,
        "leaf": {
            "log": leaf.log_id, "position": leaf.position,
            **{name: str(getattr(leaf, name)) for name in UUIDS},
            "causation_id": leaf.causation_id and str(leaf.causation_id),
            "version": leaf.version, "topic": leaf.topic, "schema_version": leaf.schema_version,
            "recorded_at": leaf.recorded_at.isoformat(), "actor_ref": leaf.actor_ref,
            "state_sha256": leaf.state_hash.hex(),
        },
        "leaf_hash": evidence.leaf_hash.hex(),
        "path": [b64encode(one).decode() for one in evidence.path],
        "checkpoint": evidence.note,
    }  # fmt: skip


def verified(
    file: Mapping[str, Any], origin: str, keys: Iterable[VerifierKey], verify: Verify, *, receipt: bytes | None = None
) -> EventLeaf:
    """The leaf that the file proves to stand in the log `origin`; `receipt` is the leaf hash once received.

    Raises `BadProof`, and `BadNote` and `NotSigned` as the checkpoint deserves.
    """
    try:
        leaf, evidence = _read(file)
    except (KeyError, TypeError, ValueError, AttributeError):
        raise BadProof(f"不是 {FORMAT} 格式的证明文件") from None
    if leaf.hash != evidence.leaf_hash:
        raise BadProof("叶的各项与叶哈希不符")
    if receipt is not None and receipt != evidence.leaf_hash:
        raise BadProof("叶哈希与回执不符")
    if evidence.proves(origin, keys, verify) is None:
        raise BadProof("路径不通向检查点的根")
    return leaf


def _read(file: Mapping[str, Any]) -> tuple[EventLeaf, Evidence]:
    if file["format"] != FORMAT:
        raise ValueError(file["format"])
    said = dict(file["leaf"])
    causation = said["causation_id"]
    leaf = EventLeaf(
        log_id=said["log"], position=said["position"], version=said["version"], topic=said["topic"],
        schema_version=said["schema_version"], recorded_at=datetime.fromisoformat(said["recorded_at"]),
        actor_ref=said["actor_ref"], causation_id=causation and UUID(causation),
        state_hash=bytes.fromhex(said["state_sha256"]), **{name: UUID(said[name]) for name in UUIDS},
    )  # fmt: skip
    path = tuple(b64decode(one, validate=True) for one in file["path"])
    _ = leaf.hash
    return leaf, Evidence(leaf.position, bytes.fromhex(file["leaf_hash"]), path, file["checkpoint"])
