"""Sorted texts on disk, mapped into memory: where a text stands, or all that begin with one."""

import mmap
from pathlib import Path
from typing import Self

import numpy as np
import polars as pl

from graph.contract import Ints


class SortedTexts:
    """Texts in the order of their UTF-8 bytes; only what a look-up touches is read from disk.

    Lengths are free: the place of each text is kept beside the bytes.
    """

    def __init__(self, starts: Ints, content: "mmap.mmap | bytes") -> None:
        self._starts = starts
        self._content = content

    def __len__(self) -> int:
        return len(self._starts) - 1

    @staticmethod
    def write(folder: Path, name: str, texts: pl.Series) -> None:
        """Keep `texts` (sorted, without nulls) as two files called `name`."""
        array = texts.to_arrow().cast("large_string")
        if hasattr(array, "combine_chunks"):
            array = array.combine_chunks()
        count = len(array)
        _, starts, content = array.buffers()
        offsets = np.frombuffer(starts, np.int64, count + 1 + array.offset)[array.offset :]
        np.save(folder / f"{name}.starts.npy", offsets - offsets[0])
        held = memoryview(content)[int(offsets[0]) : int(offsets[-1])] if content is not None else b""
        (folder / f"{name}.texts").write_bytes(held)

    @classmethod
    def open(cls, folder: Path, name: str) -> Self:
        """What `write` kept."""
        starts = np.load(folder / f"{name}.starts.npy", mmap_mode="r")
        with (folder / f"{name}.texts").open("rb") as handle:
            empty = (folder / f"{name}.texts").stat().st_size == 0
            # An empty file can't be mapped.
            return cls(starts, b"" if empty else mmap.mmap(handle.fileno(), 0, access=mmap.ACCESS_READ))

    @classmethod
    def of(cls, texts: list[str]) -> Self:
        """The same in memory."""
        encoded = [text.encode() for text in texts]
        starts = np.cumsum([0, *(len(one) for one in encoded)], dtype=np.int64)
        return cls(starts, b"".join(encoded))

    def bytes_at(self, place: int) -> bytes:
        """The bytes of the text at a place."""
        return bytes(self._content[int(self._starts[place]) : int(self._starts[place + 1])])

    def at(self, place: int) -> str:
        """The text at a place."""
        return self.bytes_at(place).decode()

    def equal(self, text: str, low: int = 0, high: int | None = None) -> tuple[int, int]:
        """First place and the one behind the last that hold exactly `text`, within [low, high)."""
        wanted = text.encode()
        first = self._first_from(wanted, low, high)
        # Nothing stands between a text and the same with a zero byte behind it.
        return first, self._first_from(wanted + b"\0", first, high)

    def beginning(self, text: str, low: int = 0, high: int | None = None) -> tuple[int, int]:
        """The same for texts that begin with `text`."""
        wanted = text.encode()
        first = self._first_from(wanted, low, high)
        # No UTF-8 text holds the byte 0xFF.
        return first, self._first_from(wanted + b"\xff", first, high)

    def containing(self, text: str, most: int) -> list[int]:
        """Places of at most `most` texts that hold `text` anywhere, in order."""
        wanted, found, start = text.encode(), list[int](), 0
        while wanted and len(found) < most:
            start = self._content.find(wanted, start)
            if start < 0:
                break
            place = int(np.searchsorted(self._starts, start, side="right")) - 1
            if start + len(wanted) <= self._starts[place + 1]:
                found.append(place)
                start = int(self._starts[place + 1])
            else:
                start += 1
        return found

    def _first_from(self, wanted: bytes, low: int = 0, high: int | None = None) -> int:
        high = len(self) if high is None else high
        while low < high:
            middle = (low + high) // 2
            if self.bytes_at(middle) < wanted:
                low = middle + 1
            else:
                high = middle
        return low
