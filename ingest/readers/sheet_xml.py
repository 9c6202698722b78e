"""Reads a worksheet's XML as raw cell text, so that a number never passes through a float."""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator

import polars as pl

from ingest.readers.grid import ERROR_MARK, NUMBER_MARK, refuse
from ingest.readers.package import Package
from ingest.readers.sheet_grid import CELL_SCHEMA
from ingest.reasons import Reason

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PREFIX = re.compile(rb"<(\w+):worksheet\b")
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_INLINE = "<is><t>"
_REGULAR = ["s", "n", "str", "inlineStr"]
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


class UnusualSheet(Exception):
    """The sheet is written in a way that only the element-by-element reader understands."""


def column_number(letters: str) -> int:
    """A is 0, Z is 25, AA is 26."""
    number = 0
    for letter in letters:
        number = number * 26 + _LETTERS.index(letter) + 1
    return number - 1


def unescape(text: str) -> str:
    """XML's five entities, character references and Excel's _xHHHH_ escapes."""
    if "&" in text:
        text = ET.fromstring(f"<t>{text}</t>").text or ""  # noqa: S314  no declaration can stand inside
    return _ESCAPE.sub(lambda m: chr(int(m.group(1), 16)), text) if "_x" in text else text


def row_pieces(package: Package, part: str) -> Iterator[str]:
    """The sheet's XML cut after row ends, prefixes off; raises UnusualSheet on CDATA or comments."""
    rest, prefix, row_end, ended = b"", b"", b"</row>", False
    for number, piece in enumerate(package.stream(part)):
        if number == 0 and (found := _PREFIX.search(piece[:4096])):
            prefix = found.group(1)
            row_end = b"</" + prefix + b":row>"
        rest += piece
        closing = row_end.replace(b"row>", b"sheetData>")
        ended = ended or closing in rest[-len(piece) - 32 :] or b"sheetData/>" in rest[:8192]
        cut = rest.rfind(row_end) + len(row_end)
        if cut > len(row_end):
            yield _text(rest[:cut], prefix, package.name)
            rest = rest[cut:]
    if not ended:
        raise UnusualSheet  # cut off: the element reader will say so
    yield _text(rest, prefix, package.name)


def _text(data: bytes, prefix: bytes, name: str) -> str:
    if b"<![CDATA[" in data or b"<!--" in data:
        raise UnusualSheet
    if prefix:
        data = data.replace(b"<" + prefix + b":", b"<").replace(b"</" + prefix + b":", b"</")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise refuse(Reason.XML_UNSAFE, name) from error


def cells_of(xml: str, shared: pl.Series) -> pl.DataFrame:
    """The filled cells of a run of rows (CELL_SCHEMA): raw number text and errors marked.

    xml: whole rows, no namespace prefix. shared: the workbook's shared strings. No cells give no rows.
    Cells in the regular form are taken apart in one go; each other one is parsed by itself.
    """
    if "<c>" in xml or "<c/>" in xml:
        raise UnusualSheet
    parts = pl.Series("s", [xml], dtype=pl.String).str.split("<c ").explode().slice(1)
    if parts.is_empty():
        return pl.DataFrame(schema=CELL_SCHEMA)
    head, rest = pl.col("s").struct.field("field_0"), pl.col("s").struct.field("field_1")
    cut = parts.str.splitn(">", 2).to_frame().select(head=head, rest=rest)
    value, tail = pl.col("v").struct.field("field_0"), pl.col("v").struct.field("field_1")
    cells = (
        cut.lazy()
        .with_columns(
            v=pl.col("rest").str.strip_prefix(_INLINE).str.strip_prefix("<v>").str.splitn("<", 2),
            reference=pl.col("head").str.strip_prefix('r="').str.splitn('"', 2).struct.field("field_0"),
            empty=pl.col("head").str.ends_with("/"),
        )
        .with_columns(value=value, tail=tail)
        .with_columns(
            plain=pl.col("head").str.starts_with('r="')
            & (
                (pl.col("rest").str.starts_with("<v>") & pl.col("tail").str.starts_with("/v></c>"))
                | (
                    pl.col("rest").str.starts_with(_INLINE)
                    & pl.col("tail").str.starts_with("/t></is></c>")
                    & pl.col("head").str.contains('t="inlineStr"', literal=True)
                )
            ),
            kind=pl.when(pl.col("head").str.contains(' t="', literal=True))
            .then(pl.col("head").str.extract(r' t="(\w+)"'))
            .otherwise(pl.lit("n")),
        )
        .filter(~pl.col("empty") & ~(pl.col("rest").str.starts_with("</c>")))
        .select("head", "rest", "reference", "value", "plain", "kind")
        .collect()
    )
    regular = cells.filter(pl.col("plain") & pl.col("kind").is_in(_REGULAR))
    odd = cells.filter(~(pl.col("plain") & pl.col("kind").is_in(_REGULAR)))
    frames = [_regular_cells(regular, shared)]
    if odd.height:
        texts = [f"<c {h}>{r}" for h, r in zip(odd["head"].to_list(), odd["rest"].to_list(), strict=True)]
        frames.append(_odd_cells(texts, shared))
    cells = pl.concat(frames).drop_nulls("value")
    empty = cells["value"] == ""
    if not empty.any():
        return cells
    # A row of nothing but empty texts stays: whoever counts rows by their value elements sees it too.
    return cells.filter(~empty | (pl.col("value") == "").all().over("line"))


def _regular_cells(cells: pl.DataFrame, shared: pl.Series) -> pl.DataFrame:
    if cells.is_empty():
        return pl.DataFrame(schema=CELL_SCHEMA)
    strings = cells["kind"] == "s"
    index = cells["value"].set(~strings, None).cast(pl.UInt32, strict=False)
    if index.null_count() != (~strings).sum() or (index >= len(shared)).any():
        raise UnusualSheet
    letters = cells["reference"].str.strip_chars_end("0123456789")
    names = letters.unique()
    numbers = [column_number(n) if re.fullmatch("[A-Z]{1,3}", n) else None for n in names.to_list()]
    raw = cells["value"]
    if raw.str.contains("&", literal=True).any() or raw.str.contains("_x", literal=True).any():
        raw = pl.Series("value", [unescape(text) for text in raw.to_list()], dtype=pl.String)
    frame = pl.DataFrame(
        {
            "line": cells["reference"].str.strip_chars_start(_LETTERS).cast(pl.Int64, strict=False),
            "column": letters.replace_strict(
                names, pl.Series(numbers, dtype=pl.Int64), return_dtype=pl.Int64
            ),
            "kind": cells["kind"],
            "raw": raw,
            "text": shared.gather(index),
        }
    )
    if frame["line"].has_nulls() or frame["column"].has_nulls():
        raise UnusualSheet
    return frame.select(
        "line",
        "column",
        value=pl.when(pl.col("kind") == "s")
        .then(pl.col("text"))
        .when(pl.col("kind") == "n")
        .then(NUMBER_MARK + pl.col("raw"))
        .otherwise(pl.col("raw")),
    )


def _odd_cells(texts: Iterable[str], shared: pl.Series) -> pl.DataFrame:
    rows = []
    for text in texts:
        end = text.find("</c>")
        try:
            cell = ET.fromstring(text[: end + 4])  # noqa: S314  declarations are refused while streaming
        except ET.ParseError as error:
            raise UnusualSheet from error
        place = _REFERENCE.fullmatch(cell.get("r", ""))
        if place is None:
            raise UnusualSheet
        rows.append((int(place[2]), column_number(place[1]), cell_value(cell, shared)))
    return pl.DataFrame(rows, schema=CELL_SCHEMA, orient="row")


def cell_value(cell: ET.Element, shared: pl.Series) -> str | None:
    """The text of one cell element: marked raw text for numbers and errors, None when it is empty."""
    kind = cell.get("t", "n")
    parts = {child.tag.rpartition("}")[2]: child for child in cell}
    if kind == "inlineStr":
        runs = parts["is"].iter() if "is" in parts else ()
        return "".join(
            _ESCAPE.sub(lambda m: chr(int(m.group(1), 16)), t.text or "") for t in runs if t.tag.endswith("t")
        )
    raw = parts["v"].text if "v" in parts else None
    if raw is None:
        return ERROR_MARK if "f" in parts else None
    if kind == "s":
        if not raw.strip().isdecimal() or int(raw) >= len(shared):
            raise UnusualSheet
        return str(shared[int(raw)])
    if kind == "b":
        return "TRUE" if raw == "1" else "FALSE"
    return {"e": ERROR_MARK + raw, "n": NUMBER_MARK + raw}.get(kind, raw)
