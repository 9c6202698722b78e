"""Reads any source file: sniffs the format, then hands over to its reader."""

from collections.abc import Iterator
from dataclasses import replace

from ingest.limits import Limits
from ingest.readers.delimited import read_delimited
from ingest.readers.grid import Grid, HeaderTest
from ingest.readers.html import read_html
from ingest.readers.sniff import Format, sniff
from ingest.readers.workbook import read_workbook
from ingest.readers.xls import read_xls
from ingest.readers.xml_book import read_xml_book

_READERS = {
    Format.DELIMITED: read_delimited,
    Format.XLSX: read_workbook,
    Format.XLS: read_xls,
    Format.HTML: read_html,
    Format.XML_BOOK: read_xml_book,
}


def read_source(data: bytes, name: str, test: HeaderTest, limits: Limits) -> Iterator[Grid]:
    """The grids of a source file in file order; UnreadableSource when the whole file must wait.

    data: the private copy's bytes. name: the file's name without its folder, for messages.
    """
    form, flags = sniff(data, name)
    for grid in _READERS[form](data, name, test, limits):
        yield replace(grid, flags=grid.flags | flags) if flags else grid
