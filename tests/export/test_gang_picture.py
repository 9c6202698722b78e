"""The small picture of a gang: drawn inside its frame, the same each time, without a name or number."""

from xml.etree import ElementTree

from detect.results import Gang, Member
from detect.store import open_detection
from export.gang_picture import PICTURED, gang_picture
from graph.contract import Ref
from graph.lake.home import LakeHome

SVG = "{http://www.w3.org/2000/svg}"


def shapes(svg: str) -> list[ElementTree.Element]:
    root = ElementTree.fromstring(svg)  # noqa: S314  (our own text)
    return [e for e in root.iter() if e.tag in (f"{SVG}circle", f"{SVG}rect", f"{SVG}polygon")]


def test_each_gang_is_drawn_alike_each_time_and_says_no_name(sample_home: LakeHome) -> None:
    found = open_detection(sample_home)
    assert found is not None and found.gangs
    for gang in found.gangs:
        svg = gang_picture(gang)
        assert svg == gang_picture(gang)
        assert len(shapes(svg)) == min(PICTURED, len(gang.members))
        assert not any(member.ref.key in svg for member in gang.members)
        for line in ElementTree.fromstring(svg).iter(f"{SVG}line"):  # noqa: S314
            assert all(0 <= float(line.attrib[name]) <= 220 for name in ("x1", "x2"))
            assert all(0 <= float(line.attrib[name]) <= 140 for name in ("y1", "y2"))


def test_people_accounts_and_things_differ_in_shape() -> None:
    refs = [Ref("Person", "p"), Ref("Account", "a"), Ref("Device", "d")]
    gang = Gang("G", 0.5, 1.0, tuple(Member(ref, 1.0) for ref in refs), ())
    drawn = shapes(gang_picture(gang))
    assert sorted(shape.tag.removeprefix(SVG) for shape in drawn) == ["circle", "polygon", "rect"]


def test_a_gang_without_members_is_an_empty_picture() -> None:
    root = ElementTree.fromstring(gang_picture(Gang("G", 0.5, 1.0, (), ())))  # noqa: S314
    assert [list(group) for group in root] == [[]]
