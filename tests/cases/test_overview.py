"""The network of an overview: its nodes, summed lines and the busiest accounts, beside a count by hand."""

from collections import Counter

from cases.overview import busiest_accounts, network_overview_of
from cases.places import place_hints
from graph.connect import open_engine
from graph.contract import Ref
from graph.lake.home import LakeHome


def test_lines_and_nodes_are_those_of_the_chart(sample_home: LakeHome) -> None:
    with open_engine("embedded:", sample_home) as engine:
        refs = busiest_accounts(engine, 150)
        found = network_overview_of(engine, (*refs, Ref("Account", "nobody")))
        rows = engine.subgraph(refs, limit=1_000_000).edges
    assert [node.ref for node in found.nodes] == list(refs)
    by_hand = Counter((refs.index(e.start), refs.index(e.end), e.relation) for e in rows)
    assert {(a, b, relation): n for a, b, relation, n in found.lines} == by_hand
    assert len(by_hand) > 50
    assert [n for *_, n in found.lines] == sorted((n for *_, n in found.lines), reverse=True)
    assert len(set(found.places)) == len(refs)


def test_relations_narrow_the_lines_and_nothing_gives_nothing(sample_home: LakeHome) -> None:
    with open_engine("embedded:", sample_home) as engine:
        refs = busiest_accounts(engine, 30)
        assert network_overview_of(engine, refs, frozenset({"HOLDS"})).lines == ()
        assert network_overview_of(engine, ()).nodes == ()


def test_the_busiest_accounts_come_first_and_ties_by_key(sample_home: LakeHome) -> None:
    with open_engine("embedded:", sample_home) as engine:
        refs = busiest_accounts(engine, 40)
        rows = engine.edges("TRANSFER").to_dicts()
    counts = Counter(
        row[f"{side}_key"] for row in rows for side in ("from", "to") if row[f"{side}_type"] == "Account"
    )
    assert [ref.key for ref in refs] == sorted(counts, key=lambda key: (-counts[key], key))[:40]


def test_hints_depend_on_the_structure_alone() -> None:
    refs = [Ref("Account", f"a{i}") for i in range(6)]
    others = [Ref("Person", f"p{i}") for i in range(6)]
    pairs = [(0, 1), (1, 2), (3, 4)]
    first = place_hints(refs, [(refs[a], refs[b]) for a, b in pairs])
    second = place_hints(others, [(others[a], others[b]) for a, b in pairs])
    assert list(first.values()) == list(second.values())
    assert place_hints(refs, [(refs[0], Ref("Account", "elsewhere"))]).keys() == set(refs)
    assert place_hints([], []) == {}
