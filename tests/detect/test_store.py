"""Stored detection results come back whole, stay in force until swapped, and say when they are stale."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from detect.results import (
    Break,
    Cell,
    Chain,
    Cut,
    Detection,
    Doubt,
    Finding,
    Fragility,
    Gang,
    Hierarchy,
    Link,
    Member,
    Mule,
    Reading,
    RoleReason,
    Steadiness,
)
from detect.store import (
    MANIFEST,
    detection_counts,
    detection_state,
    finding,
    findings_of,
    gang,
    gang_summaries,
    gangs_of,
    mules,
    open_detection,
    write_detection,
)
from graph.contract import Ref
from graph.lake.home import LakeHome
from graph.lake.seal import read_sealed, write_sealed
from graph.lake.tables import open_tables, write_tables
from graph.schema.catalog import node_columns

_A, _B, _P = Ref("Account", "T-1"), Ref("Account", "T-2"), Ref("Person", "local:x:1")
_ROWS = (("f" * 64, 3), ("e" * 64, 1))

_FRAGILITY = Fragility(
    (
        Break(Ref("Ip", "192.0.2.1"), "2024-03-01T01:10Z", None, "", 0.25, (7, 5), _ROWS),
        Break(_A, "", Ref("Opening", "B"), "2024-03-01T01:20Z", 0.1, (10, 2), ()),
    ),
    Cut((7, 5), 0.125, 3),
    (("money", 0.5), ("device", 0.5)),
    ("f" * 64, 0.75),
    (("f" * 64, 3), 0.1 + 0.2),
)
_DOUBT = Doubt(
    Reading("family", 0.4, _ROWS), Reading("money", 0.5, ()), (("family", 0.4), ("gig", 0.0)), ("travel",)
)
_HIERARCHY = Hierarchy(
    (Cell("den", (Ref("Cell", "4301-17"),), (_A, _P), _ROWS), Cell("card_collection", (_P,), (_A, _B), ())),
    (Chain("G-2", _P, "G-1", ("call", "parcel"), (_B,), _ROWS), Chain("G-2", _B, "", ("money",), (), ())),
)


def _detection(digest: str = "d") -> Detection:
    values = {
        "at": datetime(2024, 3, 1, 1, 2, 3, 4, UTC),
        "on": date(2024, 3, 1),
        "window": timedelta(hours=2, microseconds=1),
        "share": 0.1 + 0.2,
        "sum_fen": 9_007_199_254_740_993,
        "exact": Decimal("1.10"),
        "names": ("甲", ["乙", None]),
        "nested": {"$at": True},
        "none": None,
    }
    first_at = datetime(2024, 3, 1, tzinfo=UTC)
    found = Finding("F-1", "F03", 2, _A, 0.7, first_at, None, {"r": 0.9}, values, (_B, _P), _ROWS)
    reason = RoleReason((("pass_through", 0.4, _ROWS),), (("own_move", 0.2, ()),))
    members = (
        Member(
            _P, 0.5, {"card_provider": 0.3, "caller": 0.0}, {"card_provider": reason, "caller": RoleReason()}
        ),
        Member(_A, 1.0, stays=0.6),
    )
    links = (
        Link(_A, _B, "device", 0.3, Ref("Device", "imei:1"), _ROWS),
        Link(_P, _A, "holds", 1.0, None, _ROWS[:1]),
    )
    mule = Mule("T-1", 0.9, 0.8, (("F-1", "F03", 2, 0.4, _ROWS),), (("family", 0.1),))
    return Detection(
        digest,
        "embedded",
        (found, replace(found, finding_id="F-2", subject=_B, others=())),
        (
            Gang(
                "G-1",
                0.9,
                0.8,
                members,
                links,
                ("F-1",),
                _FRAGILITY,
                _DOUBT,
                _HIERARCHY,
                Steadiness(1.0, 0.7),
            ),
            Gang("G-2", 0.2, 1.0, members[1:], ()),
        ),
        (mule, Mule("T-2", 0.1, 0.1, ())),
        ("cycles were cut at 5",),
    )


@pytest.fixture
def home(tmp_path: Path) -> LakeHome:
    return LakeHome(tmp_path)


def test_a_detection_comes_back_without_loss(home: LakeHome) -> None:
    write_detection(home, _detection())
    assert open_detection(home) == _detection()


def test_results_of_the_first_format_are_read_without_what_it_lacked(home: LakeHome) -> None:
    write_detection(home, _detection())
    manifest = read_sealed(home.findings / MANIFEST)
    assert manifest is not None and manifest.pop("format") == 3
    path = home.findings / manifest["folder"] / "gangs.parquet"
    pl.read_parquet(path).drop("fragility", "doubt", "hierarchy", "steadiness").write_parquet(path)
    members = home.findings / manifest["folder"] / "gang_members.parquet"
    pl.read_parquet(members).drop("stays").write_parquet(members)
    write_sealed(home.findings / MANIFEST, {**manifest, "files": {}})
    whole = _detection()
    old = tuple(
        replace(
            g,
            fragility=None,
            doubt=None,
            hierarchy=None,
            steadiness=None,
            members=tuple(replace(m, stays=None) for m in g.members),
        )
        for g in whole.gangs
    )
    assert open_detection(home) == replace(whole, gangs=old)
    assert gang(home, "G-1") == old[0]


def test_an_empty_detection_comes_back_too(home: LakeHome) -> None:
    empty = Detection("d", "embedded", (), (), ())
    write_detection(home, empty)
    assert open_detection(home) == empty
    assert gang_summaries(home) == () and mules(home) == ()


def test_readers_find_nothing_before_the_first_run(home: LakeHome) -> None:
    assert open_detection(home) is None
    assert detection_state(home) == "none"
    assert gang_summaries(home) == () and gang(home, "G-1") is None and mules(home) == ()
    assert finding(home, "F-1") is None and findings_of(home, _A) == ()


def test_equal_detections_have_equal_bytes(tmp_path: Path) -> None:
    homes = [LakeHome(tmp_path / name) for name in ("one", "two")]
    for each in homes:
        write_detection(each, _detection())
    contents = [
        {p.relative_to(h.findings).as_posix(): p.read_bytes() for p in h.findings.rglob("*") if p.is_file()}
        for h in homes
    ]
    assert contents[0] == contents[1] and contents[0]


def test_a_second_run_replaces_the_first_and_leaves_one_folder(home: LakeHome) -> None:
    write_detection(home, _detection())
    second = replace(_detection(), findings=())
    write_detection(home, second)
    assert open_detection(home) == second
    assert sum(p.is_dir() for p in home.findings.iterdir()) == 1


def test_results_are_stale_once_the_lake_changed(home: LakeHome) -> None:
    write_detection(home, _detection(open_tables(home).digest.digest))
    assert detection_state(home) == "fresh"
    columns = node_columns("Ip")
    write_tables(home, {"Ip": pl.DataFrame([{"key": "192.0.2.1", "source": "s", "row": 1}], schema=columns)})
    assert detection_state(home) == "stale"


def test_parts_are_read_alone(home: LakeHome) -> None:
    whole = _detection()
    write_detection(home, whole)
    assert [s.gang_id for s in gang_summaries(home)] == ["G-1", "G-2"]
    summary = gang_summaries(home)[0]
    assert (summary.persons, summary.accounts, summary.members, summary.evidence) == (1, 1, 2, 2)
    assert gang(home, "G-1") == whole.gangs[0]
    assert gang(home, "G-9") is None
    assert mules(home, limit=1) == whole.mules[:1]
    assert mules(home, limit=5, offset=1) == whole.mules[1:]
    assert findings_of(home, _B) == whole.findings
    assert findings_of(home, _P) == whole.findings[:1]
    assert finding(home, "F-2") == whole.findings[1]
    assert gangs_of(home, _A) == ("G-1", "G-2") and gangs_of(home, _B) == ()
    assert detection_counts(home) == {"findings": 2, "gangs": 2, "mules": 2}
