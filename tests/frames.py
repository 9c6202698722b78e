"""Builders of canonical tables for tests: short rows in, frames with the catalog's columns out."""

from datetime import UTC, datetime, timedelta
from typing import Any

import polars as pl

from graph.schema.catalog import NODE_TYPES, table_columns

START = datetime(2024, 3, 1, 1, 0, tzinfo=UTC)
"""2024-03-01 09:00 in Asia/Shanghai."""


def at(minutes: float) -> datetime:
    """The instant so many minutes after START."""
    return START + timedelta(minutes=minutes)


def table(name: str, rows: list[dict[str, Any]]) -> pl.DataFrame:
    """Rows of a table; what a row leaves out is null, source and row are filled in where missing."""
    columns = table_columns(name)
    whole = [{"source": "f" * 64, "row": number, **row} for number, row in enumerate(rows, start=1)]
    return pl.DataFrame([{c: r.get(c) for c in columns} for r in whole], schema=columns)


def nodes(type_name: str, /, *keys: str, **properties: Any) -> pl.DataFrame:
    """Nodes with the given keys and the same properties."""
    assert type_name in NODE_TYPES
    return table(type_name, [{"key": key, **properties} for key in keys])


def event(
    key: str, start: tuple[str, str], end: tuple[str, str], when: datetime, **more: Any
) -> dict[str, Any]:
    """One event row between two (type, key) ends."""
    return {
        "event_key": key, "from_type": start[0], "from_key": start[1], "to_type": end[0], "to_key": end[1],
        "at": when, "region": "000000", **more,
    }  # fmt: skip


def edge(
    start: tuple[str, str], end: tuple[str, str], since: datetime | None = None, **more: Any
) -> dict[str, Any]:
    """One edge with validity between two (type, key) ends."""
    return {
        "from_type": start[0], "from_key": start[1], "to_type": end[0], "to_key": end[1],
        "valid_from_at": since, "confidence": 1.0, **more,
    }  # fmt: skip


def small_world() -> dict[str, pl.DataFrame]:
    """Two invented holders, four accounts, a shared device, a SIM, a parcel; some of every column kind."""
    transfers = [
        event("t1", ("Account", "6200000000000000001"), ("Account", "6200000000000000002"), at(0),
              amount_fen=1_000_00, currency="CNY", precision="second", memo="货款",
              other_source="e" * 64, other_row=7),
        event("t2", ("Account", "6200000000000000001"), ("Account", "6200000000000000002"), at(5),
              amount_fen=2_500_00, currency="CNY", precision="second", from_balance_fen=0),
        event("t3", ("Account", "6200000000000000002"), ("Account", "6200000000000000003"), at(9),
              amount_fen=3_400_50, currency="CNY", precision="second"),
        event("t4", ("Account", "6200000000000000003"), ("Account", "6200000000000000004"), at(30),
              amount_fen=3_000_00, currency="CNY", precision="day"),
        event("t5", ("Account", "6200000000000000003"), ("Account", "6200000000000000003"), at(31),
              amount_fen=1, currency="CNY", precision="second"),
    ]  # fmt: skip
    logins = [
        event(
            "l1",
            ("Account", "6200000000000000001"),
            ("Device", "imei:00000000000001"),
            at(1),
            platform="样例银行",
        ),
        event(
            "l2",
            ("Account", "6200000000000000002"),
            ("Device", "imei:00000000000001"),
            at(2),
            platform="样例银行",
        ),
    ]
    holds = [
        edge(("Person", "990101199001010018"), ("Account", "6200000000000000001"), at(-60)),
        edge(
            ("Person", "990101199001010018"), ("Sim", "10000000001@2024-01-01"), at(-90), valid_to_at=at(900)
        ),
        edge(("Person", "990101199001010026"), ("Account", "6200000000000000002")),
    ]
    return {
        "Account": table("Account", [
            {"key": f"620000000000000000{n}", "bank": "样例银行", "holder_name": "虚甲" if n == 1 else None,
             "balance_fen": n * 100, "opened_at": at(-60), "corporate": n == 4} for n in range(1, 5)
        ]),
        "Person": table("Person", [
            {"key": "990101199001010018", "name": "虚甲", "birth_on": datetime(1990, 1, 1).date()},
            {"key": "990101199001010026", "name": "虚乙"},
        ]),
        "Device": nodes("Device", "imei:00000000000001", kind="imei", placeholder=False),
        "Sim": nodes("Sim", "10000000001@2024-01-01", number="10000000001"),
        "Cell": table("Cell", [{"key": "1-1", "lat": 30.5, "lon": 104.25, "region": "990100"}]),
        "TRANSFER": table("TRANSFER", transfers),
        "LOGGED_IN": table("LOGGED_IN", logins),
        "HOLDS": table("HOLDS", holds),
    }  # fmt: skip
