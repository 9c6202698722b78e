"""Roles are proposals: (1 - product(1 - w)) x product(1 - c), each row once a role, rows for and against."""

from pathlib import Path

import pytest

from detect.evidence import build_evidence
from detect.gangs import find_gangs
from detect.results import Gang, Member
from detect.roles import with_roles
from detect.roles.proposal import counted, load_roles, role_score
from graph.engines.embedded.algorithms import EmbeddedAlgorithms
from graph.errors import InvalidRule
from tests.detect.gang_world import boss, lake, ring, rows_of

_A, _B = ("f" * 64, 1), ("f" * 64, 2)
# The roles of DOMAIN 6.
_ROLES = {  # in the order of the domain
    "financier", "den_manager", "caller", "traffic_puller", "account_seller", "card_provider", "card_dealer",
    "card_runner", "score_runner", "score_platform", "laundry_house", "cash_crew", "otc_dealer",
    "tech_keeper",
    "data_seller", "guarantee_group",
}  # fmt: skip


def _gang(folder: Path, lines: list[str]) -> tuple[dict[str, str], Gang, set[tuple[str, int]]]:
    world, tables = lake(folder, lines)
    evidence = build_evidence(tables)
    gangs = find_gangs(tables, (), EmbeddedAlgorithms(), evidence=evidence)
    (gang,) = with_roles(tables, evidence, gangs)
    return {name: ref.key for name, ref in world.names.items()}, gang, rows_of(tables)


def _person(gang: Gang, key: str) -> Member:
    return next(m for m in gang.members if m.ref.type == "Person" and m.ref.key == key)


def test_the_formula_is_that_of_the_domain() -> None:
    supporting = (("x", 0.5, (_A,)), ("y", 0.4, (_B,)))
    assert role_score(supporting, ()) == pytest.approx(0.7)
    assert role_score(supporting, (("z", 0.5, (_A,)),)) == pytest.approx(0.35)


def test_a_row_counts_once_a_role_at_its_heaviest_sign() -> None:
    items = counted({"light": 0.2, "heavy": 0.6}, {"light": [_A], "heavy": [_A]})
    assert items == (("heavy", 0.6, (_A,)),)
    assert [
        sign for sign, _, _ in counted({"light": 0.2, "heavy": 0.6}, {"light": [_A, _B], "heavy": [_A]})
    ] == [
        "heavy",
        "light",
    ]


def test_all_sixteen_roles_are_declared() -> None:
    assert set(load_roles()) == _ROLES


def test_a_lent_card_makes_a_card_provider_first(tmp_path: Path) -> None:
    key, gang, _ = _gang(tmp_path, ring())
    roles = _person(gang, key["RP2"]).roles
    assert next(iter(roles)) == "card_provider"
    assert roles["card_provider"] >= 0.5


def test_someone_who_only_calls_the_holders_is_a_dealer_not_a_provider(tmp_path: Path) -> None:
    key, gang, _ = _gang(tmp_path, ring() + boss(contacts=5))
    roles = _person(gang, key["RBOSS"]).roles
    assert roles.get("card_dealer", 0.0) > roles.get("card_provider", 0.0)


def test_roles_carry_rows_that_exist_and_scores_within_bounds(tmp_path: Path) -> None:
    _, gang, known = _gang(tmp_path, ring() + boss(contacts=5))
    assert any(member.roles for member in gang.members)
    for member in gang.members:
        assert set(member.roles) == set(member.reasons)
        for role, score in member.roles.items():
            reason = member.reasons[role]
            assert 0 < score < 1 and reason.supporting
            assert score == role_score(reason.supporting, reason.opposing)
            assert all(rows and set(rows) <= known for _, _, rows in reason.supporting + reason.opposing)


def test_only_persons_have_roles(tmp_path: Path) -> None:
    _, gang, _ = _gang(tmp_path, ring())
    assert all(not member.roles for member in gang.members if member.ref.type != "Person")


def test_every_sign_of_the_file_is_one_that_code_makes() -> None:
    source = "".join(
        path.read_text(encoding="utf-8")
        for path in (Path(__file__).parents[2] / "detect" / "roles").glob("*_signs.py")
    )
    for role in load_roles().values():
        assert all(f'"{sign}"' in source for sign in [*role.supports, *role.opposes])


def test_a_weight_outside_its_bounds_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "roles.yml"
    path.write_text("roles: {caller: {supports: {at_den_cell: 1.0}}}", encoding="utf-8")
    with pytest.raises(InvalidRule, match="at_den_cell"):
        load_roles(path)
