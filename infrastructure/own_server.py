"""A database server for the length of a measurement, in a folder of its own that goes with it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infrastructure import embedded

SETTINGS = {"max_wal_size": "4GB", "checkpoint_timeout": "15min"}
"""What filling a base at one go wants: fewer checkpoints. The rest, fsync too, is as it comes."""


@contextmanager
def own_server() -> Iterator[str]:
    """The address of its database; the server stops and the folder goes when the block ends."""
    folder = Path(tempfile.mkdtemp(prefix="wangge-bench-"))
    folder.chmod(0o711)
    server = embedded.start(folder / "postgres", SETTINGS)
    try:
        yield server.url()
    finally:
        server.stop()
        shutil.rmtree(folder)
