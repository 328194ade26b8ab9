"""Export work 导出: takes up what waits on the shelf: writes a bundle, has it verified, packs it into one file.

The verifier is the file that anybody may take away, run in a process of its own with the keys and the published file,
which are none of the database's.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import shutil
import subprocess
import sys
import threading
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import structlog

from application.audit.exports import FINISHED, MOST_BYTES, Export, ExportState, Verification
from domain.refusals import Refused
from infrastructure.audit.shelf import ExportShelf
from infrastructure.proof.exporting import Exporter
from infrastructure.proof.published import PublishedFiles
from infrastructure.proof.sealer import Sealer

LEAST_FREE = 512 << 20
"""Bytes that are left to the database and everybody else on the disk."""
TOLD = 20
INTERRUPTED, TOO_LARGE, FAULT = (
    "服务中断，请重新导出。",
    "导出包过大或磁盘空间不足，请分段导出。",
    "系统内部错误，已记入日志。",
)
logger = structlog.get_logger(__name__)


class Stopped(Exception):
    """The service stops: what is half done is left to whoever starts next, who will say so."""


class TooLarge(Exception):
    """There is no room for what is being written."""


class ExportWork:
    """The worker of one process. `verifier` is the file that verifies alone."""

    def __init__(
        self, shelf: ExportShelf, sealer: Sealer, exporter: Exporter, published: PublishedFiles, verifier: Path,
        now: Callable[[], datetime],
    ) -> None:  # fmt: skip
        self._shelf, self._sealer, self._exporter, self._published = shelf, sealer, exporter, published
        self._verifier, self._now, self._stopping = verifier, now, threading.Event()

    async def look(self) -> None:
        """Work off what waits, unless another process is at it."""
        try:
            await asyncio.to_thread(self._work_off)
        except asyncio.CancelledError:
            self._stopping.set()
            raise

    def _work_off(self) -> None:
        if not any(one.state not in FINISHED for one in self._shelf.every()):
            return
        with self._shelf.alone() as ours:
            if not ours:
                return
            for export in reversed(self._shelf.every()):
                if export.state is ExportState.WAITING:
                    self._one(export)
                elif export.state not in FINISHED:
                    self._failed(export, INTERRUPTED)

    def _one(self, export: Export) -> None:
        try:
            self._made(export)
        except Stopped:
            logger.info("export_stopped", export=export.id)
        except Refused as no:
            self._failed(export, f"{no.title()}：{no.detail()}")
        except (TooLarge, OSError) as error:
            logger.warning("export_too_large", export=export.id, error=type(error).__name__)
            self._failed(export, TOO_LARGE)
        except Exception:
            logger.exception("export_failed", export=export.id)
            self._failed(export, FAULT)

    def _made(self, export: Export) -> None:
        place, bundle = (
            self._shelf.place(export.id),
            self._shelf.place(export.id) / f"wangge-{export.log}-{export.id[:8]}",
        )
        self._shelf.put(export := replace(export, state=ExportState.WRITING))
        self._sealer.seal()
        # Before the bundle is: it must know every head that was published by now.
        said = place / "published.checkpoints"
        said.write_bytes(b"".join(f"{note}\n".encode() for note in self._published.every(export.log)))

        def moved(position: int) -> None:
            self._go_on(bundle)
            done = position - (export.first or 1) + 1
            self._shelf.put(replace(export, written=done))

        if export.case:
            exported = self._exporter.case(export.log, export.case, bundle)
        else:
            exported = self._exporter.log(export.log, bundle, first=export.first or 1, last=export.last, moved=moved)
        export = replace(export, written=exported.events, total=exported.events, state=ExportState.VERIFYING)
        self._shelf.put(export)
        verified = self._verified(export, bundle, said)
        file = self._shelf.file(export.id)
        _pack(bundle, file)
        shutil.rmtree(bundle)
        said.unlink()
        self._shelf.put(replace(
            export, state=ExportState.DONE, verified=verified, size=file.stat().st_size, sha256=_digest(file),
            finished_at=self._now(),
        ))  # fmt: skip
        logger.info("exported", export=export.id, log=export.log, holds=verified.holds)

    def _go_on(self, bundle: Path) -> None:
        """Raises `Stopped` and `TooLarge`."""
        if self._stopping.is_set():
            raise Stopped()
        size = sum(file.stat().st_size for file in bundle.parent.glob(".*/*") if file.is_file())
        if size > MOST_BYTES or shutil.disk_usage(bundle.parent).free < LEAST_FREE:
            raise TooLarge()

    def _verified(self, export: Export, bundle: Path, said: Path) -> Verification:
        keys = [part for key in self._shelf.keys(export.log) for part in ("--key", key)]
        command = [sys.executable, "-I", str(self._verifier), str(bundle), "--json", "--checkpoints", str(said), *keys]
        # Neither shell nor settings: it knows what it is handed and nothing else.
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and file; paths and keys are the shelf's
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={}
        )
        with process:
            while True:
                try:
                    told, fault = process.communicate(timeout=0.2)
                    break
                except subprocess.TimeoutExpired:
                    if self._stopping.is_set():
                        process.kill()
                        raise Stopped() from None
        if process.returncode not in (0, 1):
            raise ChildProcessError(fault.decode(errors="replace")[-2000:])
        found = json.loads(told)
        bad = found["first_bad"] or {}
        problems = tuple(str(one["text"]) for one in found["problems"][:TOLD])
        return Verification(
            bool(found["ok"]), found["events"], found["checkpoints"], bad.get("position"), bad.get("up_to"), problems
        )

    def _failed(self, export: Export, why: str) -> None:
        for left in self._shelf.place(export.id).iterdir():
            if left.is_dir():
                shutil.rmtree(left, ignore_errors=True)
            elif left.suffix != ".json":
                left.unlink()
        self._shelf.put(replace(export, state=ExportState.FAILED, failure=why, finished_at=self._now()))


def _pack(bundle: Path, file: Path) -> None:
    """The folder as one file, whole or not at all."""
    part = file.with_suffix(".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as packed:
        for one in sorted(bundle.rglob("*")):
            if one.is_file():
                packed.write(one, Path(bundle.name) / one.relative_to(bundle))
    part.replace(file)


def _digest(file: Path) -> str:
    with file.open("rb") as octets:
        return hashlib.file_digest(octets, "sha256").hexdigest()
