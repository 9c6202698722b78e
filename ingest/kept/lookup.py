"""Finds the rows of a batch by row key or by the numbers they name, without reading the batch."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
from pandas.util import hash_array

from graph.durable import remove
from graph.lake.home import LakeHome
from ingest.batch import read_batches
from ingest.kept.stored import is_whole, scan, store
from ingest.ledger import BatchRecord

KEYS, NUMBERS = "keys", "numbers"
# The fields by which rows name accounts and cards; a tip names several in one text, blanks between.
FIELDS: dict[str, tuple[str, ...]] = {
    "account_register": ("account", "card"),
    "login_log": ("account",),
    "cases": ("payer_account", "payee_account"),
    "controls": ("account",),
    "lists": ("subject",),
    "tips": ("subject",),
}
_OWN = ("own_account", "own_card")
_WORDS = "tips"


def key_hashes(keys: pl.Series) -> pl.Series:
    """The first 64 of the 128 bits of row keys; who finds one has to look at the whole key."""
    return keys.str.slice(0, 16).str.to_integer(base=16, dtype=pl.UInt64)


def held_keys(home: LakeHome, record: BatchRecord) -> npt.NDArray[np.uint64]:
    """The sorted `key_hashes` of a batch."""
    hashes: npt.NDArray[np.uint64] = (
        scan(_place(home, record, KEYS), mapped=True).collect()["hash"].to_numpy()
    )
    return hashes


def number_hashes(numbers: pl.Series) -> pl.Series:
    """A 64-bit hash of each text, the same on every machine and in every release (SipHash by pandas)."""
    different = numbers.drop_nulls().unique()
    hashes = hash_array(different.to_numpy().astype(object), categorize=False)
    known = pl.DataFrame({"number": different, "hash": pl.Series(hashes, dtype=pl.UInt64)})
    asked = pl.DataFrame({"number": numbers}, schema={"number": pl.String()})
    return asked.join(known, on="number", how="left", maintain_order="left")["hash"]


def rows_with(home: LakeHome, record: BatchRecord, kind: str, hashes: pl.Series) -> pl.Series:
    """Numbers (`row`) of the rows of a batch with one of these hashes, ascending; a few may be others.

    kind: KEYS, or NUMBERS: those by which a row names accounts (of bank sheets: the one it is about). What
    is looked up in is made when it is missing. UnreadableSource when the batch is damaged then.
    """
    held = scan(_place(home, record, kind), mapped=True).collect()
    asked = np.sort(hashes.drop_nulls().unique().to_numpy())
    sorted_hashes = held["hash"].to_numpy()
    starts = np.searchsorted(sorted_hashes, asked, "left")
    sizes = np.searchsorted(sorted_hashes, asked, "right") - starts
    if not sizes.any():
        return pl.Series("row", [], dtype=pl.Int64)
    shifts = np.repeat(starts - np.r_[0, np.cumsum(sizes)[:-1]], sizes)
    return held["row"].gather(np.arange(sizes.sum()) + shifts).unique().sort()


def remove_lookups(home: LakeHome, records: Sequence[BatchRecord]) -> None:
    """Remove what belongs to batches that are not in force any more."""
    known = {_stem(record, kind) for record in records for kind in (KEYS, NUMBERS)}
    for path in sorted(_folder(home).glob("*")):
        if path.stem not in known or path.suffix == ".tmp":
            remove(path)


def _folder(home: LakeHome) -> Path:
    return home.settling / "lookups"


def _stem(record: BatchRecord, kind: str) -> str:
    return f"{record.template}-{record.content[:32]}-{kind}"


def _place(home: LakeHome, record: BatchRecord, kind: str) -> Path:
    for path in _folder(home).glob(f"{_stem(record, kind)}.*"):
        if is_whole(path):
            return path
        remove(path)
    return store(_folder(home), _stem(record, kind), _made(home, record, kind), mapped=True)


def _made(home: LakeHome, record: BatchRecord, kind: str) -> pl.DataFrame:
    """hash (sorted), row; rows without a hash left out."""
    if kind == KEYS:
        rows = read_batches(home, [record], record.template, ["row", "row_key"])
        return _sorted(rows.select("row", hash=key_hashes(rows["row_key"])))
    if record.template == "bank_sheet":
        rows = read_batches(home, [record], record.template, ["row", *_OWN])
        named = [rows.select("row", number=pl.coalesce(*_OWN))]
    else:
        fields = FIELDS[record.template]
        rows = read_batches(home, [record], record.template, ["row", *fields])
        named = [rows.select("row", number=field) for field in fields]
    if record.template == _WORDS:
        named = [frame.with_columns(pl.col("number").str.split(" ")).explode("number") for frame in named]
    whole = pl.concat(named)
    return _sorted(whole.select("row", hash=number_hashes(whole["number"])))


def _sorted(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select("hash", "row").drop_nulls().sort("hash", "row").rechunk()
