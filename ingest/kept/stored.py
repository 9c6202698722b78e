"""Files that settling keeps for its next run: each named by its own checksum, read only if it still fits."""

from pathlib import Path

import polars as pl

from graph import durable
from graph.lake.seal import checksum, unbroken


def store(folder: Path, stem: str, frame: pl.DataFrame, *, mapped: bool = False) -> Path:
    """Write a frame to `<stem>.<checksum>` in the folder, durable; gives its place.

    mapped: as Arrow, to be mapped into memory and looked up in, instead of as Parquet.
    """
    temporary = folder / f"{stem}.tmp"
    with durable.disk(temporary):
        durable.make_folder(folder)
        durable.step("write", temporary)
        try:
            if mapped:
                frame.write_ipc(temporary, compression="uncompressed")
            else:
                frame.write_parquet(temporary, compression="lz4")
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


def scan(place: Path, *, mapped: bool = False) -> pl.LazyFrame:
    """A stored frame, read from the disk as far as it is asked for; mapped: as it was stored."""
    return pl.scan_ipc(place) if mapped else pl.scan_parquet(place)
