"""小数隐去: which groups of a public table must not be shown, so that nobody is recognised by a small number."""

from __future__ import annotations

from collections.abc import Mapping


def hidden(sizes: Mapping[str, int], threshold: int) -> frozenset[str]:
    """The groups to hide, by how many cases each is of: those below `threshold`, and others with them.

    The total is shown beside the groups, so what is hidden must not follow by subtraction: at least two groups are
    hidden, of `threshold` cases together, the smallest ones first. A single group is its own total.
    """
    ascending = sorted(sizes, key=lambda group: (sizes[group], group))
    found = [group for group in ascending if sizes[group] < threshold]
    if not found:
        return frozenset()
    for group in ascending[len(found) :]:
        if len(found) >= 2 and sum(sizes[one] for one in found) >= threshold:
            break
        found.append(group)
    return frozenset(found)
