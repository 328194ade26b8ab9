"""The two formats of GeoReport say the same; arguments are read as clients send them; redaction masks what it must."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest
from defusedxml import ElementTree

from application.open311.redaction import BESIDE, MASKED, published
from domain.open311_refusals import TooManyCalls
from interfaces.open311.arguments import Arguments
from interfaces.open311.formats import Each, Format, Node, moment, written
from interfaces.open311.rates import Rates


def xml(node: Node) -> str:
    return written(Format.XML, "root", node).decode().partition("\n")[2].strip()


def plain(node: Node) -> object:
    return json.loads(written(Format.JSON, "root", node))


@pytest.mark.parametrize(
    ("node", "as_xml", "as_json"),
    [
        (Each("one", []), "<root/>", []),
        (Each("one", [{"a": 1}]), "<root><one><a>1</a></one></root>", [{"a": 1}]),
        ({"a": Each("b", ["x"])}, "<root><a><b>x</b></a></root>", {"a": ["x"]}),
        ({"a": None, "b": "", "c": Each("d", [])}, "<root><a/><b/><c/></root>", {"a": None, "b": None, "c": []}),
        ({"yes": True, "no": False}, "<root><yes>true</yes><no>false</no></root>", {"yes": True, "no": False}),
        ({"lat": 50.78500000000001}, "<root><lat>50.785</lat></root>", {"lat": 50.78500000000001}),
        ({"lat": 1e-7}, "<root><lat>0</lat></root>", {"lat": 1e-7}),
        ({"t": "<b>&amp;\r\n]]>"}, "<root><t>&lt;b&gt;&amp;amp;&#13;\n]]&gt;</t></root>", {"t": "<b>&amp;\r\n]]>"}),
    ],
)
def test_a_tree_is_written_in_both_formats(node: Node, as_xml: str, as_json: object) -> None:
    assert xml(node) == as_xml
    assert plain(node) == as_json
    ElementTree.fromstring(written(Format.XML, "root", node))


def test_what_xml_cannot_hold_does_not_break_it() -> None:
    root = ElementTree.fromstring(written(Format.XML, "root", "a\x00\x0b\ud800\uffff𠮷b"))
    assert root.text == "a\ufffd\ufffd\ufffd\ufffd𠮷b"


def test_instants_are_whole_seconds_with_their_zone() -> None:
    assert moment(datetime.fromisoformat("2026-11-02T09:00:00.999999+08:00")) == "2026-11-02T01:00:00Z"
    assert moment(None) is None


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("2026-11-02T01:00:00Z", "2026-11-02T01:00:00+00:00"),
        ("2026-11-02T09:00:00+08:00", "2026-11-02T01:00:00+00:00"),
        ("2026-11-02T09:00:00 08:00", "2026-11-02T01:00:00+00:00"),
        ("2026-11-02t09:00+0800", "2026-11-02T01:00:00+00:00"),
        ("2026-11-01T20:00:00.75-05:00", "2026-11-02T01:00:00+00:00"),
    ],
)
def test_an_instant_is_read_however_it_is_written(text: str, at: str) -> None:
    arguments = Arguments([("t", text)])
    assert arguments.instant("t") == datetime.fromisoformat(at)
    arguments.check()


@pytest.mark.parametrize(
    "text", ["2026-11-02", "2026-11-02T09:00:00", "2026-W45-1T09:00:00Z", "now", "0001-01-01T00:00Z"]
)
def test_an_instant_without_its_zone_is_none(text: str) -> None:
    arguments = Arguments([("t", text)])
    assert arguments.instant("t") is None
    assert arguments.problems


def test_a_span_is_as_long_as_it_may_be_and_no_second_longer() -> None:
    def problems(end: str) -> list[str]:
        arguments = Arguments([("a", "2026-01-01T00:00:00Z"), ("b", end)])
        arguments.span("a", "b", timedelta(days=90))
        return arguments.problems

    assert problems("2026-04-01T00:00:00Z") == []
    assert "90" in problems("2026-04-01T00:00:01Z")[0]
    assert problems("2025-12-31T23:59:59Z")


def test_lists_come_with_commas_or_repeated() -> None:
    arguments = Arguments([("s", "a, b,,a"), ("s", "c"), ("s", " ")])
    assert arguments.listed("s") == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("电话13912345678。", f"电话{MASKED}。"),
        ("电话 139-1234-5678 或+86 139 1234 5678", f"电话 {MASKED} 或+{MASKED}"),
        ("座机 0470-5220000，5220001", f"座机 {MASKED}，{MASKED}"),
        ("全角１３９１２３４５６７８", f"全角{MASKED}"),
        ("身份证15078519900101123x 号", f"身份证{MASKED} 号"),
        ("发 a.b+c@mail.example.com 即可", f"发 {MASKED} 即可"),
        ("2026年9月30日，12号楼3单元，公交 305 路", "2026年9月30日，12号楼3单元，公交 305 路"),
        ("只有前面" + BESIDE + "colour：红", "只有前面"),
        (BESIDE + "colour：红", ""),
    ],
)
def test_what_tells_who_somebody_is_is_masked(said: str, shown: str) -> None:
    assert published(said) == shown


def test_redaction_of_the_longest_text_is_quick() -> None:
    for evil in ("1 " * 10_000, "a@" * 10_000, "1" * 20_000, "a." * 10_000 + "@"):
        started = datetime.now(UTC)
        published(evil)
        assert datetime.now(UTC) - started < timedelta(seconds=2)


def test_an_address_calls_so_often_a_minute_and_again_in_the_next() -> None:
    rates, at = Rates(2), datetime(2026, 11, 2, 1, 0, 40, tzinfo=UTC)
    rates.count("a", at)
    rates.count("a", at)
    rates.count("b", at)
    with pytest.raises(TooManyCalls) as refused:
        rates.count("a", at)
    assert refused.value.facts["seconds"] == 20
    rates.count("a", at + timedelta(seconds=20))


def test_a_long_answer_counts_for_several_calls() -> None:
    rates, at = Rates(4), datetime(2026, 11, 2, tzinfo=UTC)
    rates.count("a", at)
    rates.charge("a", 49_999)
    rates.count("a", at)
    rates.charge("a", 100_000)
    with pytest.raises(TooManyCalls):
        rates.count("a", at)
