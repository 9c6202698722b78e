"""The summed links count as the tables do, and ways over them are those of a plain search."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.connect import open_engine
from graph.contract import Ref
from graph.errors import SchemaError
from graph.lake.home import LakeHome, lake_home
from graph.lake.tables import open_tables, write_tables
from graph.lookup.links import kept_links, links_in
from graph.lookup.walk import shortest_walk
from tests.frames import at, event, nodes, table

KEYS = [f"88{n:015d}" for n in range(7)]


def test_files_of_links_count_what_a_query_counts(sample_home: LakeHome, tmp_path: Path) -> None:
    tables = open_tables(sample_home)
    with open_engine("embedded:", sample_home) as engine:
        refs = [
            Ref(kind, key)
            for kind in ("Account", "Person", "Sim", "Device", "Parcel")
            for key in tables.frame(kind)["key"].sort().head(25)
        ]
        asked = [*refs, Ref("Account", "nobody")]
        from graph.engines.embedded.store import EmbeddedEngine

        plain = EmbeddedEngine(tables)
        counted = plain.expansions_of(asked)
        assert plain._links is None
        links = links_in(tmp_path, tables)
        assert {ref: links.expansions(ref) for ref in asked} == counted
        assert sum(len(own) for own in counted.values()) > 100
        assert kept_links(tmp_path, tables) is not None
        joined = refs[:40]
        found = plain.subgraph(joined)
        assert {edge.relation for edge in found.edges} == set(links.between(joined))
        plain.close()
        assert engine.counts()


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pairs=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=12),
    longest=st.integers(1, 6),
)
def test_the_shortest_way_is_the_first_of_all(
    pairs: list[tuple[int, int]], longest: int, tmp_path: Path
) -> None:
    home = lake_home(tmp_path / "lake")
    rows = [
        event(f"e{n}", ("Account", KEYS[a]), ("Account", KEYS[b]), at(n), amount_fen=1)
        for n, (a, b) in enumerate(pairs)
    ]
    write_tables(home, {"Account": nodes("Account", *KEYS), "TRANSFER": table("TRANSFER", rows)})
    links = links_in(None, open_tables(home))
    near = {n: {b for a, b in pairs if a == n} | {a for a, b in pairs if b == n} for n in range(7)}
    ways: list[list[int]] = []

    def go(way: list[int]) -> None:
        if way[-1] == 1:
            ways.append(way)
        elif len(way) <= longest:
            for after in sorted(near[way[-1]] - set(way)):
                go([*way, after])

    go([0])
    best = min(ways, key=lambda way: (len(way), way), default=[])
    ends = [links.number(Ref("Account", key)) for key in KEYS[:2]]
    assert ends[0] is not None and ends[1] is not None
    way, cut = shortest_walk(links, ends[0], ends[1], longest)
    assert [links.ref(node).key for node in way] == [KEYS[n] for n in best]
    assert not cut


def test_a_search_that_becomes_too_wide_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = lake_home(tmp_path)
    rows = [
        event(f"e{n}", ("Account", KEYS[n]), ("Account", KEYS[n + 1]), at(n), amount_fen=1) for n in range(6)
    ]
    write_tables(home, {"Account": nodes("Account", *KEYS), "TRANSFER": table("TRANSFER", rows)})
    links = links_in(None, open_tables(home))
    monkeypatch.setattr("graph.lookup.walk.MOST_OPENED", 2)
    assert shortest_walk(links, 0, 6, 6) == ([], True)
    assert shortest_walk(links, 0, 0, 6) == ([0], False)


def test_an_end_without_a_row_is_named_not_dropped(tmp_path: Path) -> None:
    home = lake_home(tmp_path)
    rows = [event("e1", ("Account", KEYS[0]), ("Account", KEYS[1]), at(1), amount_fen=1)]
    write_tables(home, {"Account": nodes("Account", KEYS[0]), "TRANSFER": table("TRANSFER", rows)})
    with pytest.raises(SchemaError, match="TRANSFER"):
        links_in(None, open_tables(home))


def test_rows_read_where_they_lie_are_those_of_a_query(sample_home: LakeHome, tmp_path: Path) -> None:
    from graph.contract import Direction
    from graph.engines.embedded.store import EmbeddedEngine

    tables = open_tables(sample_home)
    links_in(tmp_path, tables)
    quick, plain = EmbeddedEngine(tables, tmp_path), EmbeddedEngine(tables)
    compared = 0
    for kind in ("Account", "Person", "Sim", "Device", "Branch", "Parcel"):
        for key in tables.frame(kind)["key"].sort().gather_every(97).head(6):
            ref = Ref(kind, key)
            assert quick.get(ref) == plain.get(ref)
            for relation in {e.relation for e in plain.expansions(ref)}:
                for way in Direction:
                    found = quick.neighbours(ref, relation, way, limit=7)
                    assert found == plain.neighbours(ref, relation, way, limit=7), (relation, way)
                    compared += len(found.edges)
    assert compared > 100
    assert quick._quick is not None and plain._quick is None
    assert quick.get(Ref("Account", "nobody")) is None
    assert quick.neighbours(Ref("Account", "nobody"), "TRANSFER").edges == ()
    quick.close()
    plain.close()
