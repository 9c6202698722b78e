"""Two gangs beside each other: what is told is in their rows, and the order of the two does not matter."""

from dataclasses import replace

from cases.gang_comparison import compare_gangs
from detect.results import Chain, Gang, Hierarchy, Link, Member
from detect.store import open_detection
from graph.contract import Ref
from graph.lake.home import LakeHome

ONE_ROW, OTHER_ROW = ("a" * 64, 1), ("b" * 64, 2)


def gang(name: str, members: list[Ref], links: list[Link]) -> Gang:
    return Gang(name, 0.5, 1.0, tuple(Member(ref, 0.5) for ref in members), tuple(links))


def test_a_thing_both_hang_at_is_told_with_the_rows_of_both() -> None:
    phone, a, b, c = Ref("Device", "dev-1"), Ref("Person", "p-a"), Ref("Person", "p-b"), Ref("Person", "p-c")
    one = gang("G-1", [a, b], [Link(a, b, "SHARED_DEVICE", 0.5, phone, (ONE_ROW,))])
    other = gang("G-2", [phone, c], [Link(phone, c, "SHARED_DEVICE", 0.5, None, (OTHER_ROW,))])
    compared = compare_gangs(one, other, [])
    assert [(s.ref, s.in_one, s.in_other, s.rows) for s in compared.shared] == [
        (phone, False, True, (ONE_ROW, OTHER_ROW))
    ]
    assert compared.types == {"Person": (2, 1), "Device": (0, 1)}


def test_gangs_with_nothing_in_common_share_nothing() -> None:
    a, b = Ref("Person", "p-a"), Ref("Person", "p-b")
    compared = compare_gangs(gang("G-1", [a], []), gang("G-2", [b], []), [])
    assert not compared.shared and not compared.chains and not compared.kinds


def chain(to: str, via: Ref) -> Chain:
    return Chain(to, via, "G-1", ("money",), (Ref("Person", "p-x"),), (ONE_ROW,))


def test_a_hub_that_both_tell_of_is_one_tie() -> None:
    hub, second = Ref("Account", "hub"), Ref("Account", "second")
    one = replace(gang("G-1", [], []), hierarchy=Hierarchy((), (chain("G-2", hub), chain("G-3", hub))))
    other = replace(gang("G-2", [], []), hierarchy=Hierarchy((), (chain("G-1", hub), chain("G-1", second))))
    there, back = compare_gangs(one, other, []), compare_gangs(other, one, [])
    assert [tie.via for tie in there.chains] == [hub, second]
    assert {tie.gang_id for tie in there.chains} == {"G-2"}
    assert {tie.via for tie in back.chains} == {hub, second}


def test_a_gang_beside_a_part_of_itself_shares_that_part(sample_home: LakeHome) -> None:
    found = open_detection(sample_home)
    assert found is not None and found.gangs
    whole = found.gangs[0]
    kept = whole.members[::2]
    inside = {member.ref for member in kept}
    part = Gang("part", 0.5, 1.0, kept, tuple(k for k in whole.links if {k.a, k.b} <= inside))
    there, back = compare_gangs(whole, part, found.findings), compare_gangs(part, whole, found.findings)
    assert {s.ref for s in there.shared if s.in_one and s.in_other} == inside
    assert [s.ref for s in there.shared] == [s.ref for s in back.shared]
    assert there.kinds == {name: (b, a) for name, (a, b) in back.kinds.items()}
    assert sum(a for a, _ in there.types.values()) == len(whole.members)
    assert sum(b for _, b in there.kinds.values()) == len(part.links)
