"""Named queries: one `.sql` file beside the module that runs it, a `-- name --` line before each query.

SQL is read here and nowhere built, so what the database is asked can be read in one place.
"""

import re
from pathlib import Path
from typing import LiteralString, cast

_ROOT = Path(__file__).parent
_HEADER = re.compile(r"^--[ \t]*(.*?)[ \t]*--[ \t]*$", re.MULTILINE)
_NAME = re.compile(r"[a-z][a-z0-9_]*")


class Queries(dict[str, LiteralString]):
    """The queries of one file by name. Raises `KeyError`, naming the file, for a name it lacks."""

    def __init__(self, file: str) -> None:
        super().__init__()
        self.file = file

    def __missing__(self, name: str) -> LiteralString:
        raise KeyError(f"{self.file} has no query named {name}; it has {', '.join(self) or 'none'}")


def load(name: str) -> Queries:
    """The queries of file `name`, found by that name anywhere under this package.

    Raises `LookupError` when no file or more than one has the name, and `ValueError` for a file with a
    query without a name, a name without a query, a name that is not in snake case, or one name twice.
    """
    found = sorted(_ROOT.rglob(name))
    if len(found) != 1:
        places = ", ".join(str(path.relative_to(_ROOT)) for path in found) or "nowhere"
        raise LookupError(f"a query file must be in one place: {name} is {places}")
    return parse(name, found[0].read_text(encoding="utf-8"))


def parse(file: str, text: str) -> Queries:
    """The queries in `text`, the content of `file`. Raises `ValueError` as `load` does."""
    before, *parts = _HEADER.split(text)
    if any(line.strip() and not line.startswith("--") for line in before.splitlines()):
        raise ValueError(f"{file}: the first query has no name")
    queries = Queries(file)
    for name, query in zip(parts[::2], parts[1::2], strict=True):
        if not _NAME.fullmatch(name):
            raise ValueError(f"{file}: {name!r} is no name of a query; snake case is")
        if name in queries:
            raise ValueError(f"{file}: two queries are named {name}")
        if not query.strip():
            raise ValueError(f"{file}: {name} has no query")
        # The text comes from a file shipped with the program, which is what the type is there to prove.
        queries[name] = cast(LiteralString, query.strip())
    return queries
