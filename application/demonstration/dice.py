"""Dice 骰子: chance that falls the same way in every load, so a broken-off load goes on as it began."""

from random import Random

SEED = "150785 2026.1"


def dice(*about: object) -> Random:
    """Dice of their own for what is told `about`, whatever else is told before."""
    return Random(" ".join(map(str, (SEED, *about))))  # noqa: S311 - tells stories, guards nothing
