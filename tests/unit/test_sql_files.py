"""Named query files: each query has one name, and a mistake in the file is found when it is loaded."""

from pathlib import Path

import pytest

from infrastructure import sql

TWO = """-- What is asked of the board.

-- of_grid --
SELECT issue_id FROM board
 WHERE grid = %(grid)s  -- at intake

-- count --
SELECT count(*) FROM board
"""


def test_each_query_is_found_by_its_name() -> None:
    queries = sql.parse("board.sql", TWO)
    assert list(queries) == ["of_grid", "count"]
    assert queries["count"] == "SELECT count(*) FROM board"
    assert queries["of_grid"].endswith("WHERE grid = %(grid)s  -- at intake")


def test_asking_for_a_name_the_file_lacks_says_what_it_has() -> None:
    with pytest.raises(KeyError, match=r"board\.sql has no query named of_unit; it has of_grid, count"):
        sql.parse("board.sql", TWO)["of_unit"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("-- count --\nSELECT 1\n-- count --\nSELECT 2\n", "two queries are named count"),
        ("SELECT 1\n-- count --\nSELECT 2\n", "the first query has no name"),
        ("-- count --\n\n-- other --\nSELECT 2\n", "count has no query"),
        ("-- count --\nSELECT 1\n-- Of Grid --\nSELECT 2\n", "'Of Grid' is no name of a query"),
    ],
)
def test_a_file_that_cannot_be_told_apart_is_refused(text: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        sql.parse("board.sql", text)


def test_a_file_must_stand_in_exactly_one_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sql, "_ROOT", tmp_path)
    with pytest.raises(LookupError, match=r"board\.sql is nowhere"):
        sql.load("board.sql")
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "board.sql").write_text(TWO, encoding="utf-8")
    with pytest.raises(LookupError, match=r"a/board\.sql, b/board\.sql"):
        sql.load("board.sql")
    assert list(sql.load("a/board.sql")) == ["of_grid", "count"]


def test_every_query_file_of_the_project_loads() -> None:
    root = Path(sql.__file__).parent
    for path in root.rglob("*.sql"):
        if path.parent.name != "migrations":
            assert sql.load(path.name)
