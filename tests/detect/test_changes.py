"""What replaced what, on hand-made worlds with a known answer."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from detect.changes import Change, Changes, find_changes
from detect.worlds import World
from graph.contract import Ref
from tests.detect.gang_world import lake, rows_of

# Every line lies within 2024-03-01 to 2024-05-30; the swap is in the night to 15 April.
BEFORE, AFTER = "2024-03-02", "2024-04-16"


def calls(one: str, other: str, day: str, times: int = 6, device: str = "", hour: int = 10) -> str:
    """A call every four days from a day on, from the caller's device."""
    where = f" from_device=key({device})" if device else ""
    return f"{one} CALLED {other} at={day}T{hour:02d}:00+08:00 every=P4D times={times}{where}"


def crowd() -> list[str]:
    """People who go on as ever from 1 March to 30 May, so that silence shows."""
    return [calls(f"Q{n}", f"Q{n + 1}", "2024-03-01", 23, hour=8 + n) for n in range(1, 5)]


def ring(day: str, turn: str, device: bool = True) -> list[str]:
    """Three members in one den on numbers and devices of a turn; customers of A and C keep their phones.

    B talks to A and C only: but for the den's cell, nothing that B touches stays the same.
    """
    s, d = [f"S{name}{turn}" for name in "ABC"], [f"D{name}{turn}" if device else "" for name in "ABC"]
    lines = [
        calls(s[0], "CA1", day, 8, d[0], 9),
        calls(s[0], "CA2", day, 8, d[0], 10),
        calls(s[2], "CC1", day, 8, d[2], 11),
        calls(s[2], "CC2", day, 8, d[2], 12),
        calls(s[0], s[1], day, 8, d[0], 13),
        calls(s[1], s[2], day, 8, d[1], 14),
        calls(s[1], s[0], day, 8, d[1], 15),
    ]
    if device:
        lines += [f"{name} : Device" for name in d]
        lines += [
            f"{s[n]} AT_CELL DEN at={day}T{16 + n}:30+08:00 every=P4D times=8 device=key({d[n]})"
            for n in range(3)
        ]
    return lines


def swapped() -> list[str]:
    """The ring before and after it swapped every number and device in one night."""
    return crowd() + ring(BEFORE, "1") + ring(AFTER, "2")


def found(
    folder: Path, lines: Sequence[str], rounds: int | None = None, shuffle: int | None = None
) -> tuple[World, Changes]:
    """The lines as a lake, and the proposals in it."""
    world, tables = lake(folder, lines, shuffle)
    return world, find_changes(tables, rounds=rounds)


def pairs(world: World, changes: Changes, decided: bool = True) -> set[tuple[str, str]]:
    """(old, new) by name."""
    names = {ref: name for name, ref in world.names.items()}
    return {(names[c.old], names[c.new]) for c in changes.changes if c.decided == decided}


def one(world: World, changes: Changes, old: str) -> Change:
    """The proposal for a name."""
    return next(change for change in changes.changes if change.old == world.names[old])


ALL = {(f"{kind}{name}1", f"{kind}{name}2") for kind in "SD" for name in "ABC"}


def test_a_ring_that_swaps_all_at_once_is_found_only_by_iterating(tmp_path: Path) -> None:
    world, changes = found(tmp_path / "iterated", swapped())
    assert pairs(world, changes) == ALL
    _, still = found(tmp_path / "static", swapped(), rounds=0)
    assert ("SB1", "SB2") not in pairs(world, still) | pairs(world, still, decided=False)
    assert {("SA1", "SA2"), ("SC1", "SC2")} <= pairs(world, still)


def test_the_swapped_neighbours_are_named_with_rows_of_both_sides(tmp_path: Path) -> None:
    world, tables = lake(tmp_path, swapped())
    change = one(world, find_changes(tables), "SB1")
    carried = {(s.kind, s.before, s.after) for s in change.signs if s.carried}
    assert ("call", world.names["SA1"], world.names["SA2"]) in carried
    assert ("device", world.names["DB1"], world.names["DB2"]) in carried
    known = rows_of(tables)
    for sign in change.signs:
        assert sign.before_rows and sign.after_rows
        assert set(sign.before_rows) | set(sign.after_rows) <= known
        assert set(sign.before_rows).isdisjoint(sign.after_rows)
    assert "unanchored" in {point.name for point in change.against}


def test_the_swap_of_many_weighs_more_than_that_of_one(tmp_path: Path) -> None:
    world, changes = found(tmp_path, swapped())
    change = one(world, changes, "SA1")
    assert change.together == 3
    assert change.weight == pytest.approx(change.score * (1 - 0.5 * 2.0**-2), abs=1e-5)
    assert "solitary" not in {point.name for point in change.against}


def alone(day: str, number: str) -> list[str]:
    """One person who calls two friends."""
    return [f"P HOLDS {number}", calls(number, "F1", day, 8), calls(number, "F2", day, 8, hour=11)]


def test_a_change_alone_is_listed_with_half_the_weight_and_the_ordinary_reading(tmp_path: Path) -> None:
    world, changes = found(tmp_path, crowd() + alone(BEFORE, "N1") + alone(AFTER, "N2"))
    assert pairs(world, changes) == {("N1", "N2")}
    change = one(world, changes, "N1")
    assert change.together == 1 and change.weight == pytest.approx(change.score / 2, abs=1e-5)
    assert {point.name for point in change.against} >= {"solitary", "same_holder"}


def test_a_new_phone_for_the_same_number_says_so(tmp_path: Path) -> None:
    lines = [
        "V1 : Device", "V2 : Device",
        *(calls("N", f, BEFORE, 8, "V1", 9 + n) for n, f in enumerate(("F1", "F2"))),
        *(calls("N", f, AFTER, 8, "V2", 9 + n) for n, f in enumerate(("F1", "F2"))),
        *(f"P{n} LOGGED_IN {v} at={day}T20:00+08:00 every=P4D times=6"
          for v, day in (("V1", BEFORE), ("V2", AFTER)) for n in (1, 2)),
    ]  # fmt: skip
    world, changes = found(tmp_path, crowd() + lines)
    assert pairs(world, changes) == {("V1", "V2")}
    assert "same_sim" in {point.name for point in one(world, changes, "V1").against}


def test_nothing_is_proposed_where_nobody_changes(tmp_path: Path) -> None:
    _, changes = found(
        tmp_path, [*crowd(), calls("N", "F1", "2024-03-01", 23), calls("N", "F2", "2024-03-02", 22)]
    )
    assert changes.changes == () and changes.unseen == ("Account", "Device")


def test_one_who_ends_and_a_stranger_who_begins_are_no_pair(tmp_path: Path) -> None:
    lines = [calls("N1", "F1", BEFORE, 8), calls("N1", "F2", BEFORE, 8)]
    lines += [calls("N2", "G1", AFTER, 8), calls("N2", "G2", AFTER, 8)]
    _, changes = found(tmp_path, crowd() + lines)
    assert dict(changes.ended)["Sim"] >= 1 and dict(changes.began)["Sim"] >= 1
    assert changes.changes == ()


def test_two_equal_candidates_are_not_decided(tmp_path: Path) -> None:
    lines = [calls("N1", "F1", BEFORE, 8), calls("N1", "F2", BEFORE, 8, hour=11)]
    for number in ("N2", "N3"):
        lines += [calls(number, "F1", AFTER, 8), calls(number, "F2", AFTER, 8, hour=11)]
    world, changes = found(tmp_path, crowd() + lines)
    assert pairs(world, changes) == set()
    change = one(world, changes, "N1")
    assert {change.new, *change.rivals} == {world.names["N2"], world.names["N3"]}
    assert change.margin == 0 and "rival" in {point.name for point in change.against}


@pytest.mark.parametrize(("start", "there"), [("2024-03-29", True), ("2024-03-24", False)])
def test_a_short_overlap_speaks_against_and_a_long_one_rules_out(
    start: str, there: bool, tmp_path: Path
) -> None:
    # N1 is last used on 30 March at 11:00.
    lines = [calls("N1", "F1", BEFORE, 8, hour=11), calls("N1", "F2", BEFORE, 8)]
    lines += [calls("N2", "F1", start, 10, hour=12), calls("N2", "F2", start, 10, hour=13)]
    world, changes = found(tmp_path, crowd() + lines)
    assert pairs(world, changes) == ({("N1", "N2")} if there else set())
    if there:
        overlap = next(p for p in one(world, changes, "N1").against if p.name == "overlap")
        assert overlap.value == 23.0 and overlap.rows


@pytest.mark.parametrize(("start", "there"), [("2024-04-29", True), ("2024-04-30", False)])
def test_a_replacement_begins_within_thirty_days(start: str, there: bool, tmp_path: Path) -> None:
    # N1 is last used on 30 March at 11:00; 29 April 10:00 is 29 days and 23 hours later.
    lines = [calls("N1", "F1", BEFORE, 8, hour=11), calls("N1", "F2", BEFORE, 8)]
    lines += [calls("N2", "F1", start, 7, hour=12), calls("N2", "F2", start, 7, hour=10)]
    world, changes = found(tmp_path, [*crowd(), "N2 : Sim opened_at=2024-04-01", *lines])
    assert pairs(world, changes) == ({("N1", "N2")} if there else set())


def frozen(kind: str = "冻结", later: int = 0) -> list[str]:
    """An account frozen on 15 April; from the 17th another one has its payees and its device."""
    lines = [f"O : ControlOrder kind={kind} started_at=2024-04-15", "O CONTROL A1 at=2024-04-15"]
    for account, day, times in (("A1", "2024-03-03", 6 + later), ("A2", "2024-04-17", 6)):
        for n in (1, 2):
            lines.append(
                f"{account} TRANSFER X{n} at={day}T1{n}:00+08:00 every=P7D times={times} amount=5000"
            )
        lines.append(f"{account} LOGGED_IN V at={day}T10:00+08:00 every=P7D times={times}")
    return [*lines, "K1 TRANSFER K2 at=2024-03-01T09:00+08:00 every=P1D times=90 amount=10"]


@pytest.mark.parametrize(("kind", "how"), [("冻结", "frozen"), ("止付", "stopped")])
def test_the_account_that_goes_on_for_a_frozen_one(kind: str, how: str, tmp_path: Path) -> None:
    world, changes = found(tmp_path, frozen(kind))
    assert pairs(world, changes) == {("A1", "A2")}
    change = one(world, changes, "A1")
    assert change.how == how
    assert {sign.kind for sign in change.signs} == {"payee", "device"}
    assert changes.unseen == ("Sim",)


def test_an_account_that_outlives_its_freeze_was_not_replaced(tmp_path: Path) -> None:
    _, changes = found(tmp_path, frozen(later=2))
    assert changes.changes == ()


def test_a_dropped_account_without_an_order_is_not_looked_at(tmp_path: Path) -> None:
    _, changes = found(tmp_path, [line for line in frozen() if "CONTROL" not in line and "Order" not in line])
    assert dict(changes.ended)["Account"] == 0 and changes.changes == ()


def test_a_number_that_was_issued_again_did_not_replace_itself(tmp_path: Path) -> None:
    lines = ["N1 : Sim key=15400009999@2020-01-01", "N2 : Sim key=15400009999@2024-04-10"]
    for number, day in (("N1", BEFORE), ("N2", AFTER)):
        lines += [calls(number, "F1", day, 8), calls(number, "F2", day, 8, hour=11)]
    _, changes = found(tmp_path, crowd() + lines)
    assert changes.changes == ()


def test_an_empty_lake_says_that_nothing_was_seen(tmp_path: Path) -> None:
    _, changes = found(tmp_path, [])
    assert changes.changes == () and changes.unseen == ("Account", "Device", "Sim")


def test_bank_data_alone_says_nothing_of_numbers(tmp_path: Path) -> None:
    _, changes = found(tmp_path, ["A1 TRANSFER A2 at=2024-03-01T09:00 every=P1D times=60 amount=10"])
    assert changes.changes == () and changes.unseen == ("Device", "Sim")


def test_the_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    lines = swapped() + frozen()
    _, first = found(tmp_path / "first", lines)
    for seed in (1, 2):
        _, other = found(tmp_path / str(seed), lines, shuffle=seed)
        assert other == first
    assert len(first.changes) == 7


def test_a_shared_neighbour_needs_a_second_sign(tmp_path: Path) -> None:
    lines = [calls("N1", "F1", BEFORE, 8), calls("N2", "F1", AFTER, 8)]
    _, changes = found(tmp_path, crowd() + lines)
    assert changes.changes == ()


def test_changes_of_members_are_found_from_either_side(tmp_path: Path) -> None:
    from detect.changes.store import changes_of

    world, changes = found(tmp_path, swapped())
    for name in ("SB1", "SB2"):
        assert [c.old for c in changes_of(changes, [world.names[name]])] == [world.names["SB1"]]
    assert changes_of(changes, [Ref("Sim", "15400000000")]) == ()
