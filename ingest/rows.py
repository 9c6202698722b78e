"""Turns a grid into typed rows of a template: cleaned values, flags, rejects and layout rows apart."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl
import pyarrow as pa

from ingest.clean.cleaned import Cleaned
from ingest.clean.column import KEPT_AS_WRITTEN, clean_column, stored_type
from ingest.clean.sides import join_sides
from ingest.footers import without_notes
from ingest.plain import kernels_help
from ingest.readers.grid import Grid
from ingest.readers.records import raw_hex
from ingest.reasons import Level, Reason
from ingest.recognise import Recognised
from ingest.template import Column, Template

REJECT_SCHEMA: dict[str, pl.DataType] = {
    "sheet": pl.String(),
    "line": pl.Int64(),
    "column": pl.String(),
    "code": pl.String(),
    "raw": pl.String(),
}
_TOTALS = (
    r"(?i)^\s*(?:(?:本[页日月期]|全部|收入|支出|借方|贷方)?\s*(?:合计|总计|小计|共计|累计)(?:金额|笔数)?"
    r"\s*(?:[:：].*)?|(?:grand |sub)?total\s*[:：]?|共\s*[0-9,]+\s*[笔条行].*)$"
)
_HASHED_ROWS = 16_384
"""Rows whose texts stand in one buffer while they are hashed."""
_ROW_LEVEL = [reason for reason in Reason if reason.level is Level.ROW]
_FLAG_LEVEL = [reason for reason in Reason if reason.level is Level.FLAG]


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one grid that passed, rows that did not, and how many were layout only."""

    frame: pl.DataFrame
    rejects: pl.DataFrame
    layout_rows: int


def batch_columns(template: Template) -> dict[str, pl.DataType]:
    """Columns of a template's batches, in order.

    sheet, line (physical row), row (data row of the file from 1), row_key (identity of the row's content),
    flags (`CODE@field`, blank between), then each field; identifiers have `<field>_text` beside them for what
    can't be used as one. Vault columns and the columns of sides are left out.
    """
    columns: dict[str, pl.DataType] = {
        "sheet": pl.String(),
        "line": pl.Int64(),
        "row": pl.Int64(),
        "row_key": pl.String(),
        "flags": pl.String(),
    }
    for column in template.columns.values():
        if column.stored:
            columns.update(_field_columns(column))
    return columns


def content_fields(columns: Iterable[str]) -> list[str]:
    """Of a batch's columns those that say what the source said: its row's identity is made of them."""
    return [column for column in columns if column not in ("sheet", "line", "row", "row_key", "flags")]


def _field_columns(column: Column) -> dict[str, pl.DataType]:
    columns = {column.field: stored_type(column.kind)}
    if column.kind in KEPT_AS_WRITTEN:
        columns[f"{column.field}_text"] = pl.String()
    return columns


def clean_rows(grid: Grid, recognised: Recognised, first_row: int) -> Rows:
    """Clean every mapped column of a grid.

    first_row: data rows of the file before this sheet. A row with a reason of level row is rejected for the
    first such reason (in the order of `Reason`), with column and raw text.
    """
    grid, notes = without_notes(grid, recognised.template)
    cells, layout_rows = _without_layout(grid, recognised)
    template = recognised.template
    cleaned: dict[str, Cleaned] = {}
    raw: dict[str, pl.Series] = {}
    for field, position in recognised.positions.items():
        raw[field] = cells[f"c{position}"]
        cleaned[field] = clean_column(raw[field], template.columns[field], template, grid.from_1904)
    cleaned = join_sides(cleaned, template)
    code, column = _first_rejects(cleaned, template, cells.height)
    keep = code.is_null()
    values: dict[str, pl.Series] = {}
    for spec in template.columns.values():
        if spec.stored:
            values.update(_stored(spec, cleaned.get(spec.field), cells.height))
    frame = pl.DataFrame(
        {
            "line": cells["line"],
            "row": cells["line"] - grid.header_line + first_row,
            "flags": _flags(cleaned, template, cells.height),
            **values,
        }
    )
    frame = frame if keep.all() else frame.filter(keep)
    identity = ["row", *values] if template.order_counts else list(values)
    keys = row_keys(frame, identity)
    columns = batch_columns(template)
    absent = [pl.lit(None, dtype=dtype).alias(n) for n, dtype in columns.items() if n not in frame.columns]
    whole = frame.with_columns(absent).with_columns(sheet=pl.lit(grid.sheet, pl.String), row_key=keys)
    ordered = whole.select(list(columns))
    rejects = _reject_rows(grid, template, raw, cells["line"], code, column)
    return Rows(ordered, rejects, layout_rows + notes)


def row_keys(frame: pl.DataFrame, fields: Iterable[str]) -> pl.Series:
    """Identity of each row's content: BLAKE2b (128 bits) over `field=value` of every filled field.

    Equal content gives equal keys in any file, whatever columns the file leaves out.
    """
    filled = [field for field in fields if frame[field].null_count() < frame.height]
    if filled and kernels_help(frame.height):
        from ingest.plain.keys import many_keys

        return many_keys({field: _as_said(frame[field]) for field in filled}, frame.height)
    parts: list[pl.Expr] = []
    for field in filled:
        gaps = frame[field].null_count()
        value = pl.col(field)
        dtype = frame.schema[field]
        if isinstance(dtype, pl.Datetime):
            value = value.dt.timestamp("us").cast(pl.String)
        elif dtype != pl.String:
            value = value.cast(pl.String)
        name = pl.lit(f"\x1f{field}=")
        # Only a column with gaps needs its name and value joined first, so that the name goes with the value.
        parts += [name + value] if gaps else [name, value]
    if not parts:  # no rows, or rows without any value
        return pl.Series("row_key", [""] * frame.height, dtype=pl.String)
    texts = frame.select(pl.concat_str(parts, ignore_nulls=True)).to_series()
    return pl.concat([_hashes(texts[at : at + _HASHED_ROWS]) for at in range(0, len(texts), _HASHED_ROWS)])


def _as_said(column: pl.Series) -> pl.Series:
    """A column as its values stand in a key: text, or whole numbers that are written in decimal."""
    if isinstance(column.dtype, pl.Datetime):
        return column.dt.timestamp("us")
    return column if column.dtype in (pl.String, pl.Int64) else column.cast(pl.String)


def _hashes(texts: pl.Series) -> pl.Series:
    """The hash of each text's UTF-8 bytes after the first sign, cut out of one buffer of bytes.

    Slices of `bytes` and `hexdigest` take half the time of a memory view's slices and a cast afterwards.
    """
    packed = texts.to_arrow().cast(pa.large_string())
    _, offsets, buffer = packed.buffers()
    ends = np.frombuffer(offsets, dtype=np.int64)[packed.offset : packed.offset + len(packed) + 1]
    data, blake2b = buffer.slice(ends[0], ends[-1] - ends[0]).to_pybytes(), hashlib.blake2b
    places = pairwise((ends - ends[0]).tolist())
    hashes = [blake2b(data[a + 1 : b], digest_size=16).hexdigest() for a, b in places]
    return pl.Series("row_key", hashes, dtype=pl.String)


def _without_layout(grid: Grid, recognised: Recognised) -> tuple[pl.DataFrame, int]:
    """Drop blank rows, repeated headers and totals; they are counted, not rejected."""
    if grid.cells.is_empty():
        return grid.cells, 0
    names = [name for name in grid.cells.columns if name != "line"]
    first = [f"c{position}" for position in sorted(recognised.positions.values())[:3]]
    header = pl.all_horizontal(pl.col(n).str.strip_chars() == grid.header[int(n[1:])].strip() for n in first)
    blank = pl.all_horizontal(pl.col(n).is_null() | (pl.col(n).str.strip_chars() == "") for n in names)
    totals = pl.any_horizontal(pl.col(n).str.contains(_TOTALS) for n in names[:3])
    # Few rows can be any of these; one column tells which, so that the others are looked at in those only.
    lead, title = pl.col(names[0]), pl.col(first[0])
    maybe = (
        lead.is_null()
        | lead.str.contains(r"^\s*$")
        | title.str.contains(grid.header[int(first[0][1:])].strip(), literal=True)
    )
    if len(grid.header_rows) > 1:
        header = header | _one_of(grid.header_rows, names)
        maybe = maybe | lead.str.strip_chars().is_in([row[0].strip() for row in grid.header_rows])
    some = grid.cells.filter(maybe | totals.fill_null(False))
    sums = totals.fill_null(False) & ~_named(recognised)
    layout = some.filter(blank | header.fill_null(False) | sums)
    if layout.is_empty():
        return grid.cells, 0
    kept = grid.cells.join(layout.select("line"), on="line", how="anti", maintain_order="left")
    return kept, layout.height


def _named(recognised: Recognised) -> pl.Expr:
    """Whether a row names what it is about: then it is no total, whatever its texts say."""
    fields = [field for field in recognised.template.row_needs[0] if field in recognised.positions]
    cells = [pl.col(f"c{recognised.positions[field]}") for field in fields]
    filled = (cell.str.contains(r"[^\s]") & ~cell.str.contains(_TOTALS) for cell in cells)
    return pl.any_horizontal(mask.fill_null(False) for mask in filled)


def _one_of(rows: Sequence[Sequence[str]], names: Sequence[str]) -> pl.Expr:
    """Whether a row is one of a header's rows again, cell by cell."""
    cells = [pl.col(name).fill_null("").str.strip_chars() for name in names]
    return pl.any_horizontal(
        pl.all_horizontal(cell == text.strip() for cell, text in zip(cells, row, strict=False))
        for row in rows
    )


def _stored(spec: Column, cleaned: Cleaned | None, height: int) -> dict[str, pl.Series]:
    """The stored columns that the sheet has something for; the others are null."""
    if cleaned is not None:
        columns = {spec.field: cleaned.values.cast(stored_type(spec.kind))}
        if cleaned.as_written is not None and spec.kind in KEPT_AS_WRITTEN:
            columns[f"{spec.field}_text"] = cleaned.as_written
        return columns
    if spec.kind == "success":
        return {spec.field: pl.repeat(True, height, dtype=pl.Boolean, eager=True)}
    return {}


def _first_rejects(
    cleaned: Mapping[str, Cleaned], template: Template, height: int
) -> tuple[pl.Series, pl.Series]:
    """Reason code and field of each row's first reject, null where the row passes."""
    code = pl.repeat(None, height, dtype=pl.String, eager=True)
    column = pl.repeat(None, height, dtype=pl.String, eager=True)
    found: list[tuple[int, str, Reason, pl.Series]] = []
    for field, result in cleaned.items():
        found += [(_ROW_LEVEL.index(r), field, r, m) for r, m in result.codes.items() if r in _ROW_LEVEL]
        found += [(len(_ROW_LEVEL), field, r, m) for r, m in result.refused.items()]
    missing = Reason.MISSING_KEY
    for group in template.row_needs:
        empty = pl.repeat(True, height, dtype=pl.Boolean, eager=True)
        for field in group:
            if field in cleaned:
                empty = empty & _is_empty(cleaned[field], template.columns[field].kind)
        if empty.any():
            # Behind everything else: a cell that was refused is empty only because it was refused.
            found.append((len(_ROW_LEVEL) + 1, group[0], missing, empty))
    for _, field, reason, mask in sorted(found, key=lambda item: (item[0], item[1])):
        new = (mask.fill_null(False) & code.is_null()).arg_true()
        code, column = code.scatter(new, reason.value), column.scatter(new, field)
    return code, column


def _is_empty(cleaned: Cleaned, kind: str) -> pl.Series:
    """A masked or privacy number fills a cell though it never identifies; an account must be one."""
    empty = cleaned.values.is_null()
    if cleaned.as_written is None or kind == "account":
        return empty
    return empty & cleaned.as_written.is_null()


def _flags(cleaned: Mapping[str, Cleaned], template: Template, height: int) -> pl.Series:
    masks = {}
    for field, result in cleaned.items():
        if template.columns[field].vault:
            continue
        for reason in _FLAG_LEVEL:
            if reason in result.codes and result.codes[reason].any():
                masks[f"{reason.value}@{field}"] = result.codes[reason]
    if not masks:
        return pl.repeat(None, height, dtype=pl.String, eager=True)
    table = pl.DataFrame([mask.alias(name) for name, mask in masks.items()])
    words = [pl.when(pl.col(name)).then(pl.lit(name)) for name in masks]
    text = table.select(pl.concat_str(words, separator=" ", ignore_nulls=True)).to_series()
    return text.set(text == "", None)


def _reject_rows(
    grid: Grid,
    template: Template,
    raw: Mapping[str, pl.Series],
    lines: pl.Series,
    code: pl.Series,
    column: pl.Series,
) -> pl.DataFrame:
    """Rejected rows of the grid in line order; the raw text of vault columns and their files stays out."""
    rows = []
    for at in code.is_not_null().arg_true().to_list():
        field = column[at]
        text = raw[field][at] if field in raw and not template.has_vault else None
        shown = raw_hex(text.lstrip("\x01\x02"), grid.encoding) if text else ""
        rows.append((grid.sheet, lines[at], template.columns[field].header, code[at], shown))
    refused = pl.DataFrame(rows, schema=REJECT_SCHEMA, orient="row")
    faults = grid.faults.select(
        sheet=pl.lit(grid.sheet),
        line="line",
        column="column",
        code="code",
        raw=pl.lit("") if template.has_vault else pl.col("raw"),
    )
    return pl.concat([refused, faults]).sort("line")
