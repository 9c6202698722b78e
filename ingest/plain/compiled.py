"""Compiles every kernel by using each once; `ingest.guard.kernels` starts it as a process."""

import polars as pl

from ingest.plain.columns import places_of, plain_cells
from ingest.plain.keys import many_keys
from ingest.plain.pieces import decode_gb18030, returns_end_lines, split_piece
from ingest.plain.views import texts_of

_TEXT = "样,2024-03-04 10:00:00,1.00\n例,2024-03-05 10:00:00,2.00\n"
_KINDS = ("text", "code", "money", "time")


def main() -> None:
    """Use every kernel with the types of arrays that it is used with."""
    decode_gb18030(_TEXT.encode("gb18030"))
    returns_end_lines(_TEXT.encode())
    table = split_piece(_TEXT.encode(), ",", ["a", "b", "c"], len(_TEXT))
    if table is None:
        raise AssertionError("even lines were held to be uneven")
    texts = texts_of(pl.concat([table["a"], pl.Series("a", ["longer than a view"])]).rechunk())
    for kind in _KINDS:
        plain_cells(texts, kind, ("dash",), "UTC")
    places_of(texts, 1)
    many_keys({"a": table["a"], "b": pl.Series([1, 2])}, table.height)
    texts_of(pl.concat([pl.Series(["the first of two buffers"]), pl.Series(["the second of two buffers"])]))


if __name__ == "__main__":
    main()
