"""Reads what people decided about accounts: a CSV or XLSX file of account, label and when it became known."""

import csv
import hashlib
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from graph.errors import InputError, UnreadableSource
from graph.parameters import CHINA

_MOST_BYTES = 20 << 20
_MOST_ROWS = 500_000
_NAMES: Mapping[str, frozenset[str]] = {
    "account": frozenset({"account", "账户", "账号", "帐号", "卡号", "账卡号"}),
    "label": frozenset({"label", "标签", "是否涉案", "结论"}),
    "decided_at": frozenset({"decided_at", "认定时间", "认定日期", "决定时间"}),
}
_LABELS = {"1": True, "yes": True, "是": True, "0": False, "no": False, "否": False}
_ACCOUNT = re.compile(r"[0-9A-Za-z][0-9A-Za-z_.@-]{3,63}")
# A spreadsheet keeps fifteen digits of a number; a longer account that is no text has lost its end.
_EXACT = 10**15
_FORMS = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M")


@dataclass(frozen=True, slots=True)
class Label:
    """One decision. row: in the file, its heading being row 1. decided_at: UTC, from then on it was known."""

    row: int
    account: str
    mule: bool
    decided_at: datetime


@dataclass(frozen=True, slots=True)
class LabelFile:
    """What a file of labels holds. problems: (row, sentence) of rows that don't count. digest: its sha256."""

    labels: tuple[Label, ...]
    problems: tuple[tuple[int, str], ...]
    digest: str


class _Wrong(ValueError):
    """Why a row does not count, in one sentence without its values."""


def read_labels(path: Path) -> LabelFile:
    """Read a CSV (UTF-8 or GB18030) or XLSX file (first sheet) with account, label and decided_at.

    label: 1, 0, yes, no, 是, 否. decided_at: a day or an instant; without a zone it is UTC+8; a day alone
    counts from its end. A row that can't be read is a problem, the others count. UnreadableSource when the
    file can't be opened, is above 20 MiB or 500,000 rows; InputError when a column is missing.
    """
    try:
        if path.stat().st_size > _MOST_BYTES:
            raise UnreadableSource("The file of labels is above 20 MiB; split it.", file=path.name)
        raw = path.read_bytes()
    except OSError as error:
        raise UnreadableSource(
            f"The file of labels can't be read ({error.strerror}); name another.", file=path.name
        ) from error
    rows = _book_rows(raw, path) if raw[:2] == b"PK" else _text_rows(raw, path)
    first = next(rows, ())
    places = _places(first)
    labels: list[Label] = []
    problems: list[tuple[int, str]] = []
    for number, cells in enumerate(rows, start=2):
        if number > _MOST_ROWS:
            raise UnreadableSource(
                f"The file of labels has over {_MOST_ROWS:,} rows; split it.", file=path.name
            )
        if all(cell in (None, "") for cell in cells):
            continue
        try:
            labels.append(_label(number, {name: _cell(cells, place) for name, place in places.items()}))
        except _Wrong as wrong:
            problems.append((number, str(wrong)))
    return LabelFile(tuple(labels), tuple(problems), hashlib.sha256(raw).hexdigest())


def _label(row: int, cells: Mapping[str, object]) -> Label:
    return Label(row, _account(cells["account"]), _verdict(cells["label"]), _instant(cells["decided_at"]))


def _account(cell: object) -> str:
    if isinstance(cell, float | int):
        if cell != int(cell) or abs(cell) >= _EXACT:
            raise _Wrong("The account is a number that lost digits; store the column as text.")
        cell = int(cell)
    text = str(cell if cell is not None else "").replace(" ", "").lstrip("'\t")
    if not text:
        raise _Wrong("The account is missing.")
    if not _ACCOUNT.fullmatch(text):
        raise _Wrong("The account is no account number: 4 to 64 digits or Latin letters are expected.")
    return text


def _verdict(cell: object) -> bool:
    text = f"{cell:g}" if isinstance(cell, float | int) else str(cell or "").strip().lower()
    if text not in _LABELS:
        raise _Wrong("The label is none of 1, 0, yes, no, 是, 否.")
    return _LABELS[text]


def _instant(cell: object) -> datetime:
    if isinstance(cell, datetime):
        return (cell if cell.tzinfo else cell.replace(tzinfo=CHINA)).astimezone(UTC)
    if isinstance(cell, date):
        return _end_of(cell)
    text = str(cell if cell is not None else "").strip().replace("/", "-").replace(" ", "T")
    if re.fullmatch(r"\d{4}-\d{1,2}-\d{1,2}", text):
        try:
            return _end_of(datetime.strptime(text, "%Y-%m-%d").date())
        except ValueError as error:
            raise _Wrong("decided_at is no day of the calendar.") from error
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = _plain(text)
    return (found if found.tzinfo else found.replace(tzinfo=CHINA)).astimezone(UTC)


def _plain(text: str) -> datetime:
    for form in _FORMS:
        try:
            return datetime.strptime(text, form)
        except ValueError:
            continue
    raise _Wrong("decided_at is no day or time such as 2024-03-01 or 2024-03-01 09:00.")


def _end_of(day: date) -> datetime:
    """Midnight after a day: what was decided some time that day is known for certain only then."""
    return datetime(day.year, day.month, day.day, tzinfo=CHINA).astimezone(UTC) + timedelta(days=1)


def _places(heading: Sequence[object]) -> dict[str, int]:
    said = [str(cell or "").strip().lower() for cell in heading]
    places: dict[str, int] = {}
    for name, names in _NAMES.items():
        found = [place for place, title in enumerate(said) if title in names]
        if len(found) != 1:
            many = "no column" if not found else "more than one column"
            raise InputError(
                f"The file of labels has {many} {name}; its first row must name account, label, decided_at."
            )
        places[name] = found[0]
    return places


def _cell(cells: Sequence[object], place: int) -> object:
    return cells[place] if place < len(cells) else None


def _text_rows(raw: bytes, path: Path) -> Iterator[Sequence[object]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            yield from csv.reader(io.StringIO(text, newline=""), strict=True)
        except csv.Error as error:
            raise UnreadableSource(
                "The file of labels is no proper CSV; save it anew.", file=path.name
            ) from error
        return
    raise UnreadableSource("The file of labels is neither UTF-8 nor GB18030 text.", file=path.name)


def _book_rows(raw: bytes, path: Path) -> Iterator[Sequence[object]]:
    import python_calamine  # here, because most files of labels are text

    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
        rows = book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, IndexError) as error:
        raise UnreadableSource(
            "The file of labels is no workbook that can be read.", file=path.name
        ) from error
    yield from rows
