"""The order-free digest of a graph: the oracle that lake and engines must agree on (GUARANTEES 2)."""

import hashlib
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from graph.lake.shape import identity
from graph.schema.catalog import NODE_TYPES, RELATION_TYPES, digest_columns, table_columns

_MODULUS = 1 << 256
_UNIT = "\x1f"  # between fields: no cleaned value contains a control character


@dataclass(frozen=True, slots=True)
class GraphDigest:
    """Digest of the content, digest of its custody (provenance), and how many elements of each type."""

    digest: str
    custody: str
    counts: dict[str, int]

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {"digest": self.digest, "custody": self.custody, "counts": self.counts}

    @classmethod
    def from_dict(cls, raw: Mapping[str, Any]) -> "GraphDigest":
        """The inverse of `as_dict`."""
        return cls(raw["digest"], raw["custody"], dict(raw["counts"]))


def canonical_text(name: str, frame: pl.DataFrame, columns: Iterable[str]) -> pl.Series:
    """One text an element: type, then `column=value` of every value that is not null, in column order.

    Instants are whole microseconds since 1970 UTC, days are days since 1970, floats their shortest text,
    flags true or false, text NFC. Two engines that store the same element give the same text.
    """
    schema = table_columns(name)
    parts: list[pl.Expr] = []
    front = name
    for column in columns:
        value = _as_text(column, schema[column])
        label = f"{_UNIT}{column}="
        if frame[column].null_count():
            # A null makes its part null, and null parts are left out; the names keep the rest apart.
            parts += [pl.lit(front), pl.lit(label) + value]
        else:
            # Never null: no text of its own for the labelled value, which takes a third off the time.
            parts += [pl.lit(front + label), value]
        front = ""
    return frame.select(pl.concat_str(parts, ignore_nulls=True).alias("text")).to_series()


def _as_text(column: str, dtype: pl.DataType) -> pl.Expr:
    value = pl.col(column)
    if isinstance(dtype, pl.Datetime):
        return value.dt.timestamp("us").cast(pl.String())
    if dtype == pl.Date():
        return value.cast(pl.Int32()).cast(pl.String())
    if dtype == pl.String():
        return value
    return value.cast(pl.String())


def sum_of_hashes(texts: Sequence[bytes]) -> int:
    """Sum mod 2^256 of the SHA-256 of each text; does not depend on their order. No texts give 0."""
    sha256 = hashlib.sha256
    hashes = b"".join([sha256(text).digest() for text in texts])
    # Eight 32-bit limbs a hash: their column sums stay exact in 64 bits for up to 2^32 texts.
    limbs = np.frombuffer(hashes, dtype=">u4").reshape(-1, 8).sum(axis=0, dtype=np.uint64)
    total = sum(int(limb) << (32 * (7 - place)) for place, limb in enumerate(limbs))
    return total % _MODULUS


def _composed(frame: pl.DataFrame, columns: Iterable[str]) -> bool:
    """Whether the canonical texts of these columns are in normal form C already, as nearly all are.

    Asked of the different values of columns that are not ASCII, which are far fewer than the texts. The sign
    in front belongs to the question: a combining mark at the start of a value would join it. Nothing joins
    the control character between fields.
    """
    for column in columns:
        values = frame[column]
        if values.dtype != pl.String() or values.str.len_bytes().sum() == values.str.len_chars().sum():
            continue
        if not all(unicodedata.is_normalized("NFC", "=" + value) for value in values.drop_nulls().unique()):
            return False
    return True


def table_digest(name: str, frame: pl.DataFrame) -> int:
    """The content digest of one table's rows."""
    columns = digest_columns(name)
    texts = canonical_text(name, frame, columns)
    if _composed(frame, columns):
        return sum_of_hashes(texts.cast(pl.Binary()).to_list())
    return sum_of_hashes([unicodedata.normalize("NFC", text).encode("utf-8") for text in texts])


@dataclass(frozen=True, slots=True)
class TypeSums:
    """What a table counts for in the digests: sums mod 2^256 of its rows' hashes, and how many rows.

    Sums of two sets of rows add up to the sums of both, and rows are taken off again by subtraction.
    """

    content: int = 0
    custody: int = 0
    rows: int = 0

    def __add__(self, more: "TypeSums") -> "TypeSums":
        """The sums of these rows and of `more`."""
        return TypeSums(
            (self.content + more.content) % _MODULUS,
            (self.custody + more.custody) % _MODULUS,
            self.rows + more.rows,
        )

    def __sub__(self, less: "TypeSums") -> "TypeSums":
        """The sums without the rows `less`, which must be among these: nothing here can prove it."""
        return TypeSums(
            (self.content - less.content) % _MODULUS,
            (self.custody - less.custody) % _MODULUS,
            self.rows - less.rows,
        )


def table_sums(name: str, frame: pl.DataFrame) -> TypeSums:
    """The sums of one table's rows; no rows give zeros."""
    if not frame.height:
        return TypeSums()
    return TypeSums(table_digest(name, frame), _custody(name, frame), frame.height)


def combine(sums: Mapping[str, int], counts: Mapping[str, int]) -> str:
    """One hexadecimal digest out of the sums and counts per type; types without rows do not count."""
    digest = hashlib.sha256()
    for name in [*NODE_TYPES, *RELATION_TYPES]:
        if counts.get(name):
            digest.update(f"{name}:{counts[name]}:{sums[name]:064x}\n".encode())
    return digest.hexdigest()


def digest_of(sums: Mapping[str, TypeSums]) -> GraphDigest:
    """The digest of tables with these sums, the same whatever way the sums came about."""
    counts = {name: own.rows for name, own in sorted(sums.items()) if own.rows}
    content = combine({name: sums[name].content for name in counts}, counts)
    return GraphDigest(content, combine({name: sums[name].custody for name in counts}, counts), counts)


def graph_digest(frames: Mapping[str, pl.DataFrame]) -> GraphDigest:
    """Digest of canonical tables with the catalog's columns; the empty graph has a digest too."""
    return digest_of({name: table_sums(name, frame) for name, frame in frames.items()})


def _custody(name: str, frame: pl.DataFrame) -> int:
    """Which rows prove which element: the sum of the hashes of one text an element, identity and proofs."""
    where = [c for c in ("source", "row", "other_source", "other_row") if c in frame.columns]
    return sum_of_hashes(canonical_text(name, frame, [*identity(name), *where]).cast(pl.Binary()).to_list())
