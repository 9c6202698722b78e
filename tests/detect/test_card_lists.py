"""The re-verification list and the card crackdown list: what stands on them, in which order, by what."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from detect.controllers.proposal import Control, ControlSign
from detect.crackdown import Dealing, crackdown
from detect.facts import Facts
from detect.list_report import card_record, control_record, dealing_record
from detect.results import Detection, Finding, Gang, Member, RoleReason, Row
from detect.reverify import RULES, reverify
from detect.rule import load_rules
from detect.worlds import World, build_world
from graph.contract import Ref
from tests.detect.ledgers import in_memory

F = "f" * 64
LINES = [
    "A HOLDS K",
    "B HOLDS K2",
    "A HOLDS S",
    "K : Account bank=虚构银行 branch=999990000001",
    "K BOUND_TO S",
]


def _world(*lines: str) -> tuple[World, Facts]:
    world = build_world([*LINES, *lines])
    return world, Facts(in_memory(world.frames))


def _finding(rule: str, subject: Ref, score: float, row: int, others: Sequence[Ref] = ()) -> Finding:
    values: Mapping[str, Any] = {}
    name = f"{rule}-{row:016x}"
    return Finding(name, rule, 1, subject, score, None, None, {}, values, tuple(others), ((F, row),))


def _detection(findings: Sequence[Finding] = (), gangs: Sequence[Gang] = ()) -> Detection:
    return Detection("d", "embedded", tuple(findings), tuple(gangs), ())


def test_no_findings_give_no_list() -> None:
    _, facts = _world()
    assert reverify([], facts, load_rules()) == ()
    assert crackdown(_detection(), (), facts) == ()


def test_a_card_is_listed_once_with_the_strongest_finding_of_each_rule() -> None:
    world, facts = _world()
    k, s = world.names["K"], world.names["S"]
    findings = [
        _finding("C08", k, 0.5, 1),
        _finding("C08", k, 1.0, 2),
        _finding("F06", k, 0.5, 3),
        _finding("C04", s, 0.5, 4, [k]),
        _finding("F03", k, 1.0, 5),
    ]
    cards = reverify(findings, facts, load_rules())
    assert [one.card for one in cards] == [k, s]
    rules = {rule.id: rule for rule in load_rules()}
    assert {reason.rule for reason in cards[0].reasons} == {"C08", "F06", "C04"}
    left = 1.0
    for rule, score in (("C08", 1.0), ("F06", 0.5), ("C04", 0.5)):
        left *= 1.0 - round(rules[rule].confidence * score, 4)
    assert cards[0].priority == round(1.0 - left, 4)
    assert cards[0].holder == world.names["A"] and cards[0].unit == "虚构银行"
    assert cards[0].reasons[0].rows == ((F, 2),)


def test_an_innocent_reading_that_the_rule_excludes_halves_the_priority_and_is_shown() -> None:
    kin = ["A LIVES_AT H", "B LIVES_AT H", "K TRANSFER K2 at=2024-03-06T10:00 amount=9000"]
    world, facts = _world(*kin)
    rules = {rule.id: rule for rule in load_rules()}
    (card,) = reverify([_finding("C08", world.names["K"], 1.0, 1)], facts, load_rules())
    assert card.innocent == (("family", 1.0),)
    assert card.priority == round(rules["C08"].confidence * 0.5, 4)


def test_a_reading_that_lowered_the_finding_already_is_not_taken_off_twice() -> None:
    kin = ["A LIVES_AT H", "B LIVES_AT H", "K TRANSFER K2 at=2024-03-06T10:00 amount=9000"]
    world, facts = _world(*kin)
    marks = {"excluded_by": ("family",), "excluded_strength": 1.0, "score_alone": 1.0}
    lowered = replace(_finding("C08", world.names["K"], 0.5, 1), values=marks)
    (card,) = reverify([lowered], facts, load_rules())
    (alone,) = reverify([_finding("C08", world.names["K"], 1.0, 1)], facts, load_rules())
    assert card.priority == alone.priority


def test_persons_and_devices_are_no_cards() -> None:
    world, facts = _world()
    found = [
        _finding("S01", world.names["A"], 1.0, 1, [world.names["S"], Ref("Device", "imei:00000000000001")])
    ]
    assert [one.card for one in reverify(found, facts, load_rules())] == [world.names["S"]]


def test_the_rules_of_the_list_exist_and_are_those_of_the_domain() -> None:
    assert set(RULES) <= {rule.id for rule in load_rules()}
    assert set(RULES) == {"S01", "S02", "C01", "C04", "F06", "C08"}


def _control(card: Ref, holder: Ref, user: Ref, day: int, families: Sequence[str]) -> Control:
    at = datetime(2024, 3, day, tzinfo=UTC)
    signs = tuple(ControlSign(f"sign_{f}", f, 0.5, None, ((F, day),)) for f in families)
    return Control(card, holder, user, 0.8, signs, (), at, at)


def _person(n: int) -> Ref:
    return Ref("Person", f"99999919700101{n:03d}X")


def _gang(role: str, weight: float, person: Ref, signs: Mapping[str, tuple[Row, ...]]) -> Gang:
    reason = RoleReason(tuple((name, 0.5, rows) for name, rows in signs.items()))
    return Gang("g", 1.0, 1.0, (Member(person, 1.0, {role: weight}, {role: reason}),), ())


def test_three_cards_to_three_takers_on_three_days_reach_the_figures() -> None:
    _, facts = _world()
    holder = _person(1)
    controls = [
        _control(Ref("Account", f"880000000000000{n}"), holder, _person(10 + n), n, ["device", "holder"])
        for n in (1, 2, 3)
    ]
    (one,) = crackdown(_detection(), controls, facts)
    assert (one.part, one.state, len(one.cards), one.days) == ("seller", "proposal", 3, 3)
    assert {t.name: t.reached for t in one.thresholds} == {"cards": True, "times": True, "takers": True}
    assert all(t.from_on.isoformat() == "2024-12-01" for t in one.thresholds)
    (two,) = crackdown(_detection(), controls[:2], facts)
    assert not any(t.reached for t in two.thresholds)


def test_one_stream_of_evidence_lists_nobody() -> None:
    world, facts = _world()
    one = _control(world.names["K"], world.names["A"], _person(9), 1, ["device"])
    assert crackdown(_detection(), [one], facts) == ()
    gang = _gang("card_dealer", 0.8, _person(5), {"receives_light_parcels": ((F, 1),)})
    assert crackdown(_detection(gangs=[gang]), (), facts) == ()


def test_a_dealer_has_the_accounts_of_others_on_the_phone_and_none_of_the_own_home() -> None:
    lines = ["D HOLDS DS", "K2 BOUND_TO DS", "C HOLDS K3", "K3 BOUND_TO DS", "C LIVES_AT H", "D LIVES_AT H"]
    world, facts = _world(*lines)
    person = world.names["D"]
    gang = _gang("card_dealer", 0.8, person, {"receives_light_parcels": ((F, 1),)})
    (one,) = crackdown(_detection(gangs=[gang]), (), facts)
    assert one.part == "dealer" and one.cards == (world.names["K2"],) and one.others == (world.names["B"],)
    assert set(one.streams) == {"phone_of_others_accounts", "receives_light_parcels"} and len(one.rows) == 2
    weak = _gang("card_dealer", 0.49, person, {"receives_light_parcels": ((F, 1),), "x": ((F, 2),)})
    assert crackdown(_detection(gangs=[weak]), (), facts) == ()


def test_dealers_come_first_and_the_order_of_input_changes_nothing() -> None:
    _, facts = _world()
    gang = _gang("card_runner", 0.6, _person(7), {"opens_for_others": ((F, 1),), "sends": ((F, 2),)})
    controls = [
        _control(Ref("Account", f"880000000000000{n}"), _person(n), _person(9), n, ["device", "phone"])
        for n in (1, 2)
    ]
    listed: tuple[Dealing, ...] = crackdown(_detection(gangs=[gang]), controls, facts)
    assert [one.person for one in listed] == [_person(7), _person(1), _person(2)]
    assert crackdown(_detection(gangs=[gang]), controls[::-1], facts) == listed


def test_records_are_masked_unless_asked() -> None:
    world, facts = _world()
    k, a = world.names["K"], world.names["A"]
    (card,) = reverify([_finding("C08", k, 1.0, 1)], facts, load_rules())
    control = _control(k, a, _person(9), 1, ["device", "holder"])
    (dealing,) = crackdown(_detection(), [control], facts)
    for show, inside in ((False, False), (True, True)):
        made = [
            card_record(card, load_rules(), show),
            dealing_record(dealing, show),
            control_record(control, show),
        ]
        assert [k.key in str(record) for record in made] == [inside] * 3
        assert [a.key in str(record) for record in made] == [inside] * 3
    assert card_record(card, load_rules(), False)["ask"]["zh"]
