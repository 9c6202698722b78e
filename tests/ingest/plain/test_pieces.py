"""Pieces of text by kernels: the same fields and signs as the careful ways, or no answer."""

import polars as pl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ingest.plain.pieces import decode_gb18030, returns_end_lines, split_piece
from ingest.readers.encoding import utf8_lines
from ingest.readers.even import even_piece, split_even

WIDTH, LONGEST = 3, 40
NAMES = [f"c{i}" for i in range(WIDTH)]
FIELDS = st.one_of(
    st.sampled_from(
        ["", '""', "a", "样", "exactly 12 b", "thirteen byte", '"a,b"', '"样"', " ", "\t", '"', "\x01"]
    ),
    st.text(st.sampled_from(["a", "样", "1", '"', ",", "\r", " "]), max_size=16),
)
LINES = st.lists(st.one_of(st.lists(FIELDS, min_size=2, max_size=4).map(",".join), st.just("")), max_size=6)


@settings(max_examples=500, deadline=None)
@given(lines=LINES, last=st.sampled_from(["", "\n"]), delimiter=st.sampled_from([",", "\t", "，"]))
@example(lines=["a,b," + "c" * (LONGEST - 4)], last="\n", delimiter=",")
@example(lines=["a,b," + "c" * (LONGEST - 3)], last="\n", delimiter=",")
@example(lines=["\t\t", "a\tb\tc"], last="\n", delimiter="\t")
def test_a_piece_is_split_as_the_even_reader_splits_it(lines: list[str], last: str, delimiter: str) -> None:
    piece = ("\n".join(lines) + last).replace(",", delimiter).encode()
    if b"\r" in piece:
        return
    even = even_piece(piece, delimiter, WIDTH, LONGEST)
    found = split_piece(piece, delimiter, NAMES, LONGEST)
    assert (found is None) == (even is None)
    if even is not None and found is not None:
        assert found.equals(split_even(even, delimiter, NAMES, 1).drop("line"))


@settings(max_examples=200, deadline=None)
@given(lines=LINES)
def test_line_ends_of_two_signs_are_no_part_of_a_field(lines: list[str]) -> None:
    piece = "\n".join([*lines, ""])
    if "\r" in piece:
        return
    one = split_piece(piece.encode(), ",", NAMES, LONGEST)
    two = split_piece(piece.replace("\n", "\r\n").encode(), ",", NAMES, LONGEST)
    assert (one is None) == (two is None)
    assert one is None or two is None or one.equals(two)


def test_a_lone_carriage_return_makes_a_piece_uneven() -> None:
    for text in (b"a,b,c\rd,e,f\n", b"a,b,c\r\r\n", b'a,"b\r",c\n'):
        assert split_piece(text, ",", NAMES, LONGEST) is None


@settings(max_examples=500, deadline=None)
@given(
    lines=st.lists(
        st.one_of(
            st.text(st.characters(exclude_categories=["Cs"]), max_size=6).map(lambda t: t.encode("gb18030")),
            st.text(st.characters(exclude_categories=["Cs"]), max_size=6).map(str.encode),
            st.binary(max_size=6),
        )
    )
)
@example(lines=["样例".encode("gb18030"), "样例".encode()])
def test_gb18030_is_decoded_strictly_and_never_past_a_line_of_utf8(lines: list[bytes]) -> None:
    data = b"\n".join(lines)
    found = decode_gb18030(data)
    if found is not None:
        assert found == data.decode("gb18030").encode()
        assert next(utf8_lines(data), None) is None


def test_every_pair_of_gb18030_is_decoded() -> None:
    text = "".join(chr(point) for point in range(0x10000) if not 0xD800 <= point < 0xE000)
    pairs = [sign for sign in text if len(sign.encode("gb18030")) == 2]
    assert len(pairs) > 23_000
    lines = "\n".join(f"啊{sign}" for sign in pairs)  # the first sign's bytes are never UTF-8
    assert decode_gb18030(lines.encode("gb18030")) == lines.encode()


def test_an_empty_piece_is_left_to_the_careful_reader() -> None:
    assert split_piece(b"", ",", NAMES, LONGEST) is None
    assert split_piece(b"a,b,c", ",", NAMES, LONGEST).equals(pl.DataFrame({"c0": "a", "c1": "b", "c2": "c"}))


@settings(deadline=None)
@given(text=st.text(st.sampled_from(["a", "\r", "\n"]), max_size=40))
def test_a_carriage_return_is_lone_unless_a_line_feed_follows(text: str) -> None:
    assert returns_end_lines(text.encode()) == ("\r" not in text.replace("\r\n", "\n"))
