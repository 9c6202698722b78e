"""Quoted records of delimited text: fields with delimiters, doubled quotes and line breaks inside quotes."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from ingest.limits import Limits
from ingest.readers.grid import FAULT_SCHEMA, no_faults
from ingest.reasons import Reason


@dataclass(frozen=True, slots=True)
class Records:
    """Rows read from lines, rows refused, and what multi-line records took.

    taken_lines: lines that belong to a record starting above them; continuation_lines: those of them with
    content.
    """

    cells: pl.DataFrame
    faults: pl.DataFrame
    continuation_lines: int
    taken_lines: tuple[int, ...]


def split_record(text: str, delimiter: str) -> list[str] | None:
    """The fields of one record, None when its quotes are not well formed."""
    if len(delimiter.encode()) > 1:
        return text.split(delimiter) if '"' not in text else None
    try:
        rows = list(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return rows[0] if len(rows) == 1 else None


def fault_rows(lines: pl.DataFrame, reason: Reason, encoding: str) -> pl.DataFrame:
    """Lines as faults of one reason, their raw bytes in hexadecimal; long lines are kept to 4,096 bytes."""
    if lines.is_empty():
        return no_faults()
    return pl.DataFrame(
        {
            "line": lines["line"],
            "column": pl.repeat("", lines.height, dtype=pl.String, eager=True),
            "code": pl.repeat(reason.value, lines.height, dtype=pl.String, eager=True),
            "raw": [raw_hex(text, encoding) for text in lines["text"].to_list()],
        },
        schema=FAULT_SCHEMA,
    )


def raw_hex(text: str, encoding: str) -> str:
    """The bytes of `text` in its source's encoding, in hexadecimal, at most 4,096 bytes of them."""
    return text[:4096].encode(encoding.removesuffix("-sig"))[:4096].hex()


def quoted_records(
    marked: pl.DataFrame, delimiter: str, width: int, encoding: str, limits: Limits
) -> Records:
    """All records that hold a quote.

    Rows whose quotes are all well formed on one line are split in one go; the rest goes record by record
    through a strict reader. An unclosed quote ends at the first line that has the right fields by itself
    (GUARANTEES 3.6).
    """
    usable = (pl.col("quotes") > 0) & ~pl.col("control") & ~pl.col("long") & ~pl.col("blank")
    lines = marked.with_columns(regular=usable & _well_formed(delimiter, width))
    reader = _RecordReader(lines, delimiter, width, limits)
    for index in lines.select(pl.arg_where(usable & ~pl.col("regular"))).to_series().to_list():
        reader.read(index)
    names = [f"c{i}" for i in range(width)]
    rows = {
        "line": [r[0] for r in reader.rows],
        **{n: [r[1][i] for r in reader.rows] for i, n in enumerate(names)},
    }
    single = pl.DataFrame(rows, schema={"line": pl.Int64(), **dict.fromkeys(names, pl.String())})
    taken = tuple(reader.taken)
    whole = lines.filter(pl.col("regular") & ~pl.col("line").is_in(taken))
    parts = [split_lines(whole, delimiter, names, quoted=True), empty_as_null(single, names)]
    faults = [no_faults()]
    for reason, at in reader.refused:
        faults.append(fault_rows(lines[at : at + 1].select("line", "text"), reason, encoding))
    return Records(pl.concat(parts), pl.concat(faults), reader.continuation, taken)


def split_lines(lines: pl.DataFrame, delimiter: str, names: Sequence[str], quoted: bool) -> pl.DataFrame:
    """Lines that are known to be well-formed records of the right width as `line` and text columns."""
    if lines.is_empty():
        return pl.DataFrame(schema={"line": pl.Int64(), **dict.fromkeys(names, pl.String())})
    if len(delimiter.encode()) > 1:
        split = lines["text"].str.split(delimiter).list.to_struct(fields=list(names)).struct.unnest()
    else:
        split = pl.read_csv(
            "\n".join(lines["text"].to_list()).encode(),
            has_header=False,
            new_columns=list(names),
            separator=delimiter,
            quote_char='"' if quoted else None,
            infer_schema=False,
        )
    if split.height != lines.height:
        raise AssertionError("a piece of well-formed rows changed its number of rows while it was split")
    return empty_as_null(split.select(names), names).insert_column(0, lines["line"])


def empty_as_null(frame: pl.DataFrame, names: Sequence[str]) -> pl.DataFrame:
    """Empty texts as null."""
    return frame.with_columns(pl.when(pl.col(n) != "").then(pl.col(n)).alias(n) for n in names)


def _well_formed(delimiter: str, width: int) -> pl.Expr:
    """Whether every quote of a line opens at a field's start or closes at its end, with no doubled quote.

    2k quotes make k pairs of neighbours; if k pairs start after a delimiter and k pairs end before one, every
    pair is a field, and delimiters outside pairs are what separates fields.
    """
    if len(delimiter.encode()) > 1:
        return pl.lit(False)
    sign = re.escape(delimiter)
    text = pl.col("text")
    opening = text.str.count_matches(rf'(?:^|{sign})"[^"]*"')
    closing = text.str.count_matches(rf'"[^"]*"(?:{sign}|$)')
    outside = text.str.replace_all(r'"[^"]*"', "").str.count_matches(delimiter, literal=True)
    return (2 * opening == pl.col("quotes")) & (2 * closing == pl.col("quotes")) & (outside == width - 1)


class _RecordReader:
    """Walks lines with irregular quotes in order and remembers which lines a record has used up."""

    def __init__(self, lines: pl.DataFrame, delimiter: str, width: int, limits: Limits) -> None:
        self._texts, self._numbers = lines["text"], lines["line"]
        self._quotes, self._blank = lines["quotes"], lines["blank"]
        self._delimiter, self._width, self._limits = delimiter, width, limits
        self._next = 0
        self.rows: list[tuple[int, list[str]]] = []
        self.refused: list[tuple[Reason, int]] = []
        self.taken: list[int] = []
        self.continuation = 0

    def read(self, index: int) -> None:
        """Read the record that starts at line `index`, unless an earlier record already used the line."""
        if index < self._next:
            return
        alone = split_record(self._texts[index], self._delimiter)
        if alone is not None:
            self._accept(index, index, alone)
            return
        end, fields = self._join(index)
        if fields is None:
            self.refused.append((Reason.QUOTE_UNCLOSED, index))
            self._next = index + 1
        else:
            self._accept(index, end, fields)

    def _accept(self, start: int, end: int, fields: list[str]) -> None:
        self._next = end + 1
        for line in range(start + 1, end + 1):
            self.taken.append(self._numbers[line])
            self.continuation += 0 if self._blank[line] else 1
        if len(fields) != self._width:
            self.refused.append((Reason.FIELD_COUNT, start))
        else:
            self.rows.append((self._numbers[start], fields))

    def _join(self, index: int) -> tuple[int, list[str] | None]:
        joined = self._texts[index]
        for end in range(index + 1, min(index + self._limits.record_lines, len(self._texts))):
            text = self._texts[end]
            odd = self._quotes[end] % 2 == 1
            if not odd and self._stands_alone(text):
                return end, None
            joined += "\n" + text
            if odd:
                fields = split_record(joined, self._delimiter)
                if fields is not None and len(fields) == self._width:
                    return end, fields
                if self._stands_alone(text):
                    return end, None
        return index, None

    def _stands_alone(self, text: str) -> bool:
        fields = split_record(text, self._delimiter)
        return fields is not None and len(fields) == self._width
