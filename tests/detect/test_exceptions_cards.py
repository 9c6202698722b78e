"""Innocent explanations from cards and phones hold at their bounds; an empty column explains nothing."""

import pytest

from detect.exceptions import CONDITIONS, load_exceptions
from detect.facts import Facts
from detect.worlds import build_world
from graph.parameters import parameter_values
from tests.detect.ledgers import in_memory

FILES = {one.name: one for one in load_exceptions()}
CHANGE = ("A HOLDS K", "K LOGGED_IN D at=2024-03-01T09:00", "K LOGGED_IN N at=2024-04-01T09:00")
DIALS = "S CALLED T1..T20 at=2024-03-{day:02}T09:00 every=PT1M"


def _held(name: str, *lines: str, **given: object) -> set[str]:
    world = build_world(lines)
    names = {ref.key: called for called, ref in world.names.items()}
    values = parameter_values(FILES[name].parameters, given)
    found = CONDITIONS[name](Facts(in_memory(world.frames)), values)
    assert set(found["strength"].to_list()) <= {1.0}
    return {names[account] for account in found["account"].to_list()}


@pytest.mark.parametrize(
    ("opened", "old"), [("2016-11-30T23:59:59", True), ("2016-12-01T00:00:00", False), (None, False)]
)
def test_an_account_is_old_if_opened_before_the_limits(opened: str | None, old: bool) -> None:
    line = f"K : Account opened_at={opened}" if opened else "K : Account bank=样例商业银行"
    assert _held("old_account", line) == ({"K"} if old else set())


@pytest.mark.parametrize(
    ("opened", "used", "held"),
    [
        ("2024-01-02T09:00", "2024-04-01T10:00", True),
        ("2024-01-02T09:00:01", "2024-04-01T10:00", False),  # a second less than 90 days the holder's
        ("2024-01-02T09:00", "2024-02-29T09:00", False),  # in that device before: no change of phones
    ],
)
def test_a_new_phone_carries_a_number_the_holder_has_long_had(opened: str, used: str, held: bool) -> None:
    number = (f"S : Sim opened_at={opened}", f"S USED_IN N valid_from_at={used}")
    assert _held("new_phone", *CHANGE, "A HOLDS S", *number) == ({"K"} if held else set())
    assert _held("new_phone", *CHANGE, "B HOLDS Sim:S", *number) == set()


def test_a_fleet_explains_the_company_and_whoever_reserved_its_numbers() -> None:
    held = [f"Organization:B HOLDS Sim:S{i}" for i in range(1, 11)]
    bound = ("Organization:B HOLDS Account:F", "K BOUND_TO S1")
    assert _held("fleet", *held, *bound) == {"F", "K"}
    assert _held("fleet", *held[:-1], *bound) == set()


def test_a_hotline_is_a_service_number_or_rings_many_on_many_days() -> None:
    assert _held("hotline", "S : Sim kind=400", "K BOUND_TO S") == {"K"}
    days = [DIALS.format(day=day) for day in range(1, 21)]
    assert _held("hotline", *days, "K BOUND_TO S") == {"K"}
    assert _held("hotline", *days[:-1], "K BOUND_TO S") == set()
    assert _held("hotline", *days, "K BOUND_TO S", min_callees=21) == set()


def test_an_identity_is_misused_by_appeal_or_by_check_not_by_an_empty_column() -> None:
    account = "A HOLDS K"
    assert _held("identity_theft", account, "A HOLDS Sim:S", "S : Sim verify_result=非本人") == {"K"}
    assert _held("identity_theft", account, "A HOLDS Sim:S", "S : Sim verify_result=通过") == set()
    assert _held("identity_theft", account, "A LISTED_AS E", "E : ListEntry appeal=申诉成功") == {"K"}
    assert _held("identity_theft", account, "A LISTED_AS E", "A HOLDS Sim:S") == set()
