"""Small workbooks and sheets that many entries are made of; every name and number in them is invented."""

from collections.abc import Callable, Sequence
from pathlib import Path

from tests.ingest.build import SHEET, sheet_row, sheet_xml, write_package, write_sheet, write_text

Cell = tuple[str, str] | str
PERSONS = ("姓名", "证件号码", "手机号", "住址")


def book(path: Path, rows: Sequence[Sequence[Cell]], **more: str) -> Path:
    """A workbook with one bank sheet."""
    return write_package(path, {"明细": sheet_xml([SHEET, *rows])}, **more)


def card_book(path: Path, cards: Sequence[Cell]) -> Path:
    """A workbook with one bank sheet that differs from row to row in its own card only."""
    return book(path, [[card, *sheet_row(serial=f"S{i}")[1:]] for i, card in enumerate(cards)])


def sheet(name: str, *rows: Sequence[str]) -> Callable[[Path], Path]:
    """Makes a bank sheet as CSV."""
    return lambda folder: write_sheet(folder / name, rows)


def persons(name: str, *rows: Sequence[str], encoding: str = "utf-8") -> Callable[[Path], Path]:
    """Makes a person register as CSV: name, id, phone, address."""
    return lambda folder: write_text(folder / name, PERSONS, rows, encoding=encoding)


def raw(name: str, data: bytes) -> Callable[[Path], Path]:
    """Makes a file of these bytes."""

    def write(folder: Path) -> Path:
        (folder / name).write_bytes(data)
        return folder / name

    return write


def luhn(stem: str) -> str:
    """`stem` with its check digit behind it."""
    digits = [int(sign) * (2 if i % 2 == 0 else 1) for i, sign in enumerate(reversed(stem))]
    total = sum(digit - 9 if digit > 9 else digit for digit in digits)
    return f"{stem}{-total % 10}"
