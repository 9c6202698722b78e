"""Calls, messages, cell sightings and SIM-device use from call records of both ends."""

from dataclasses import dataclass

import polars as pl

from ingest.settle.collect import Collector
from ingest.settle.holdings import Holdings
from ingest.settle.mirror import match_mirrors, with_partner, without_partner

# Clocks of two operators differ by seconds; two calls between the same numbers can't start within it.
MIRROR_WITHIN_S = 30
_MOVED = ["duration", "end", "device", "cell", "peer_device", "peer_cell", "region", "source", "row"]


@dataclass(frozen=True, slots=True)
class CallReport:
    """events: calls and messages; mirrored: with both ends' rows; ties, without_kind: rows left apart."""

    events: int
    mirrored: int
    ties: int
    without_kind: int


def add_sims(register: pl.DataFrame, sims: Holdings, found: Collector) -> pl.DataFrame:
    """Sim nodes of `sim_register` rows; gives the rows with `sim` (key) and `until` (end of the holding)."""
    rows = register.with_columns(sim=sims.resolve(register["number"], register["opened"]))
    ends = sims.spans.select(sim="key", until="end").unique("sim", keep="first")
    rows = rows.join(ends, on="sim", how="left", maintain_order="left")
    found.add_nodes(
        "Sim",
        rows.select(
            "row_key", "source", "row", "number", "imsi", "iccid", "channel", "status", "verify_result",
            key="sim", kind="card_kind", opened_at="opened", verified_at="verified", as_of="verified",
        ),
        0,
    )  # fmt: skip
    return rows


def add_calls(records: pl.DataFrame, sims: Holdings, found: Collector) -> CallReport:
    """CALLED and SMS events (one for both ends' rows), AT_CELL, USED_IN and cells of `call_records` rows."""
    rows = records.with_columns(
        device="imei:" + pl.col("own_imei"),
        peer_device="imei:" + pl.col("peer_imei"),
        cell=pl.col("own_lac") + "-" + pl.col("own_ci"),
        peer_cell=pl.col("peer_lac") + "-" + pl.col("peer_ci"),
    )
    rows = rows.with_columns(own=sims.resolve(rows["own_number"], rows["start"]))
    rows = rows.with_columns(peer=sims.resolve(rows["peer_number"], rows["start"]))
    _add_sightings(rows, found)
    events = mirrored = ties = 0
    for name, sent, got in (("CALLED", ("out", "forward"), "in"), ("SMS", ("sms_out",), "sms_in")):
        left = _side(rows.filter(pl.col("kind").is_in(sent)), "own", "peer")
        right = _side(rows.filter(pl.col("kind") == got), "peer", "own")
        matches = match_mirrors(_numbered(left), _numbered(right), ["from_key", "to_key"], MIRROR_WITHIN_S)
        merged = _merged(left, right, matches.pairs)
        found.add_relations(name, merged)
        events, mirrored, ties = events + merged.height, mirrored + matches.pairs.height, ties + matches.ties
    return CallReport(events, mirrored, ties, rows["kind"].null_count())


def _side(rows: pl.DataFrame, source: str, target: str) -> pl.DataFrame:
    return rows.select(
        "row_key", "duration", "end", "device", "cell", "peer_device", "peer_cell", "region", "source", "row",
        from_key=source, to_key=target, at="start", imsi="own_imsi",
    )  # fmt: skip


def _numbered(side: pl.DataFrame) -> pl.DataFrame:
    return side.select("from_key", "to_key", "at", id=pl.int_range(pl.len(), dtype=pl.UInt32))


def _merged(left: pl.DataFrame, right: pl.DataFrame, pairs: pl.DataFrame) -> pl.DataFrame:
    """One event a call: the caller's row says the caller's device and cell, the callee's row the callee's."""
    both = with_partner(left, right, pairs, _MOVED)
    alone = right[without_partner(right.height, pairs)]
    ends = ["from_key", "to_key", "at"]
    calls = both.select(
        *ends,
        event_key="row_key",
        region=pl.coalesce("region", "to_region"),
        duration_s=pl.coalesce("duration", "to_duration"),
        ended_at=pl.coalesce("end", "to_end"),
        from_device=pl.coalesce("device", "to_peer_device"),
        to_device=pl.coalesce("to_device", "peer_device"),
        from_cell=pl.coalesce("cell", "to_peer_cell"),
        to_cell=pl.coalesce("to_cell", "peer_cell"),
        from_imsi="imsi",
        source="source",
        row="row",
        other_source="to_source",
        other_row="to_row",
    )
    received = alone.select(
        *ends,
        event_key="row_key",
        region="region",
        duration_s="duration",
        ended_at="end",
        from_device="peer_device",
        to_device="device",
        from_cell="peer_cell",
        to_cell="cell",
        from_imsi=pl.lit(None, dtype=pl.String),
        source="source",
        row="row",
        other_source=pl.lit(None, dtype=pl.String),
        other_row=pl.lit(None, dtype=pl.Int64),
    )
    return pl.concat([calls, received])


def _add_sightings(rows: pl.DataFrame, found: Collector) -> None:
    at_cell = rows.filter(pl.col("cell").is_not_null())
    found.add_relations(
        "AT_CELL",
        at_cell.select(
            "source",
            "row",
            "region",
            "device",
            event_key="row_key",
            from_key="own",
            to_key="cell",
            at="start",
        ),
    )
    found.add_nodes("Cell", _cells(at_cell), 0)
    used = pl.concat(
        [
            rows.select("row_key", "source", "row", "start", sim="own", device="device"),
            rows.select("row_key", "source", "row", "start", sim="peer", device="peer_device"),
        ]
    ).filter(pl.col("device").is_not_null() & pl.col("sim").is_not_null())
    spans = (
        used.sort("start", "row_key")
        .group_by("sim", "device", maintain_order=True)
        .agg(
            valid_from_at=pl.min("start"),
            valid_to_at=pl.max("start"),
            uses=pl.len().cast(pl.Int64),
            row_key=pl.first("row_key"),
            source=pl.first("source"),
            row=pl.first("row"),
        )
    )
    found.add_relations(
        "USED_IN",
        spans.select(
            "row_key",
            "source",
            "row",
            "uses",
            "valid_from_at",
            "valid_to_at",
            from_key="sim",
            to_key="device",
        ),
    )


def _cells(rows: pl.DataFrame) -> pl.DataFrame:
    """Cell sites with their place; `经纬度` is longitude, then latitude."""
    parts = pl.col("own_lonlat").str.extract_groups(
        r"^\s*(-?[0-9]+\.?[0-9]*)[,，;\s]+(-?[0-9]+\.?[0-9]*)\s*$"
    )
    one = rows.sort("row_key").unique(["cell", "own_lonlat", "own_place"], keep="first", maintain_order=True)
    placed = one.with_columns(pair=parts)
    lon = pl.coalesce("own_lon", pl.col("pair").struct.field("1").cast(pl.Float64, strict=False))
    lat = pl.coalesce("own_lat", pl.col("pair").struct.field("2").cast(pl.Float64, strict=False))
    return placed.select("row_key", "source", "row", key="cell", lat=lat, lon=lon, place="own_place")
