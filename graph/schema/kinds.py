"""Value kinds and privacy marks: how a value is stored, and who may see it."""

from dataclasses import dataclass
from enum import StrEnum

import polars as pl


class Privacy(StrEnum):
    """The class of a value or type: `personal` is masked by default, `informant` never leaves the vault."""

    PUBLIC = "pub"
    INTERNAL = "int"
    PERSONAL = "per"
    INFORMANT = "inf"


class Mask(StrEnum):
    """How a personal value is shortened for display (DOMAIN 4, masks)."""

    NONE = "none"
    ID_NUMBER = "id_number"  # first 3, last 4
    CARD = "card"  # first 6, last 4
    PHONE = "phone"  # first 3, last 4
    NAME = "name"  # first character
    ADDRESS = "address"  # first 6 characters
    HANDLE = "handle"  # first 2, last 2: network accounts, devices, wallets, waybills
    KEY = "key"  # by the shape of the key itself


class Kind(StrEnum):
    """What a value is; decides its column type in the lake and in Neo4j."""

    TEXT = "text"
    IDENTIFIER = "identifier"
    MONEY_FEN = "money_fen"
    INSTANT = "instant"
    DAY = "day"
    COUNT = "count"
    REAL = "real"
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class ColumnType:
    """The column types of one kind in every place that stores it."""

    polars: pl.DataType
    neo4j_import: str
    duckdb: str


COLUMN_TYPES: dict[Kind, ColumnType] = {
    Kind.TEXT: ColumnType(pl.String(), "string", "VARCHAR"),
    Kind.IDENTIFIER: ColumnType(pl.String(), "string", "VARCHAR"),
    Kind.MONEY_FEN: ColumnType(pl.Int64(), "long", "BIGINT"),
    Kind.INSTANT: ColumnType(pl.Datetime("us", "UTC"), "datetime", "TIMESTAMPTZ"),
    Kind.DAY: ColumnType(pl.Date(), "date", "DATE"),
    Kind.COUNT: ColumnType(pl.Int64(), "long", "BIGINT"),
    Kind.REAL: ColumnType(pl.Float64(), "double", "DOUBLE"),
    Kind.FLAG: ColumnType(pl.Boolean(), "boolean", "BOOLEAN"),
}
