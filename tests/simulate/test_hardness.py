"""Plain methods fail on the world at MID, and combined streams reach the members of the rings."""

from collections import defaultdict

import pytest

from bench.simulate import floors
from simulate.settings import Settings
from tests.simulate.worlds import Written


@pytest.fixture(scope="module")
def measured() -> dict[str, float]:
    return floors(Settings(accounts=6_000, rings=4, seed=21))


def test_leiden_on_money_does_not_find_the_rings(measured: dict[str, float]) -> None:
    assert measured["ari_all"] <= 0.5 and measured["ari_members"] <= 0.5 and measured["ari_persons"] <= 0.5


def test_ranking_by_turnover_or_degree_does_not_find_mules(measured: dict[str, float]) -> None:
    assert measured["turnover_precision"] <= 0.3 and measured["degree_precision"] <= 0.3


def test_nearly_every_member_is_tied_to_the_ring_by_two_streams(written: Written) -> None:
    ring = {row["person_key"]: row["ring"] for row in written.truth("persons") if row["ring"]}
    holder = {row["account"]: row["holder_key"] for row in written.truth("accounts")}
    owners = defaultdict(set)
    for row in written.tables("person_register"):
        owners[row["手机号"]].add(row["证件号码"])
    for row in written.tables("login_log"):
        owners.setdefault(row["账号"], {holder.get(row["账号"], "")})
    streams: dict[str, set[str]] = defaultdict(set)

    def tie(one: set[str], other: set[str], stream: str) -> None:
        for a in one:
            for b in other:
                if a != b and ring.get(a, "-") == ring.get(b, "+"):
                    streams[a].add(stream)
                    streams[b].add(stream)

    for row in written.truth("transfers"):
        tie({holder[row["account_from"]]}, {holder[row["account_to"]]}, "money")
    for row in written.tables("call_records"):
        tie(owners.get(row["本端号码"], set()), owners.get(row["对端号码"], set()), "call")
    for row in written.tables("waybills"):
        tie(owners.get(row["寄件手机"], set()), owners.get(row["收件手机"], set()), "parcel")
    for stream, columns in (("device", ("设备指纹", "IMEI")), ("ip", ("IP",))):
        users: dict[str, set[str]] = defaultdict(set)
        for row in written.tables("login_log"):
            users["".join(row.get(column) or "" for column in columns)] |= owners[row["账号"]]
        for together in users.values():
            if len(together) <= 50:
                tie(together, together, stream)
    strong = [person for person in ring if len(streams[person]) >= 2]
    assert len(strong) >= 0.95 * len(ring)
    assert all(streams[person] for person in ring)
