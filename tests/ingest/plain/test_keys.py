"""Row keys by kernels are those of one row after the other, and those are BLAKE2b of what is written."""

from datetime import UTC, date, datetime
from hashlib import blake2b

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.plain.blake2b import BLOCK, LANES, hash_texts
from ingest.rows import row_keys
from tests.ingest.plain.switch import with_kernels, without_kernels

ROWS = st.lists(
    st.tuples(
        st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"]), max_size=300)),
        st.one_of(st.none(), st.integers(-(2**63), 2**63 - 1)),
        st.one_of(st.none(), st.datetimes(timezones=st.just(UTC))),
        st.one_of(st.none(), st.booleans()),
        st.one_of(st.none(), st.dates()),
        st.one_of(st.none(), st.floats(allow_nan=False)),
    ),
    max_size=5,
)
SCHEMA = {
    "text": pl.String(),
    "fen": pl.Int64(),
    "at": pl.Datetime("us", "UTC"),
    "flag": pl.Boolean(),
    "day": pl.Date(),
    "real": pl.Float64(),
}


@settings(max_examples=300, deadline=None)
@given(rows=ROWS)
def test_keys_are_the_same_with_kernels_and_without(rows: list[tuple[object, ...]]) -> None:
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    fast, slow = (run(lambda: row_keys(frame, SCHEMA)) for run in (with_kernels, without_kernels))
    assert fast.to_list() == slow.to_list()


def test_a_key_is_the_hash_of_what_its_row_says() -> None:
    at = datetime(2024, 3, 4, tzinfo=UTC)
    frame = pl.DataFrame(
        [("样", -7, at, True, date(2024, 3, 4), 0.5), (None,) * 6], schema=SCHEMA, orient="row"
    )
    said = "text=样\x1ffen=-7\x1fat=1709510400000000\x1fflag=true\x1fday=2024-03-04\x1freal=0.5"
    wanted = [blake2b(text.encode(), digest_size=16).hexdigest() for text in (said, "")]
    assert with_kernels(lambda: row_keys(frame, SCHEMA)).to_list() == wanted


def test_texts_of_every_length_hash_as_the_library_hashes_them() -> None:
    texts = [bytes((7 * n + k) % 251 for k in range(n)) for n in [*range(3 * BLOCK + 2), 10_000]]
    size = np.array([len(text) for text in texts])
    start = np.cumsum(np.maximum(1, -(-size // BLOCK))) - np.maximum(1, -(-size // BLOCK))
    words = np.zeros(int(start[-1] + 10_000 // BLOCK + 1) * BLOCK // 8, dtype=np.uint64)
    for text, at in zip(texts, start.tolist(), strict=True):
        words.view(np.uint8)[at * BLOCK : at * BLOCK + len(text)] = np.frombuffer(text, dtype=np.uint8)
    out = np.empty((len(texts), 2), dtype=np.uint64)
    room = [np.empty((rows, LANES), dtype=np.uint64) for rows in (16, 8, 16)]
    hash_texts(words, start * (BLOCK // 8), size, out, *room)
    assert [row.tobytes() for row in out] == [blake2b(text, digest_size=16).digest() for text in texts]
