"""Sums by region add up, unknown ones are counted; supplied boundaries are checked before they are drawn."""

import json
from pathlib import Path

import pytest

from cases.boundaries import read_boundaries
from cases.regions import PROVINCES, Counted, regions
from graph.errors import InputError
from graph.lake.home import lake_home
from graph.lake.tables import empty_tables, write_tables
from tests.frames import edge, table

SQUARE = {"type": "Polygon", "coordinates": [[[110, 26], [111, 26], [111, 27], [110, 26]]]}


def test_the_34_tiles_have_places_of_their_own() -> None:
    assert len(PROVINCES) == 34
    assert len({(row, column) for *_, row, column in PROVINCES.values()}) == 34
    assert {"71", "81", "82"} <= set(PROVINCES)


def test_reports_add_up_by_province_and_city(tmp_path: Path) -> None:
    codes = ["430100", "430103", "440300", "990100", "000000", None, "43x", "4301"]
    rows = [{"key": f"J{n}", "region": code, "amount_fen": n * 100} for n, code in enumerate(codes)]
    found = regions(write_tables(lake_home(tmp_path), {"Report": table("Report", rows)}), Counted.VICTIMS)
    assert found.province("43") == (2, 100)
    assert found.province("44") == (1, 200)
    assert found.cities("43") == [("4301", 2, 100)]
    assert (found.outside, found.unknown) == (1, 4)
    assert sum(found.count.values()) + found.unknown == len(codes)


def test_holders_are_counted_once_and_by_whole_identity_numbers_only(tmp_path: Path) -> None:
    people = ["430101199001010018", "44030119900101002X", "local:" + "a" * 64 + ":7"]
    holds = [edge(("Person", key), ("Account", f"62{n}")) for n, key in enumerate(people)]
    holds.append(edge(("Person", people[0]), ("Account", "629")))
    tables = write_tables(lake_home(tmp_path), {
        "Person": table("Person", [{"key": key} for key in people]),
        "Account": table("Account", [{"key": key} for key in ("620", "621", "622", "629")]),
        "HOLDS": table("HOLDS", holds),
    })  # fmt: skip
    holders = regions(tables, Counted.HOLDERS)
    assert (holders.count, holders.unknown) == ({"430101": 1, "440301": 1}, 1)
    mules = regions(tables, Counted.MULES, ["620", "629", "nobody"])
    assert (mules.count, mules.unknown) == ({"430101": 2}, 1)


@pytest.mark.parametrize("what", list(Counted))
def test_no_rows_give_empty_sums(what: Counted) -> None:
    assert regions(empty_tables(), what).count == {}


def test_boundaries_are_read_from_features_and_plain_shapes(tmp_path: Path) -> None:
    path = tmp_path / "map.geojson"
    for raw in (SQUARE, {"type": "FeatureCollection", "features": [{"type": "Feature", "geometry": SQUARE}]},
                {"type": "MultiPolygon", "coordinates": [SQUARE["coordinates"]]}):  # fmt: skip
        path.write_text(json.dumps(raw))
        assert [len(ring) for ring in read_boundaries(path)] == [4]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "json"), ("{", "json"), ("[" * 100_000, "json"), ("{}", "empty"), ("3", "empty"),
        (json.dumps({"type": "Polygon", "coordinates": 7}), "shape"),
        (json.dumps({"type": "Polygon", "coordinates": [[["x", 1]]]}), "place"),
        (json.dumps({"type": "Polygon", "coordinates": [[[999, 1]]]}), "place"),
        ('{"type": "Polygon", "coordinates": [[[NaN, 1]]]}', "place"),
        (json.dumps({"type": "LineString", "coordinates": [[1, 1]] * 200_001}), "points"),
    ],
)  # fmt: skip
def test_any_other_file_is_refused_in_a_sentence(tmp_path: Path, text: str, reason: str) -> None:
    path = tmp_path / "map.geojson"
    path.write_text(text)
    with pytest.raises(InputError) as refused:
        read_boundaries(path)
    assert refused.value.facts["reason"] == reason
    with pytest.raises(InputError):
        read_boundaries(tmp_path / "missing")
