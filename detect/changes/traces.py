"""Whom and what each number, device and account touched, row by row: the neighbourhoods that are compared."""

import polars as pl

from detect.facts import Facts
from detect.phone_use import device_sights

_ROW = ["source", "row"]
COLUMNS = ["type", "own", "kind", "other_type", "other", "slot", "at", "acts", *_ROW]
_DUMMY_CELL = ("0-0", "65535-65535")


def traces(facts: Facts) -> pl.DataFrame:
    """One row a source row that ties an identifier to a neighbour; sorted, so that no order of input shows.

    Columns: type (Sim, Device, Account), own (key), kind (of queries/weights/changes.yml), other_type, other
    (key), slot (part of the week for cells, else ""), at (UTC; null for registers), acts (whether the
    identifier itself did it), source, row. Placeholder devices, shared addresses and dummy cells are left
    out. An empty lake gives no rows.
    """
    parts = [*_of_sims(facts), *_of_devices(facts), *_of_accounts(facts)]
    frame = pl.concat([part.select(COLUMNS) for part in parts]).filter(pl.col("own") != pl.col("other"))
    return frame.unique().sort(COLUMNS, nulls_last=True).collect()


def _trace(
    rows: pl.LazyFrame, type_: str, own: str, kind: str, other_type: str, other: str, acts: bool = True
) -> pl.LazyFrame:
    """Rows of a relation as traces of one of its ends; `slot` and `at` are taken where the rows have them."""
    names = rows.collect_schema().names()
    instant = pl.Datetime("us", "UTC")
    return rows.select(
        type=pl.lit(type_),
        own=pl.col(own),
        kind=pl.lit(kind),
        other_type=pl.col("other_type") if other_type == "?" else pl.lit(other_type),
        other=pl.col(other),
        slot=pl.col("slot") if "slot" in names else pl.lit(""),
        at=pl.col("at").cast(instant) if "at" in names else pl.lit(None, dtype=instant),
        acts=pl.lit(acts),
        source="source",
        row="row",
    ).filter(pl.col("own").is_not_null(), pl.col("other").is_not_null())


def _of_sims(facts: Facts) -> list[pl.LazyFrame]:
    scan = facts.tables.scan
    parts = []
    for relation in ("CALLED", "SMS"):
        rows = scan(relation)
        parts.append(_trace(rows, "Sim", "from_key", "call", "Sim", "to_key"))
        parts.append(_trace(rows, "Sim", "to_key", "call", "Sim", "from_key", acts=False))
    parts.append(_trace(device_sights(facts), "Sim", "number", "device", "Device", "device"))
    parts.append(_trace(_cells(facts), "Sim", "from_key", "cell", "Cell", "to_key"))
    for relation, end, place in (("SENT", "from_key", "SENT_FROM"), ("RECEIVED", "to_key", "DELIVERED_TO")):
        parcel = "to_key" if end == "from_key" else "from_key"
        at_place = scan(place).select(parcel="from_key", address="to_key")
        rows = scan(relation).join(at_place, left_on=parcel, right_on="parcel")
        parts.append(_trace(rows, "Sim", end, "parcel", "Address", "address"))
    bound = scan("BOUND_TO").with_columns(other_type="from_type")
    parts.append(_trace(bound, "Sim", "to_key", "bound", "?", "from_key"))
    parts.append(_trace(scan("TOPUP"), "Sim", "to_key", "topup", "Account", "from_key", acts=False))
    return [*parts, _held(facts, "Sim")]


def _of_devices(facts: Facts) -> list[pl.LazyFrame]:
    scan = facts.tables.scan
    known = scan("Device").filter(~pl.col("placeholder").fill_null(False)).select("key")
    logins = scan("LOGGED_IN").with_columns(other_type="from_type")
    from_ip = _identifying(facts, scan("LOGGED_IN_FROM"))
    parts = [
        _trace(device_sights(facts), "Device", "device", "sim", "Sim", "number"),
        _trace(logins, "Device", "to_key", "login", "?", "from_key"),
        _trace(from_ip, "Device", "device", "ip", "Ip", "to_key"),
        _trace(_cells(facts), "Device", "device", "cell", "Cell", "to_key"),
    ]
    return [part.join(known, left_on="own", right_on="key", how="semi") for part in parts]


def _of_accounts(facts: Facts) -> list[pl.LazyFrame]:
    scan = facts.tables.scan
    known = scan("Device").filter(~pl.col("placeholder").fill_null(False)).select("key")
    account = pl.col("from_type") == "Account"
    logins = scan("LOGGED_IN").filter(account).join(known, left_on="to_key", right_on="key", how="semi")
    from_ip = _identifying(facts, scan("LOGGED_IN_FROM").filter(account))
    # A register says when an account was opened, not when it was used: no time of a life.
    opened = scan("OPENED_AT").drop("at")
    bound = scan("BOUND_TO").filter(account)
    return [
        _trace(scan("TRANSFER"), "Account", "from_key", "payee", "Account", "to_key"),
        _trace(scan("TRANSFER"), "Account", "to_key", "payer", "Account", "from_key", acts=False),
        _trace(logins, "Account", "from_key", "device", "Device", "to_key"),
        _trace(from_ip, "Account", "from_key", "ip", "Ip", "to_key"),
        _trace(scan("CASH_OUT"), "Account", "from_key", "cash", "Merchant", "to_key"),
        _trace(bound, "Account", "from_key", "bound", "Sim", "to_key"),
        _trace(opened, "Account", "from_key", "branch", "Branch", "to_key"),
        _held(facts, "Account"),
    ]


def _held(facts: Facts, type_: str) -> pl.LazyFrame:
    """Registered holders; who was judged to be one holder is one neighbour."""
    rows = facts.tables.scan("HOLDS").filter(pl.col("to_type") == type_)
    rows = rows.with_columns(other_type="from_type")
    return _trace(rows, type_, "to_key", "holder", "?", "from_key")


def _identifying(facts: Facts, logins: pl.LazyFrame) -> pl.LazyFrame:
    """Logins from addresses that may identify."""
    shared = facts.tables.scan("Ip").filter(~pl.col("identifying").fill_null(True)).select("key")
    return logins.join(shared, left_on="to_key", right_on="key", how="anti")


def _cells(facts: Facts) -> pl.LazyFrame:
    """Sights on cells with `slot`: working day or weekend (w, e) and the quarter of the day, in UTC+8."""
    local = pl.col("at").dt.convert_time_zone("Asia/Shanghai")
    weekend = pl.when(local.dt.weekday() >= 6).then(pl.lit("e")).otherwise(pl.lit("w"))
    quarter = (local.dt.hour() // 6).cast(pl.String)
    sights = facts.tables.scan("AT_CELL").filter(~pl.col("to_key").is_in(_DUMMY_CELL))
    return sights.with_columns(slot=weekend + quarter)
