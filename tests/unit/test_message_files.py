"""留言文件: what stands in a CSV file of messages, however it was written and wherever it is broken."""

import csv
import gzip
import json
import stat
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.importing.message_columns import read_mapping
from application.importing.message_faults import BadLine, Fault, Rejected, rejected
from application.importing.message_file import HEAD_BYTES, MOST_CHARACTERS, MOST_LINES
from application.importing.message_rows import Message, open_messages
from application.importing.reject_file import RejectFile
from domain.refusals import Nowhere
from domain.registry.refusals import BadFile
from domain.vocabulary import RequestKind
from tests.message_office import HEADER, line

CHINA = ZoneInfo("Asia/Shanghai")
Chosen = Mapping[str, str]
NONE: Chosen = {}
EAST_8 = timezone(timedelta(hours=8))
BARE = "留言编号,留言时间,留言详情\n"
GOOD = "1,2019/2/28,路灯不亮\n"


@pytest.fixture
def read() -> Iterator["Read"]:
    with ExitStack() as stack:
        yield Read(stack)


class Read:
    """Rows of a file or of its text; the file stays open until the test ends."""

    def __init__(self, stack: ExitStack) -> None:
        self.stack = stack

    def __call__(self, content: str | Path, chosen: Chosen = NONE, zone: tzinfo = CHINA) -> list[Message | Rejected]:
        source = content if isinstance(content, Path) else StringIO(content, newline="")
        return list(self.stack.enter_context(open_messages(source, chosen)).rows(zone))

    def one(self, content: str, chosen: Chosen = NONE) -> Message:
        (row,) = self(content, chosen)
        assert isinstance(row, Message), row
        return row

    def fault(self, content: str, chosen: Chosen = NONE) -> tuple[str, str]:
        (row,) = self(content, chosen)
        assert isinstance(row, Rejected), row
        return row.code, row.detail


def written(folder: Path, content: bytes) -> Path:
    path = folder / "messages.csv"
    path.write_bytes(content)
    return path


def told(rows: list[Message | Rejected]) -> list[tuple[int, str]]:
    """Line and id, or what is wrong."""
    return [(row.record.line, row.external_id) if isinstance(row, Message) else (row.line, row.code) for row in rows]


# --- how it is written --------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_utf8_and_gb18030_are_read_plain_and_packed(
    tmp_path: Path, encoding: str, pack: type[bytes], read: Read
) -> None:
    content = (BARE + '"1",2019/2/28,"㐀𠀀，\n路灯不亮"\n').encode(encoding)
    (row,) = read(written(tmp_path, pack(content)))
    assert isinstance(row, Message)
    assert row.details == {"text": "㐀𠀀，\n路灯不亮"}


def test_a_mark_before_a_quoted_header_is_no_part_of_it(read: Read) -> None:
    assert read.one("\ufeff" + BARE.replace("留言编号", '"留言编号"') + GOOD).external_id == "1"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_they_like_and_texts_keep_one_kind_of_end(end: str, read: Read) -> None:
    content = (BARE + GOOD + '2,2019/2/28,"一\n二"\n\n' + GOOD).replace("\n", end)
    rows = read(content)
    assert told(rows) == [(2, "1"), (3, "2"), (6, "1")]
    assert isinstance(rows[1], Message)
    assert rows[1].details == {"text": "一\n二"}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "文件是空的"),
        (b"PK\x03\x04" + b"\0" * 40, "Excel"),
        ((BARE + GOOD).encode("utf-16"), "UTF-16"),
        (BARE.encode() + b"\xff\xff\xff", "UTF-8"),
        (gzip.compress((BARE + GOOD).encode(), mtime=0)[:12], "压缩包"),
        (b"\x1f\x8bnothing", "压缩包"),
        (b'"' + BARE.encode(), "第 1 行应是表头"),
        ("编号;时间;内容\n".encode(), "表头是：编号;时间;内容"),
        ("留言编号,留言时间\n".encode(), "text"),
        (("留言编号," + BARE).encode(), "不止一列"),
        ("留言编号,留言时间,留言详情,答复意见\n".encode(), "reply_time"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_the_reason(
    content: bytes, told: str, tmp_path: Path, read: Read
) -> None:
    with pytest.raises(BadFile) as refusal:
        read(written(tmp_path, content))
    assert told in refusal.value.detail()


def test_a_file_that_is_not_there_is_refused(tmp_path: Path, read: Read) -> None:
    with pytest.raises(BadFile):
        read(tmp_path / "none.csv")


# --- where it is broken -------------------------------------------------------------------------


def test_an_unclosed_quote_costs_its_own_line_only(read: Read) -> None:
    rows = read(BARE + '1,2019/2/28,"没有闭合\n2,2019/2/28,"好"\n3,2019/2/28,好\n')
    assert told(rows) == [(2, "broken-record"), (3, "2"), (4, "3")]
    assert isinstance(rows[0], Rejected)
    assert rows[0].fields == ['1,2019/2/28,"没有闭合']


@pytest.mark.parametrize("lines", [3, MOST_LINES + 10])
def test_an_unclosed_quote_does_not_swallow_the_rest_of_the_file(lines: int, read: Read) -> None:
    rows = read(BARE + '0,2019/2/28,"没有闭合\n' + GOOD * lines)
    assert told(rows) == [(2, "broken-record"), *((number + 3, "1") for number in range(lines))]


def test_a_line_without_end_is_rejected_and_not_kept_whole(read: Read) -> None:
    rows = read(BARE + "1,2019/2/28," + "长" * (3 * MOST_CHARACTERS) + "\n" + GOOD)
    assert told(rows) == [(2, "broken-record"), (3, "1")]
    assert isinstance(rows[0], Rejected)
    assert len(rows[0].fields[0]) == MOST_CHARACTERS


def test_a_packed_file_torn_in_the_middle_is_read_to_there_and_said_so(tmp_path: Path, read: Read) -> None:
    lines = "".join(f"{number},2019/2/28,{number * 7919 % 10007}\n" for number in range(200_000))
    packed = gzip.compress((BARE + lines).encode())
    rows = told(read(written(tmp_path, packed[: len(packed) * 3 // 4])))
    assert rows[-1][1] == "cut-off"
    assert rows[:-1] == [(number + 2, str(number)) for number in range(len(rows) - 1)]
    assert len(rows) > 50_000


def test_a_byte_nobody_can_decode_costs_its_own_line_only(tmp_path: Path, read: Read) -> None:
    good = GOOD.encode() * (HEAD_BYTES // 20)
    rows = told(read(written(tmp_path, BARE.encode() + good + b"2,2019/2/28,\xff\n" + GOOD.encode())))
    assert [row for row in rows if row[1] != "1"] == [(HEAD_BYTES // 20 + 2, "undecodable")]


@pytest.mark.parametrize("content", ["1,2019/2/28\n", "1,2019/2/28,好,多\n", '1,2019/2/28,"好\n好",多\n'])
def test_a_wrong_number_of_columns_is_rejected(content: str, read: Read) -> None:
    code, detail = read.fault(BARE + content)
    assert code == "column-count"
    assert "应有 3 列" in detail


# --- what a line must have ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2019/2/28 11:25:05", datetime(2019, 2, 28, 11, 25, 5, tzinfo=EAST_8)),
        ("2019-06-08 17:31:20", datetime(2019, 6, 8, 17, 31, 20, tzinfo=EAST_8)),
        ("2019/2/28 9:5", datetime(2019, 2, 28, 9, 5, tzinfo=EAST_8)),
        (" 2019/2/8 ", datetime(2019, 2, 8, tzinfo=EAST_8)),
    ],
)
def test_times_are_taken_in_the_zone_of_the_file(text: str, expected: datetime, read: Read) -> None:
    assert read.one(BARE + f"1,{text},好\n").at == expected
    (row,) = read(BARE + f"1,{text},好\n", zone=UTC)
    assert isinstance(row, Message)
    assert row.at == expected.replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "昨天", "2019/2/30", "2019/2/28 25:00", "2019-2/28", "0001-01-01", "9999-12-31", "28/2/2019", "２０１９/2/28"],
)
def test_what_is_no_time_is_rejected(text: str, read: Read) -> None:
    assert read.fault(BARE + f"1,{text},好\n")[0] == "unreadable-time"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (" ,2019/2/28,好\n", "no-id"),
        ("1,2019/2/28,　\n", "no-words"),
        ("1,2019/2/28,响\x07铃\n", "control-characters"),
        ("1,2019/2/28,空\0字\n", "control-characters"),
        ("1,2019/2/28,\x85\n", "control-characters"),
        ('"1\n2",2019/2/28,好\n', "control-characters"),
        ("1" * 129 + ",2019/2/28,好\n", "too-long"),
        ("1,2019/2/28," + "长" * 20_001 + "\n", "too-long"),
    ],
)
def test_a_line_that_is_wrong_by_itself_is_rejected(content: str, code: str, read: Read) -> None:
    assert read.fault(BARE + content)[0] == code


@pytest.mark.parametrize("text", ["长" * 20_000, "制\t表", "零\u200b宽", "<br>&nbsp;", "=1+1", "\u3000 前后 "])
def test_odd_texts_stay_as_they_were_written(text: str, read: Read) -> None:
    assert read.one(BARE + f"1,2019/2/28,{text}\n").details == {"text": text}


def test_a_column_nobody_reads_may_hold_anything(read: Read) -> None:
    assert read.one(BARE.replace("\n", ",备注\n") + GOOD.replace("\n", ",\x07\n")).external_id == "1"


def test_a_bad_reply_leaves_the_message_readable(read: Read) -> None:
    row = read.one(HEADER + line(reply="响\x07铃", reply_time="2019/3/2"))
    assert row.reply is None
    assert row.reply_fault is not None
    assert (row.reply_fault.fault, row.reply_fault.detail) == (Fault.CONTROL_CHARACTERS, "“答复意见”列")
    assert read.one(HEADER + line()).reply_fault is None


@given(st.lists(st.tuples(*[st.text(max_size=60)] * 2), max_size=8))
def test_what_was_written_to_a_csv_comes_out_of_it(texts: list[tuple[str, str]]) -> None:
    """Whatever the texts: each line comes out as it went in, or is rejected, and none is lost."""
    content = StringIO(newline="")
    csv.writer(content).writerows(
        [["留言编号", "留言时间", "留言主题", "留言详情"], *(["1", "2019/2/28", *pair] for pair in texts)]
    )
    content.seek(0)
    with open_messages(content) as file:
        rows = list(file.rows(CHINA))
    assert len(rows) == len(texts)
    for row, pair in zip(rows, texts, strict=True):
        if isinstance(row, Message):
            title, text = (each.replace("\r\n", "\n").replace("\r", "\n") for each in pair)
            assert row.details == {name: value for name, value in (("title", title), ("text", text)) if value.strip()}
        else:
            assert row.code in {"control-characters", "no-words"}


# --- which column is which ----------------------------------------------------------------------


def test_columns_are_chosen_by_name_and_the_rest_by_familiar_names(read: Read) -> None:
    content = "留言编号,时间,留言主题,内容,类别,电话\n1,2019/2/28,路灯,不亮,投诉,0470\n"
    row = read.one(content, {"time": "时间", "text": "内容", "kind": "类别", "phone": "电话", "name": "留言主题"})
    assert row.details == {"text": "不亮", "phone": "0470", "name": "路灯"}
    assert row.kind is RequestKind.COMPLAINT


@pytest.mark.parametrize(
    ("written", "kind"), [("help", RequestKind.HELP), ("建议", RequestKind.SUGGESTION), ("", None)]
)
def test_a_kind_is_written_as_code_or_word(written: str, kind: RequestKind | None, read: Read) -> None:
    assert read.one(BARE.replace("\n", ",类\n") + GOOD.replace("\n", f",{written}\n"), {"kind": "类"}).kind is kind


def test_an_unknown_kind_is_rejected(read: Read) -> None:
    content = BARE.replace("\n", ",类\n") + GOOD.replace("\n", ",骂街\n")
    assert read.fault(content, {"kind": "类"}) == ("unknown-kind", "可用：咨询、求助、投诉、举报、建议、感谢、其他")


@pytest.mark.parametrize("chosen", [{"text": "没有"}, {"内容": "留言详情"}])
def test_a_column_or_field_that_is_not_there_is_refused(chosen: dict[str, str], read: Read) -> None:
    with pytest.raises(BadFile):
        read(BARE + GOOD, chosen)


def test_a_mapping_is_read_from_toml_and_json(tmp_path: Path) -> None:
    (tmp_path / "columns.toml").write_text('text = "内容"\n', "utf-8")
    (tmp_path / "columns.json").write_text(json.dumps({"text": "内容"}), "utf-8")
    assert read_mapping(tmp_path / "columns.toml") == read_mapping(tmp_path / "columns.json") == {"text": "内容"}


@pytest.mark.parametrize("content", ["text = 1", "[text]\nname = 'x'", "text", "= ="])
def test_a_mapping_that_is_no_table_of_names_is_refused(content: str, tmp_path: Path) -> None:
    (tmp_path / "columns.toml").write_text(content)
    with pytest.raises(BadFile):
        read_mapping(tmp_path / "columns.toml")


# --- the rejected lines -------------------------------------------------------------------------


def test_rejected_lines_can_be_mended_and_read_again(tmp_path: Path, read: Read) -> None:
    path = tmp_path / "rejected.csv"
    with RejectFile(path, HEADER.strip().split(",")) as kept:
        assert not path.exists()
        fields = line(7, text="二\n行", time="昨天").strip().split(",")
        kept.write(rejected(3, fields, BadLine(Fault.BAD_TIME, "应如 2019/2/28")))
        assert "时间无法识别：应如 2019/2/28" in path.read_text("utf-8-sig")  # on disk before the next
        kept.write(rejected(5, ["\udcff断行"], BadLine(Fault.BROKEN_RECORD)))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text(path.read_text("utf-8-sig").replace("昨天", "2019/2/28"), "utf-8")
    assert told(read(path)) == [(2, "7"), (4, "column-count")]


def test_a_list_of_rejected_lines_made_from_another_has_the_same_columns(tmp_path: Path) -> None:
    path = tmp_path / "rejected.csv"
    header = ["拒收行号", "拒收原因", *HEADER.strip().split(",")]
    with RejectFile(path, header) as kept:
        kept.write(rejected(2, ["9", "旧", *line(7).strip().split(",")], BadLine(Fault.NO_ID)))
    assert path.read_text("utf-8-sig").splitlines() == [",".join(header), "2,缺少编号," + line(7).strip()]


def test_a_list_somebody_may_be_mending_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "rejected.csv"
    path.write_text("正在改")
    with RejectFile(path, ["a"]) as kept, pytest.raises(BadFile):
        kept.write(rejected(1, ["x"], Nowhere(longitude=1, latitude=2, advice="")))
    assert path.read_text() == "正在改"
