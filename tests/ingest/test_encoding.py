"""Text encodings are decided strictly; a doubt is a question, never a guess."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import UnreadableSource
from ingest.readers.encoding import decode
from tests.ingest.steady import steady

LINE = "交易卡号,账户开户名称,摘要说明\n1,周拟甲,转账备注\n"


def refused(data: bytes) -> str:
    with pytest.raises(UnreadableSource) as caught:
        decode(data, "x.csv")
    return str(caught.value.facts["code"])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_declared_and_strict_encodings_are_read(encoding: str) -> None:
    assert decode(LINE.encode(encoding), "x.csv").utf8.decode() == LINE


def test_utf8_rows_followed_by_gbk_rows_are_mixed() -> None:
    assert refused(LINE.encode() + LINE.encode("gb18030")) == "MIXED_ENCODING"
    assert refused(LINE.encode("gb18030") * 3 + LINE.encode()) == "MIXED_ENCODING"


def test_utf8_cut_inside_a_character_at_the_end_is_truncated() -> None:
    assert refused(LINE.encode() + "备注".encode()[:-1]) == "TRUNCATED"


def test_utf16_without_its_mark_is_undecodable() -> None:
    assert refused(LINE.encode("utf-16-le")) == "UNDECODABLE"


def test_short_text_that_reads_both_ways_is_asked_about() -> None:
    both = "模模".encode("gb18030")  # also valid UTF-8 of two two-byte characters
    both.decode("utf-8")
    assert refused(b"a,b\n1," + both + b"\n") == "UNDECODABLE"


def test_bytes_of_neither_encoding_are_undecodable() -> None:
    assert refused(b"a,b\n\x81\x20\xff\xff\n") == "UNDECODABLE"


@steady
@given(st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=3, max_size=40))
def test_chinese_text_survives_either_encoding_or_is_refused(text: str) -> None:
    for encoding in ("utf-8", "gb18030"):
        try:
            assert decode(f"列,值\n1,{text}\n".encode(encoding), "x").utf8.decode() == f"列,值\n1,{text}\n"
        except UnreadableSource as error:
            assert error.facts["code"] in ("UNDECODABLE", "MIXED_ENCODING")
