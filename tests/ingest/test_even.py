"""Regular text is split in one go with the result of the careful reader, and only regular text is."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import ingest.readers.delimited as delimited
from ingest.limits import DEFAULT_LIMITS
from ingest.readers.even import even_piece
from ingest.readers.records import Records
from tests.ingest.steady import steady

LONGEST = 60


@pytest.mark.parametrize(
    ("text", "even"),
    [
        ("a,b\nc,d\n", True),
        ("a,b\nc,d", True),
        ('"a","",\n,"x,y","z"\n'.replace("\n,", '\n"",'), True),
        ('"a,b",c\nd,e\n', True),
        ("a\nb,c\n", False),
        ('a"b,c\n', False),
        ('"a""b",c\n', False),
        ('"a\nb",c\n', False),
        ('"a,b\n', False),
        ("a,\x07\n", False),
        ("\n", False),
        ("", False),
        (f"{'x' * LONGEST},b\n", False),
    ],
)
def test_only_whole_quoted_fields_and_full_lines_are_even(text: str, even: bool) -> None:
    width = 3 if text.startswith('"a",""') else 2
    assert (even_piece(text.encode(), ",", width, LONGEST) is not None) is even


def test_a_line_of_tabs_is_blank_and_left_to_the_careful_reader() -> None:
    assert even_piece(b"a\tb\n\t\n", "\t", 2, LONGEST) is None
    records = delimited._read_piece(b"a\tb\n\t\nc\td\n", "\t", 2, 1, "utf-8", DEFAULT_LIMITS)
    assert records.cells["line"].to_list() == [1, 3]


def _both(text: bytes, delimiter: str, monkeypatch: pytest.MonkeyPatch) -> tuple[Records, Records]:
    words = (text, delimiter, 3, 5, "utf-8", DEFAULT_LIMITS)
    quick = delimited._read_piece(*words)
    with monkeypatch.context() as patch:
        patch.setattr(delimited, "even_piece", lambda *_: None)
        return quick, delimited._read_piece(*words)


FIELD = st.one_of(
    st.text(st.sampled_from(list("甲ab1 '")), max_size=4),
    st.text(st.sampled_from(list("甲ab1 ,")), max_size=4).map(lambda t: f'"{t}"'),
    st.sampled_from(['""', '"', 'a"b', '"x', '"a""b"', '"a\nb"', ""]),
)


@steady
@given(st.lists(st.lists(FIELD, min_size=2, max_size=4), min_size=1, max_size=12), st.sampled_from(",;\t"))
def test_the_quick_and_the_careful_reader_agree(rows: list[list[str]], delimiter: str) -> None:
    text = "".join(delimiter.join(row) + "\n" for row in rows).encode()
    with pytest.MonkeyPatch.context() as patch:
        quick, careful = _both(text, delimiter, patch)
    assert quick.cells.equals(careful.cells)
    assert quick.faults.equals(careful.faults)
    assert quick.continuation_lines == careful.continuation_lines
    assert isinstance(quick.cells, pl.DataFrame)
