"""Gives rejected rows back to people: place, reason and way to mend, ready to correct and load again."""

import csv
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from graph.errors import InputError
from graph.lake.home import LakeHome
from ingest.citation import header_test, kept_content, loaded_record, sheet_read_by, sheets_of
from ingest.ledger import FileRecord, Ledger
from ingest.limits import DEFAULT_LIMITS
from ingest.mapped import SheetRecord
from ingest.quarantine import read_rejects
from ingest.readers.grid import ERROR_MARK, NUMBER_MARK
from ingest.readers.source import read_source
from ingest.reasons import Reason
from ingest.shown import shown_cell
from ingest.template import template

# Behind the file's own columns; no template knows these names, so a corrected file may keep them.
NOTES = ("拒收行号", "拒收代码", "拒收列", "拒收改法", "拒收原文")
_RUN_BY_SPREADSHEETS = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")
_ERROR_SHOWN = "#ERROR"


@dataclass(frozen=True, slots=True)
class Entry:
    """One rejected row or file; `raw` is the offending text, masked unless asked for whole."""

    file: str
    sha256: str
    sheet: str
    line: int
    column: str
    code: str
    raw: str
    zh: str
    en: str


def entries(home: LakeHome, sha256: str | None = None, *, full: bool = False) -> list[Entry]:
    """Everything in quarantine, of one file or of all in the order they came; none when nothing waits."""
    ledger = Ledger(home)
    try:
        records = ledger.files()
    finally:
        ledger.close()
    found = []
    for record in records:
        if sha256 is None or record.sha256 == sha256:
            sheets = sheets_of(home, record.sha256)
            found += [_entry(line, sheets, full) for line in read_rejects(home, record.sha256)]
    return found


def write_rejected(home: LakeHome, sha256: str, out: Path) -> list[Path]:
    """The rejected rows of a loaded file as CSV with their own columns, to be corrected and loaded again.

    Values are whole, so the files are readable by their owner only. Rows of a second header go to a second
    file (`name_2.csv`). A row that could not be split into columns has them empty and its text under
    拒收原文. A leading `'` keeps spreadsheets from running a text; loading takes it off again. InputError
    without rejected rows, EvidenceBroken when the original is not there.
    """
    record = loaded_record(home, sha256)
    lines = [line for line in read_rejects(home, sha256) if int(str(line["line"])) > 0]
    if not lines:
        raise InputError(
            f"{record.file} has no rejected rows to correct; `python -m ingest status` lists files."
        )
    written = []
    for number, (header, rows) in enumerate(_by_header(home, record, lines).items(), start=1):
        place = out if number == 1 else out.with_name(f"{out.stem}_{number}{out.suffix}")
        with os.fdopen(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", newline="") as file:
            file.write("\ufeff")
            writer = csv.writer(file, quoting=csv.QUOTE_ALL)
            writer.writerow([*header, *NOTES])
            writer.writerows(rows)
        written.append(place)
    return written


def _by_header(
    home: LakeHome, record: FileRecord, lines: Sequence[Mapping[str, object]]
) -> dict[tuple[str, ...], list[list[str]]]:
    """Rows to write by the header they stand under, in file order."""
    sheets = sheets_of(home, record.sha256)
    wanted = {(str(line["sheet"]), int(str(line["line"]))): line for line in lines}
    found: dict[tuple[str, ...], list[list[str]]] = {}
    content = kept_content(home, record)
    for grid in read_source(content, record.file, header_test(sheets), DEFAULT_LIMITS):
        header = sheet_read_by(sheets, grid, record).header
        names = [f"c{i}" for i in range(len(header))]
        cells = {line: texts for line, *texts in grid.cells.select("line", *names).iter_rows()}
        faults = set(grid.faults["line"].to_list())
        for sheet, line in sorted(place for place in wanted if place[0] == grid.sheet):
            if line in cells or line in faults:
                note = wanted.pop((sheet, line))
                texts = [""] * len(names) if line in faults else [_cell(text) for text in cells[line]]
                found.setdefault(header, []).append([*texts, *_notes(note, grid.encoding, line in faults)])
    return found


def _notes(line: Mapping[str, object], encoding: str, whole: bool) -> Iterator[str]:
    reason = Reason(str(line["code"]))
    yield str(line["line"])
    yield reason.value
    yield str(line["column"])
    yield f"{reason.zh} {reason.en}"
    yield _safe(_raw(line, encoding)) if whole else ""


def _cell(text: str | None) -> str:
    if text is None:
        return ""
    if text.startswith(ERROR_MARK):
        return text.removeprefix(ERROR_MARK) or _ERROR_SHOWN
    return _safe(text.removeprefix(NUMBER_MARK))


def _safe(text: str) -> str:
    return f"'{text}" if text.startswith(_RUN_BY_SPREADSHEETS) else text


def _raw(line: Mapping[str, object], *encodings: str) -> str:
    """The raw text of a quarantine line in the first encoding that fits, else its bytes as escapes."""
    raw = bytes.fromhex(str(line["raw"]))
    for encoding in (*encodings, "utf-8", "gb18030"):
        try:
            return raw.decode(encoding.removesuffix("-sig"))
        except UnicodeDecodeError:
            continue
    return raw.decode("ascii", errors="backslashreplace")


def _entry(line: Mapping[str, object], sheets: Sequence[SheetRecord], full: bool) -> Entry:
    column, raw = str(line["column"]), _raw(line)
    fields = {f: c for s in sheets for f, c in template(s.template).columns.items() if c.header == column}
    field = next(iter(fields), None)
    shown = shown_cell(raw, field, fields[field].kind if field else "", full)
    sheet, place = str(line["sheet"]), int(str(line["line"]))
    zh, en = str(line["zh"]), str(line["en"])
    return Entry(
        str(line["file"]), str(line["sha256"]), sheet, place, column, str(line["code"]), shown, zh, en
    )
