"""Row keys: equal content has equal keys, by the hash that batches of every age were written with."""

import hashlib

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from ingest.rows import row_keys
from tests.ingest.steady import steady

CELL = st.none() | st.text(st.sampled_from(list("甲a1")), max_size=150)


@steady
@given(
    st.lists(st.tuples(CELL, CELL, st.none() | st.integers(-5, 5), st.none() | st.booleans()), max_size=20)
)
def test_a_row_key_is_the_hash_of_its_filled_fields(rows: list[tuple[object, ...]]) -> None:
    types = {"one": pl.String(), "two": pl.String(), "three": pl.Int64(), "four": pl.Boolean()}
    frame = pl.DataFrame(rows, schema=types, orient="row")
    expected = []
    for row in rows:
        filled = [(n, v) for n, v in zip(types, row, strict=True) if v is not None]
        text = "\x1f".join(f"{n}={str(v).lower() if isinstance(v, bool) else v}" for n, v in filled)
        expected.append(hashlib.blake2b(text.encode(), digest_size=16).hexdigest())
    if all(value is None for row in rows for value in row):
        expected = [""] * len(rows)
    assert row_keys(frame, list(types)).to_list() == expected


def test_many_rows_have_the_keys_of_few() -> None:
    frame = pl.DataFrame({"at": [str(n) for n in range(40_000)], "kind": ["x", None] * 20_000})
    keys = row_keys(frame, ["at", "kind"])
    assert keys.name == "row_key"
    assert keys.n_unique() == frame.height
    for at in (0, 16_383, 16_384, 39_999):
        assert keys[at] == row_keys(frame[at : at + 1], ["at", "kind"])[0]
