"""拼法: a word is found exactly where a patient reader, trying every spelling of every character, finds it."""

from __future__ import annotations

import csv
import random
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from infrastructure.search.letters import letters, words
from infrastructure.search.readings import MOST, readings
from infrastructure.search.spelling import Alphabet, loosened
from tests.registry_office import COUNTY, run
from tests.search_material import division, entries, typed
from tests.search_office import SearchOffice

SIGNS = "绿地道路行重庆长安略女一a1"
SPELT = sorted({one for sign in SIGNS for reading in (sign, *readings(sign)) for one in (reading, reading[0])})


def reads(word: str, name: str) -> bool:
    """Whether `word` may be read somewhere in `name`, by trying."""
    return any(_reads_from(word, name[begin:]) for begin in range(len(name)))


def _reads_from(word: str, name: str) -> bool:
    if not word or not name:
        return not word
    for spelt in (name[0], *readings(name[0])):
        if spelt.startswith(word):
            return True
        initials = {spelt[0], spelt[:2] if spelt[:2] in {"zh", "ch", "sh"} else spelt[0]}
        if any(word.startswith(one) and _reads_from(word[len(one) :], name[1:]) for one in {spelt, *initials}):
            return True
    return False


@settings(max_examples=150)
@given(
    st.lists(st.text(st.sampled_from(SIGNS), min_size=1, max_size=6), min_size=1, max_size=8, unique=True),
    st.lists(st.lists(st.sampled_from(SPELT), min_size=1, max_size=4).map("".join), min_size=1, max_size=8),
)
def test_a_word_is_found_where_it_may_be_read_and_nowhere_else(names: list[str], asked: list[str]) -> None:
    office = SearchOffice()
    for number, name in enumerate(names):
        office.publish(f"asset-{number:05}", name)
    for word in asked:
        wanted = {name for name in names if reads(word, name)}
        found = {hit.name for hit in office.find(word) if hit.matches[0].part == "name"}
        # Nothing spelt so: then what only sounds alike may be shown.
        assert found == wanted if wanted else found.isdisjoint(wanted), word


def test_what_people_type_finds_what_they_mean() -> None:
    """A thousand times: a part of a name, however it is spelt."""
    dice = random.Random(3)  # noqa: S311 - nothing secret hangs on it
    alphabet = Alphabet()
    for entry in entries(600):
        for word in islice(typed([entry.name], dice), 3):
            for asked in words(word):
                assert reads(asked, letters(entry.name)[0]), (word, entry.name)
        alphabet.numbered(letters(entry.name)[0])
    assert list(alphabet.strict.pieces("zhuang", 0))


@pytest.mark.parametrize(
    ("sign", "spelt"), [("重", {"zhong", "chong"}), ("行", {"xing", "hang"}), ("长", {"chang", "zhang"})]
)
def test_a_character_has_all_its_readings(sign: str, spelt: set[str]) -> None:
    assert spelt <= set(readings(sign))
    assert len(readings(sign)) <= MOST


def test_what_is_no_character_has_none() -> None:
    assert [readings(sign) for sign in ("a", "1", "，", "é", "😀")] == [(), (), (), (), ()]


@pytest.mark.parametrize(
    ("one", "other"), [("zhang", "zan"), ("chen", "cheng"), ("shi", "si"), ("niu", "liu"), ("jin", "jing"), ("zh", "z")]
)
def test_syllables_that_are_confused_are_alike(one: str, other: str) -> None:
    assert loosened(one) == loosened(other)


@given(st.text(max_size=30))
def test_letters_say_where_they_stand_and_folding_again_changes_nothing(text: str) -> None:
    kept, places = letters(text)
    assert len(kept) == len(places)
    assert places == sorted(places)
    assert letters(kept)[0] == kept
    assert all(word == letters(word)[0] for word in words(text))


def test_real_divisions_are_found_by_their_initials(shared_data: Path) -> None:
    office = SearchOffice()
    content = (shared_data / "cn_divisions_nbs2023_beijing_genhe.csv").read_text(encoding="utf-8")
    rows = [row for row in csv.DictReader(content.splitlines()) if row["code"].startswith(COUNTY)]
    run(office.desk.register_many([division(row["code"], row["name"]) for row in rows]))
    assert len(rows) == 34
    for text, name in [
        ("hdjd", "河东街道"), ("haolibao", "好里堡街道"), ("alsz", "阿龙山镇"), ("algyew", "敖鲁古雅鄂温克民族乡"),
        ("deerbuer", "得耳布尔镇"), ("xaig", "西爱国街居委会"),
    ]:  # fmt: skip
        assert office.named(text)[0] == name
