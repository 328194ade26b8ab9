"""Shard 分片: a share of one generation's streams, and the claim of one process on it."""

from __future__ import annotations

from dataclasses import dataclass

from infrastructure.projections.read_model import Place


class Lost(Exception):
    """The shard is no longer ours to move: another process has it, moved it, or its generation is not followed now."""


@dataclass
class Shard:
    """Streams whose id falls to `number` of `of`, projected up to `position`."""

    log_id: str
    projection: str
    generation: int
    number: int
    of: int
    position: int

    @property
    def place(self) -> Place:
        return Place(self.log_id, self.generation)

    @property
    def key(self) -> dict[str, object]:
        """As the queries name it."""
        return {
            "log_id": self.log_id, "projection": self.projection, "generation": self.generation, "shard": self.number,
        }  # fmt: skip
