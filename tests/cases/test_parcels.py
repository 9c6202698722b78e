"""Parcels with their ends, sides, names and chains: counts against the rows they come from."""

from datetime import UTC, datetime, timedelta

import polars as pl

from cases.parcels import SIDES, Bounds, by_side, chains, holding, many_names, parcels
from graph.lake.home import LakeHome
from graph.lake.tables import LakeTables, open_tables
from tests.detect.ledgers import in_memory
from tests.frames import edge, event, nodes, table

START = datetime(2024, 3, 1, tzinfo=UTC)
STREET, ROAD, LANE = "虚构省虚构市虚构路1号", "虚构省虚构市虚构路1号院", "虚构省虚构市虚构巷9号"


def small(same: bool = False) -> LakeTables:
    """Three parcels to two spellings of one address, a heavy fourth one without a recipient's number."""
    rows = [
        ("W1", 1, STREET, 9, "王样一", 100),
        ("W2", 2, ROAD, 9, "王样二", 500),
        ("W3", 1, STREET, 9, "王样一", 501),
        ("W4", 1, LANE, None, None, None),
    ]
    sent, received, target = [], [], []
    for n, (key, sender, address, recipient, name, _) in enumerate(rows):
        at = START + timedelta(days=n)
        sent.append(event(f"s{n}", ("Sim", f"1540000000{sender}"), ("Parcel", key), at, name="李样"))
        if recipient:
            received.append(
                event(
                    f"r{n}",
                    ("Parcel", key),
                    ("Sim", f"1540000000{recipient}"),
                    at + timedelta(days=2),
                    name=name,
                )
            )
        target.append(edge(("Parcel", key), ("Address", address), at))
    weights = pl.concat([nodes("Parcel", key, weight_g=weight) for key, *_, weight in rows])
    frames = {"Parcel": weights, "SENT": table("SENT", sent), "RECEIVED": table("RECEIVED", received),
              "DELIVERED_TO": table("DELIVERED_TO", target)}  # fmt: skip
    if same:
        frames["SAME_AS"] = table("SAME_AS", [edge(("Address", STREET), ("Address", ROAD), START)])
    return in_memory(frames)


def test_one_row_a_parcel_with_both_ends_and_all_its_rows() -> None:
    found = parcels(small())
    assert found["parcel"].to_list() == ["W1", "W2", "W3", "W4"]
    last = found.row(3, named=True)
    assert (last["sender"], last["recipient"], last["received_at"]) == ("15400000001", None, None)
    cited = [{row["row"] for row in rows} for rows in found["rows"].to_list()]
    # Row 1 of each table is the parcel's own, its sender's and its recipient's: one row of the waybill file.
    assert cited == [{1}, {1, 2}, {1, 3}, {1, 4}]
    assert parcels(in_memory({})).is_empty()


def test_sides_count_others_light_ones_and_names() -> None:
    found = parcels(small())
    senders = {one["end"]: one for one in by_side(found, "sender", Bounds()).iter_rows(named=True)}
    first = senders["15400000001"]
    # No weight counts as light, as rule P01 has it; 501 g does not.
    assert (first["parcels"], first["light"], first["others"]) == (3, 2, 2)
    (recipient,) = by_side(found, "recipient", Bounds(many=1)).iter_rows(named=True)
    assert (recipient["parcels"], recipient["others"], recipient["names"], recipient["many"]) == (
        3,
        2,
        2,
        True,
    )


def test_addresses_judged_to_be_one_are_one_and_others_stay_two() -> None:
    apart = {one["end"]: one["names"] for one in many_names(parcels(small())).iter_rows(named=True)}
    assert apart == {}
    (joined,) = many_names(parcels(small(same=True))).iter_rows(named=True)
    assert (joined["end"], joined["names"]) == (min(STREET, ROAD), ["王样一", "王样二"])
    ways = chains(parcels(small(same=True)), Bounds())
    assert ways.select("sender", "parcels").rows() == [("15400000001", 2), ("15400000002", 1)]


def test_a_filter_takes_words_as_they_are() -> None:
    found = parcels(small())
    assert holding(found, "王样二")["parcel"].to_list() == ["W2"]
    assert holding(found, "9号 W3")["parcel"].to_list() == ["W3", "W4"]
    assert holding(found, "W[1").is_empty() and holding(found, "  ").height == 4


def test_on_the_sample_every_side_counts_each_parcel_with_that_end_once(sample_home: LakeHome) -> None:
    tables = open_tables(sample_home)
    found = parcels(tables)
    assert found.height == tables.rows["Parcel"] > 0
    for side in SIDES:
        assert by_side(found, side, Bounds())["parcels"].sum() == found[side].drop_nulls().len()
    assert (
        chains(found, Bounds())["parcels"].sum()
        == found.drop_nulls(["sender", "delivered_to", "recipient"]).height
    )
