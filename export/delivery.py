"""Puts an export together: the files of one format with their manifest; none is ever half there."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any

from export.chart import MapData
from export.csv_table import render_table_csv
from export.html_pyvis import render_gang_html
from export.manifest import Stamp, manifest
from export.map_tables import map_tables
from export.signs import Language, utc_text
from export.table import Table
from export.xlsx_table import render_table_xlsx
from graph.durable import replace_bytes


class Format(StrEnum):
    """The formats a file can have."""

    PYVIS = "pyvis"
    CSV = "csv"
    XLSX = "xlsx"


def map_files(
    data: MapData, stamp: Stamp, form: Format, name: str, language: Language = "zh"
) -> dict[str, bytes]:
    """Names and contents of a map's files in one format, manifest last. CSV gives three, relations first."""
    if form is Format.PYVIS:
        files = {name: render_gang_html(data, stamp, language)}
    else:
        nodes, edges, rows = map_tables(data, language)
        files = table_files([edges, nodes, rows], form, name, language, notice_of(stamp, data.masked))
    return with_manifest(
        files,
        stamp,
        content_digest=data.digest,
        lake_digest=data.lake_digest,
        mask_policy=data.mask_policy,
        rules=data.rules,
        parameters=data.parameters,
    )


def finding_files(
    tables: Sequence[Table],
    stamp: Stamp,
    form: Format,
    name: str,
    language: Language,
    facts: Mapping[str, Any],
) -> dict[str, bytes]:
    """The same for the tables of a rule's hits; facts: the manifest's digests, policy, rules, parameters."""
    notice = notice_of(stamp, facts["mask_policy"] != "full")
    return with_manifest(table_files(tables, form, name, language, notice), stamp, **facts)


def table_files(
    tables: Sequence[Table], form: Format, name: str, language: Language, notice: str
) -> dict[str, bytes]:
    """One workbook, or one CSV a table: the first under `name`, the others beside it."""
    if form is Format.XLSX:
        return {name: render_table_xlsx(tables, language, notice)}
    stem, dot, ending = name.rpartition(".")
    files = {}
    for number, table in enumerate(tables):
        beside = f"{stem}.{table.name}.{ending}" if dot else f"{name}.{table.name}"
        files[name if number == 0 else beside] = render_table_csv(table, language)
    return files


def notice_of(stamp: Stamp, masked: bool) -> str:
    """The line printed on every page: state, exporter, time, case."""
    state = "个人信息已脱敏 masked" if masked else "含完整个人信息 whole personal values"
    return " · ".join(t for t in (state, stamp.exporter, utc_text(stamp.made_at), stamp.case) if t)


def write_files(folder: Path, files: Mapping[str, bytes]) -> list[Path]:
    """Write all files, each first under a temporary name; only the owner may read them."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, content in files.items():
        replace_bytes(folder / name, content, 0o600)
        written.append(folder / name)
    return written


def with_manifest(files: Mapping[str, bytes], stamp: Stamp, **facts: Any) -> dict[str, bytes]:
    """The files and, named after the first of them, their manifest; facts: see `manifest`."""
    first = next(iter(files))
    return {**files, f"{first}.manifest.json": manifest(files, stamp, **facts)}
