"""Prints what ingest did, as tables for people or JSON for programs."""

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from graph.schema.kinds import Mask
from graph.schema.masks import mask_value
from ingest.doctor import Examination
from ingest.doctor.times import KINDS
from ingest.guard.landlock import landlock_version
from ingest.guard.seccomp import seccomp_usable
from ingest.ledger import QUARANTINED, FileRecord
from ingest.load import LoadResult
from ingest.mapped import SheetRecord
from ingest.reasons import Reason
from ingest.rejected import Entry
from ingest.settle.outcome import Settled

_COLUMNS = ("file", "template", "rows_in", "loaded", "duplicates", "rejected", "state")
_SHOWN = 20


@contextmanager
def progress_bar(total: int, quiet: bool) -> Iterator[Callable[[Path], None] | None]:
    """A bar on a terminal, nothing elsewhere; the yielded function moves it on by one file."""
    if quiet or not sys.stderr.isatty():
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("load", total=total)
        yield lambda _: bar.advance(task)


def print_load(result: LoadResult, settled: Settled | None, as_json: bool) -> int:
    """The files of one load with a sentence for each refusal; 1 when something was refused."""
    if as_json:
        body: dict[str, Any] = {
            "files": [record.as_dict() for record in result.records],
            "messages": result.messages,
            "digest": settled.tables.digest.digest if settled else None,
        }
        print(json.dumps(body, ensure_ascii=False))
    else:
        _print_files(result.records)
        for record in result.records:
            if record.state == QUARANTINED:
                print(result.messages[record.sha256])
            elif record.rejected:
                print(
                    f"{record.file}: {record.rejected} rows rejected; see quarantine/{record.sha256}.jsonl."
                )
        if settled is not None:
            print(f"lake {settled.tables.digest.digest[:16]}: {_sum_line(settled)}")
    return 0 if result.clean else 1


def print_status(
    records: Sequence[FileRecord], sheets: Mapping[str, Sequence[SheetRecord]], as_json: bool
) -> int:
    """The row account of every file, by which template its sheets were read, and what of them was hidden."""
    if as_json:
        body = [
            {**record.as_dict(), "sheets": [_sheet_said(sheet) for sheet in sheets.get(record.sha256, ())]}
            for record in records
        ]
        print(json.dumps(body, ensure_ascii=False))
        return 0
    _print_files(records)
    for record in records:
        for sheet in sheets.get(record.sha256, ()):
            if sheet.hidden:
                hidden = ", ".join(f"{count} {what}" for what, count in sorted(sheet.hidden.items()))
                print(f"{record.file} {sheet.sheet}: hidden and read too: {hidden}.")
    return 0


def _sheet_said(sheet: SheetRecord) -> dict[str, Any]:
    return {
        "sheet": sheet.sheet,
        "template": sheet.template,
        "layout": sheet.layout,
        "content": sheet.content,
        "header_line": sheet.header_line,
        "columns": {field: text for field, (_, text) in sheet.columns.items()},
        "unmapped": list(sheet.unmapped),
        "hidden": dict(sheet.hidden),
    }


def print_rejects(found: Sequence[Entry], as_json: bool) -> int:
    """What waits in quarantine, one line each; 1 when anything does."""
    if as_json:
        print(json.dumps([asdict(entry) for entry in found], ensure_ascii=False))
        return 1 if found else 0
    for entry in found:
        place = f"{entry.file} {entry.sheet} row {entry.line} {entry.column}" if entry.line else entry.file
        print(f"{entry.sha256[:12]} {' '.join(place.split())}: {entry.code} {entry.raw!r}")
        print(f"  {entry.zh} {entry.en}")
    return 1 if found else 0


def print_written(paths: Sequence[Path], as_json: bool) -> int:
    """The files that hold rows to correct."""
    if as_json:
        print(json.dumps([str(path) for path in paths], ensure_ascii=False))
    else:
        for path in paths:
            print(f"{path}: correct the rows, then load the file; columns named 拒收… are left out then.")
    return 0


def print_tables(settled: Settled, as_json: bool) -> int:
    """The digest and the sizes of the tables in force."""
    if as_json:
        print(json.dumps({"digest": settled.tables.digest.digest, "rows": settled.tables.rows}))
    else:
        print(f"lake {settled.tables.digest.digest[:16]}: {_sum_line(settled)}")
    return 0


def print_doctor(found: Examination, as_json: bool, show_keys: bool) -> int:
    """The examination, numbers masked unless `show_keys`; 1 when something needs a look."""
    gaps = [
        {**gap, "ledger": gap["ledger"] if show_keys else mask_value(gap["ledger"], Mask.CARD)}
        for gap in found.gaps.with_columns(_as_text(c) for c in ("from_at", "to_at")).to_dicts()
    ]
    shared = [
        {**row, "value": row["value"] if show_keys else mask_value(row["value"], Mask.HANDLE)}
        for row in found.shared.to_dicts()
    ]
    times = found.times.with_columns(_as_text(c) for c in ("at", "against")).to_dicts()
    grades = dict(sorted(found.grades["grade"].value_counts().iter_rows()))
    if as_json:
        body = {
            "landlock": landlock_version(),
            "seccomp": seccomp_usable(),
            "files": [record.as_dict() for record in found.files],
            "rejects": found.rejects,
            "settled": found.report,
            "file_grades": found.file_grades.to_dicts(),
            "grades": grades,
            "gaps": gaps,
            "overlaps": found.overlaps.to_dicts(),
            "impossible_times": times,
            "repeats_nothing_tells_apart": found.untold,
            "shared": shared,
        }
        print(json.dumps(body, ensure_ascii=False))
        return 0 if found.healthy else 1
    _say_fences(landlock_version(), seccomp_usable())
    for file in found.file_grades.to_dicts():
        print(f"{file['grade']} {file['file']}: {file['kept']:.1%} of rows kept{_links(file)}")
    print(
        "grades of accounts by running balance:",
        ", ".join(f"{grade} {count}" for grade, count in grades.items()),
    )
    for theme, value in sorted(found.report.items()):
        if theme == "links":  # told above, file by file
            continue
        print(f"{theme}: {json.dumps(value, ensure_ascii=False)}")
    for sha256, codes in found.rejects.items():
        for code, rows in codes.items():
            print(f"{sha256[:12]} {code} x {rows}: {Reason(code).en} {Reason(code).zh}")
    print(f"balance gaps: {len(gaps)}; rows nothing tells apart: {found.untold}")
    for gap in gaps[:_SHOWN]:
        print(f"  {gap['ledger']} {gap['from_at']} to {gap['to_at']}: {gap['missing_fen']} fen missing")
    for pair in found.overlaps.head(_SHOWN).to_dicts():
        print(
            f"{pair['first'][:12]} and {pair['second'][:12]} ({pair['template']}): {pair['rows']} equal rows"
        )
    for kind, count in sorted(found.times["kind"].value_counts().iter_rows()):
        print(f"impossible time: {KINDS[kind][1]} x {count}")
    for row in shared[:_SHOWN]:
        never = " (never identifies anybody)" if row["never_identifies"] else ""
        print(f"shared {row['kind']} {row['value']}: {row['users']} users{never}")
    return 0 if found.healthy else 1


def _say_fences(landlock: int, seccomp: bool) -> None:
    """One line for each of the kernel's fences that the parser's process lacks here."""
    if not seccomp:
        print(
            "This system has no seccomp filter: the parser's process may open sockets other than TCP's."
            " 本系统没有 seccomp 过滤：解析进程仍可打开 TCP 以外的网络连接。"
        )
    if not landlock:
        print(
            "This system has no Landlock: the parser's process has limits of memory and time, but may read"
            " other files. 本系统没有 Landlock：解析进程的内存与时间受限，但仍可读取其他文件。"
        )


def _links(file: dict[str, Any]) -> str:
    return f", {file['held']} of {file['links']} balances follow" if file["links"] else ""


def _as_text(column: str) -> Any:
    import polars as pl

    return pl.col(column).dt.strftime("%Y-%m-%dT%H:%M:%SZ")


def _sum_line(settled: Settled) -> str:
    return ", ".join(f"{name} {rows}" for name, rows in settled.tables.rows.items() if rows)


def _print_files(records: Sequence[FileRecord]) -> None:
    table = Table(*_COLUMNS, box=None)
    for record in records:
        values = record.as_dict()
        cells = [str(values[name]) for name in _COLUMNS]
        cells[-1] = f"{record.state} ({record.code})" if record.code else record.state
        table.add_row(*cells)
    Console(width=None if sys.stdout.isatty() else 200).print(table)
