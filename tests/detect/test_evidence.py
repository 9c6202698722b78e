"""Evidence is damped by rarity, hubs and homes fall out, and each tie keeps the rows behind it."""

from pathlib import Path

import polars as pl
import pytest

from detect.evidence import EvidenceGraph, build_evidence
from detect.evidence.money import passed_share
from detect.evidence.victim_money import victim_steps
from detect.evidence.weights import load_kinds
from graph.errors import InvalidRule
from tests.detect.gang_world import campus, lake, ring


def _evidence(folder: Path, lines: list[str], shuffle: int | None = None) -> EvidenceGraph:
    return build_evidence(lake(folder, lines, shuffle)[1])


def _weights(evidence: EvidenceGraph, kind: str) -> list[float]:
    return evidence.ties.filter(kind=kind)["weight"].to_list()


def _sharing(count: int, logins: int = 1) -> list[str]:
    lines = [f"P{i} HOLDS K{i}" for i in range(count)]
    stamp = f"at=2024-03-01T09:00 every=P1D times={logins}"
    return lines + [f"K{i} LOGGED_IN D {stamp}" for i in range(count)]


def test_a_rare_thing_weighs_more_than_a_common_one(tmp_path: Path) -> None:
    two, ten, forty = (
        max(_weights(_evidence(tmp_path / str(n), _sharing(n)), "device")) for n in (2, 10, 40)
    )
    assert 1 > two > ten > forty > 0


def test_a_device_of_a_hundred_and_one_holders_is_ignored(tmp_path: Path) -> None:
    assert len(_weights(_evidence(tmp_path / "a", _sharing(100)), "device")) == 100
    assert _weights(_evidence(tmp_path / "b", _sharing(101)), "device") == []


def test_repeats_weigh_more_but_never_above_the_base(tmp_path: Path) -> None:
    once = max(_weights(_evidence(tmp_path / "a", _sharing(2)), "device"))
    often = max(_weights(_evidence(tmp_path / "b", _sharing(2, logins=25)), "device"))
    assert once < often < load_kinds()["device"].base


def test_an_address_of_fifty_one_holders_is_no_evidence(tmp_path: Path) -> None:
    assert _weights(_evidence(tmp_path / "a", campus(51)), "ip_slot") == []
    assert len(_weights(_evidence(tmp_path / "b", campus(50)), "ip_slot")) == 50


def test_an_address_that_may_not_identify_is_no_evidence(tmp_path: Path) -> None:
    lines = [*campus(3), "UIP : Ip identifying=false"]
    assert _weights(_evidence(tmp_path, lines), "ip_slot") == []


def test_a_placeholder_device_is_no_evidence(tmp_path: Path) -> None:
    assert _weights(_evidence(tmp_path, [*_sharing(3), "D : Device placeholder=true"]), "device") == []


def test_what_one_home_shares_is_damped(tmp_path: Path) -> None:
    apart = _evidence(tmp_path / "a", [*_sharing(2), "P0 LIVES_AT H0", "P1 LIVES_AT H1"])
    together = _evidence(tmp_path / "b", [*_sharing(2), "P0 LIVES_AT H", "P1 LIVES_AT H"])
    assert max(_weights(together, "device")) < max(_weights(apart, "device")) / 4


def test_a_long_run_of_openings_at_a_busy_counter_is_no_party(tmp_path: Path) -> None:
    def opened(count: int) -> list[str]:
        rows = [f"P{i} HOLDS K{i}" for i in range(count)]
        return rows + [f"K{i} OPENED_AT B at=2024-03-01T{9 + i // 6:02d}:{i % 6}0" for i in range(count)]

    assert len(_weights(_evidence(tmp_path / "a", opened(30)), "opening")) == 30
    assert _weights(_evidence(tmp_path / "b", opened(31)), "opening") == []


def test_day_only_openings_are_no_party(tmp_path: Path) -> None:
    lines = [f"K{i} OPENED_AT B at=2024-03-01T00:00 precision=day" for i in range(3)]
    assert _weights(_evidence(tmp_path, lines), "opening") == []


def test_every_tie_has_rows(tmp_path: Path) -> None:
    evidence = _evidence(tmp_path, ring() + campus(10))
    counted = evidence.claims.group_by("kind", "a", "b").len()
    joined = evidence.ties.join(counted, on=["kind", "a", "b"], how="left")
    assert joined["len"].null_count() == 0
    assert (joined["len"] == joined["rows"]).all()


def test_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    plain = _evidence(tmp_path / "a", ring() + campus(10))
    mixed = _evidence(tmp_path / "b", ring() + campus(10), shuffle=5)
    assert plain.nodes.equals(mixed.nodes)
    assert plain.ties.equals(mixed.ties)
    assert plain.claims.equals(mixed.claims)


def test_no_rows_give_no_ties(tmp_path: Path) -> None:
    evidence = _evidence(tmp_path, [])
    assert evidence.nodes.height == evidence.ties.height == evidence.claims.height == 0


def test_victims_money_is_followed_in_time_order_only(tmp_path: Path) -> None:
    lines = [
        "K2 TRANSFER K3 at=2024-03-01T09:05 amount=9000",  # before B has any of it
        "V TRANSFER K1 at=2024-03-01T09:00 amount=10000",
        "K1 TRANSFER K2 at=2024-03-01T09:10 amount=10000",
        "K2 TRANSFER K4 at=2024-03-01T09:20 amount=4000",
        "J PAID_FROM V at=2024-03-01T09:00 amount=10000",
        "J PAID_TO K1 at=2024-03-01T09:00 amount=10000",
    ]
    world, tables = lake(tmp_path, lines)
    steps = victim_steps(tables).select("level", "from_key", "to_key", "carried_fen").rows()
    names = {ref.key: name for name, ref in world.names.items()}
    assert [(level, names[a], names[b], fen) for level, a, b, fen in steps] == [
        (1, "V", "K1", 1_000_000),
        (2, "K1", "K2", 1_000_000),
        (3, "K2", "K4", 400_000),
    ]


def test_victims_money_below_one_percent_or_older_than_three_days_does_not_count(tmp_path: Path) -> None:
    lines = [
        "J PAID_TO K1 at=2024-03-01T09:00 amount=10000",
        "K1 TRANSFER K2 at=2024-03-01T10:00 amount=99",
        "K1 TRANSFER K3 at=2024-03-01T11:00 amount=100",
        "K1 TRANSFER K4 at=2024-03-04T09:00 amount=500",
        "K1 TRANSFER K5 at=2024-03-04T09:01 amount=500",
    ]
    world, tables = lake(tmp_path, lines)
    reached = victim_steps(tables)["to_key"].to_list()
    assert reached == [world.key("K3"), world.key("K4")]


def test_passed_share_compares_a_day_of_inflow_with_outflow(tmp_path: Path) -> None:
    lines = [
        "A TRANSFER B at=2024-03-01T09:00 amount=1000",
        "B TRANSFER C at=2024-03-02T09:00 amount=2000",
        "B TRANSFER D at=2024-03-02T09:01 amount=500",
    ]
    _, tables = lake(tmp_path, lines)
    money = tables.frame("TRANSFER").sort("at")
    assert passed_share(money).tolist() == [0.0, 0.5, 0.0]


def test_damaged_weights_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "evidence.yml"
    path.write_text("kinds: {device: {base: 2, first: 1, most: 5, carries: 0.1}}", encoding="utf-8")
    with pytest.raises(InvalidRule, match=r"line 1, kinds\.device\.base"):
        load_kinds(path)
    path.write_text("kinds: {device: {base: 1}}", encoding="utf-8")
    with pytest.raises(InvalidRule, match=r"line 1, kinds\.device\.first"):
        load_kinds(path)


def test_all_kinds_of_the_file_have_known_families() -> None:
    from detect.evidence.families import FAMILIES

    assert set(load_kinds()) == set(FAMILIES) | {"holds", "address"}
    assert pl.Series(list(FAMILIES.values())).n_unique() >= 6
