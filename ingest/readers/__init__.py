"""Readers: from the bytes of a source file to text cells, believing nothing about name or content."""

from ingest.readers.grid import ERROR_MARK, NUMBER_MARK, Grid, HeaderTest
from ingest.readers.original import Original, take_original
from ingest.readers.source import read_source

__all__ = ["ERROR_MARK", "NUMBER_MARK", "Grid", "HeaderTest", "Original", "read_source", "take_original"]
