"""Files that settling keeps for its next run: each named by its own checksum, read only if it still fits."""

from pathlib import Path

import polars as pl

from graph import durable
from graph.lake.seal import checksum, unbroken


def store(folder: Path, stem: str, frame: pl.DataFrame) -> Path:
    """Write a frame to `<stem>.<checksum>` in the folder, durable; gives its place."""
    temporary = folder / f"{stem}.tmp"
    with durable.disk(temporary):
        durable.make_folder(folder)
        durable.step("write", temporary)
        try:
            frame.write_ipc(temporary, compression="uncompressed")
            durable.step("written", temporary)
            place = folder / f"{stem}.{checksum(temporary).replace(':', '_')}"
            durable.put(temporary, place)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    return place


def is_whole(place: Path) -> bool:
    """Whether the file is there, byte for byte as written."""
    return unbroken(place, place.suffix[1:].replace("_", ":"))


def scan(place: Path) -> pl.LazyFrame:
    """A stored frame, read from the disk as far as it is asked for."""
    return pl.scan_ipc(place)
