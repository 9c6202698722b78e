"""Named numbers, common contacts, stays in devices, hours: against plain searches over random worlds."""

from collections import Counter, defaultdict
from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl
import pytest

from cases.contacts import common_contacts, contact_rows
from cases.device_uses import hours, stays, swaps
from cases.named_phones import MOST_NAMED, named_phones
from detect.worlds import build_world
from graph.lake.tables import LakeTables
from tests.detect.ledgers import in_memory
from tests.frames import event, nodes, table

START = datetime(2024, 3, 1, tzinfo=UTC)


def sim(n: int) -> str:
    """The key of an invented number."""
    return f"154{n:08d}"


def calls(rows: list[tuple[int, int, int]], texts: list[tuple[int, int, int]] = []) -> LakeTables:  # noqa: B006
    """Calls and texts (caller, called, hours after START)."""
    frames = {}
    for name, some in (("CALLED", rows), ("SMS", texts)):
        made = [
            event(f"{name}{k}", ("Sim", sim(a)), ("Sim", sim(b)), START + timedelta(hours=h), duration_s=5)
            for k, (a, b, h) in enumerate(some)
        ]
        frames[name] = table(name, made)
    return in_memory(frames)


@pytest.mark.parametrize("seed", range(6))
def test_common_contacts_are_those_of_a_search_over_all_rows(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows = [tuple(map(int, rng.integers(0, [12, 12, 500]))) for _ in range(80)]
    texts = [tuple(map(int, rng.integers(0, [12, 12, 500]))) for _ in range(20)]
    tables = calls(rows, texts)  # type: ignore[arg-type]  # triples of ints
    asked = [sim(n) for n in range(4)]
    found = common_contacts(tables, asked, 2, hub=6)
    touched: dict[int, set[int]] = defaultdict(set)
    partners: dict[int, set[int]] = defaultdict(set)
    for a, b, _ in [*rows, *texts]:
        if a == b:
            continue
        partners[a].add(b)
        partners[b].add(a)
        for own, other in ((a, b), (b, a)):
            if own < 4 <= other:
                touched[other].add(own)
    wanted = {sim(other): len(own) for other, own in touched.items() if len(own) >= 2}
    assert dict(found.common.select("contact", "of").iter_rows()) == wanted
    for one in found.common.iter_rows(named=True):
        other = int(one["contact"][3:])
        assert one["called_by_them"] == sum(b == other and a < 4 for a, b, _ in rows)
        assert one["called_them"] == sum(a == other and b < 4 for a, b, _ in rows)
        assert one["texts"] == sum({a, b} & {other} != set() and min(a, b) < 4 for a, b, _ in texts)
        assert one["partners"] == len(partners[other]) and one["hub"] == (len(partners[other]) > 6)
        events = one["called_by_them"] + one["called_them"] + one["texts"]
        assert contact_rows(tables, asked, one["contact"]).height == events
    assert found.among == sum(a != b and a < 4 and b < 4 for a, b, _ in [*rows, *texts])
    assert found.common["hub"].to_list() == sorted(found.common["hub"].to_list())


def test_two_holdings_of_one_number_are_one_number_and_no_calls_give_no_contacts() -> None:
    one, two = f"{sim(1)}@2020-01-01", f"{sim(1)}@2023-01-01"
    rows = [event(f"c{n}", ("Sim", own), ("Sim", sim(9)), START) for n, own in enumerate((one, two))]
    tables = in_memory({"CALLED": table("CALLED", rows)})
    assert common_contacts(tables, [one, two], 2).common.is_empty()
    assert common_contacts(tables, [one, two], 1).common["of"].to_list() == [1]
    assert common_contacts(in_memory({}), [one], 1).common.is_empty()


@pytest.mark.parametrize("seed", range(4))
def test_stays_are_the_turns_of_sims_in_a_device(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sights = sorted(
        {(int(t), int(rng.integers(0, 3)), int(rng.integers(0, 3))) for t in rng.integers(0, 300, 60)}
    )
    taken = {(t, d) for t, d, _ in sights}
    sights = [next(one for one in sights if one[:2] == key) for key in sorted(taken)]
    lines = [
        f"S{s} AT_CELL C at={START + timedelta(minutes=t):%Y-%m-%dT%H:%M}+00:00 device=imei:0010000000000{d}"
        for t, d, s in sights
    ]
    world = build_world([*lines, *(f"D{d} : Device key=imei:0010000000000{d}" for d in range(3))])
    names = {world.names[f"S{s}"].key: s for s in {s for *_, s in sights}}
    found = stays(in_memory(world.frames), [], [f"imei:0010000000000{d}" for d in range(3)])
    wanted = []
    for d in range(3):
        mine = [(t, s) for t, device, s in sights if device == d]
        for k, (t, s) in enumerate(mine):
            if k and mine[k - 1][1] == s:
                wanted[-1][3:] = [t, wanted[-1][4] + 1]
            else:
                wanted.append([d, s, t, t, 1])
    minutes = [(pl.col(name) - START).dt.total_minutes() for name in ("first_at", "last_at")]
    told = [
        [int(device[-1]), names[own], begins, ends, n]
        for device, own, begins, ends, n in found.select("device", "sim", *minutes, "sights").iter_rows()
    ]
    assert sorted(told) == sorted(wanted)
    assert sum(found["sights"].to_list()) == len(sights) == sum(len(rows) for rows in found["rows"].to_list())
    assert swaps(found)["turns"].sum() == found.height - found["device"].n_unique()


def test_a_swap_shows_from_the_side_of_either_sim() -> None:
    world = build_world([
        "S1 AT_CELL C at=2024-03-01T09:00 every=P1D times=3 device=imei:00100000000017",
        "S2 AT_CELL C at=2024-03-05T09:00 every=P1D times=3 device=imei:00100000000017",
        "D : Device key=imei:00100000000017",
    ])  # fmt: skip
    keys = [world.names["S1"].key, world.names["S2"].key]
    for asked in keys:
        found = stays(in_memory(world.frames), [asked], [])
        assert found["sim"].to_list() == keys
        (swap,) = swaps(found).iter_rows(named=True)
        assert (swap["before"], swap["after"], swap["turns"]) == (*keys, 1)
        assert swap["began_at"] - swap["ended_at"] == timedelta(days=2)


def test_hours_are_those_of_utc_8_and_all_calls_are_in_one() -> None:
    rows = [(1, 2, h) for h in range(48)] + [(3, 1, 5)]
    found = hours(calls(rows, [(1, 9, 0)]), [sim(1)])
    counts = Counter(dict(found.select("hour", "calls").iter_rows()))
    assert counts.total() == 49 and counts[(5 + 8) % 24] == 3
    assert found.filter(pl.col("texts") > 0)["hour"].to_list() == [8]
    assert hours(calls([]), [sim(1)]).is_empty()


def test_a_pasted_text_names_numbers_devices_and_says_what_it_does_not_know() -> None:
    key = f"{sim(1)}@2020-01-01"
    sims = pl.concat([
        nodes("Sim", key, number=sim(1), imsi="001010000000001", iccid="8999000000000000001"),
        nodes("Sim", f"{sim(1)}@2023-01-01", number=sim(1)),
        nodes("Sim", sim(2), number=sim(2)),
    ])  # fmt: skip
    devices = nodes("Device", "imei:00100000000017", "mac:020000000001")
    tables = in_memory({"Sim": sims, "Device": devices})
    text = f"+86{sim(2)}，001010000000001\n 001000000000179；02:00:00:00:00:01、154-0000-9999 {sim(2)}"
    found = named_phones(tables, text)
    assert [ref.key for ref in found.sims] == [sim(2), key]
    assert [ref.key for ref in found.devices] == ["imei:00100000000017", "mac:020000000001"]
    assert found.unknown == ("15400009999",)
    both = named_phones(tables, sim(1).translate({ord(d): ord(d) + 0xFEE0 for d in "0123456789"}))
    assert len(both.sims) == 2 and both.several == ((sim(1), 2),)
    assert named_phones(tables, " \n,，").unknown == ()
    many = named_phones(tables, " ".join(f"{n:011d}" for n in range(MOST_NAMED + 5)))
    assert many.cut == 5 and len(many.unknown) == MOST_NAMED
    assert named_phones(tables, "<script>" * 200_000).sims == ()
