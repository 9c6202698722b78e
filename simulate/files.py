"""Writes tables as the files agencies send: CSV in two encodings and XLSX with text cells."""

import io
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import xlsxwriter

_FIXED = datetime(2024, 1, 1, tzinfo=UTC).replace(tzinfo=None)


class CsvFile:
    """A CSV file written chunk by chunk; the header comes with the first chunk."""

    def __init__(self, path: Path, encoding: str) -> None:
        self.path, self.encoding, self.rows = path, encoding, 0
        self._file = path.open("wb")
        self._started = False
        if encoding == "utf-8-sig":
            self._file.write(b"\xef\xbb\xbf")

    def write(self, table: pl.DataFrame) -> None:
        """Append the rows of a table of text columns."""
        buffer = io.BytesIO()
        table.write_csv(buffer, include_header=not self._started, line_terminator="\r\n")
        self._started = True
        self.rows += table.height
        data = buffer.getvalue()
        if self.encoding == "gb18030":
            data = data.decode("utf-8").encode("gb18030")
        self._file.write(data)

    def close(self) -> None:
        """Finish the file."""
        self._file.close()


def write_csv(path: Path, table: pl.DataFrame, encoding: str = "utf-8-sig") -> None:
    """Write a whole table as one CSV file."""
    file = CsvFile(path, encoding)
    file.write(table)
    file.close()


def write_xlsx(path: Path, sheets: Iterable[tuple[str, pl.DataFrame]]) -> None:
    """Write tables of text columns as sheets of text cells; dates inside the file are fixed."""
    options = {
        "constant_memory": True,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "strings_to_formulas": False,
    }
    book = xlsxwriter.Workbook(str(path), options)
    book.set_properties({"created": _FIXED})
    text = book.add_format({"num_format": "@"})
    for name, table in sheets:
        sheet = book.add_worksheet(name)
        for column, header in enumerate(table.columns):
            sheet.write_string(0, column, header, text)
        for row, values in enumerate(table.iter_rows(), start=1):
            for column, value in enumerate(values):
                if value:
                    sheet.write_string(row, column, value, text)
    book.close()
