from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from cases.board import Board
from cases.grouping import (
    LEAVES_FROM,
    drawn_strength,
    fold,
    leaves_of,
    parallel_pairs,
    rest_sums,
)
from cases.lines import Line, summed
from cases.marks import Rest, Strength
from graph.connect import GraphEngine
from graph.contract import Direction, Edge, Ref
from tests.frames import at

A, B, C, D = (Ref("Account", str(n)) for n in range(1, 5))
P = Ref("Person", "p")
ALL = (A, B, C, D, P)
A1, A2, A3 = (Ref("Account", f"620000000000000000{n}") for n in range(1, 4))


def paid(start: Ref, end: Ref, fen: int, number: int = 1) -> Edge:
    return Edge("TRANSFER", start, end, {"amount_fen": fen}, str(number), at(number), (("f" * 64, number),))


def board(*members: Ref, name: str = "甲") -> Board:
    return Board().with_nodes(ALL).with_group(members, name)


edges_drawn = st.lists(
    st.builds(
        paid,
        st.sampled_from(ALL[:4]),
        st.sampled_from(ALL[:4]),
        st.integers(1, 10**12),
        st.integers(1, 500),
    ),
    max_size=30,
)


@given(edges_drawn, st.sets(st.sampled_from(ALL[:4]), min_size=2))
def test_folding_loses_no_row_and_no_fen(edges: list[Edge], members: set[Ref]) -> None:
    lines = summed(edges)
    folded = fold(board(*sorted(members)), lines)
    group = folded.groups[0]
    everything = [*folded.lines, *group.inside]
    assert sum(line.amount_fen or 0 for line in everything) == sum(e.properties["amount_fen"] for e in edges)
    assert sum(line.count for line in everything) == len(edges)
    assert {row for line in everything for row in line.rows} == {row for e in edges for row in e.rows}
    assert not [line for line in folded.lines if {line.start, line.end} & members]


def test_a_group_says_what_went_out_came_in_and_stayed() -> None:
    edges = [paid(A, B, 100, 1), paid(B, C, 40, 2), paid(A, C, 2, 3), paid(D, A, 7, 4), paid(C, D, 1, 5)]
    folded = fold(board(A, B), summed(edges))
    group, mark = folded.groups[0], folded.groups[0].group.mark
    assert group.types == (("Account", 2),)
    assert [(line.count, line.amount_fen) for line in group.inside] == [(1, 100)]
    assert [(line.count, line.amount_fen, line.first_at, line.last_at) for line in group.outgoing] == [
        (2, 42, at(2), at(3))
    ]
    assert [(line.count, line.amount_fen) for line in group.incoming] == [(1, 7)]
    to_c = next(line for line in folded.lines if line.end == C)
    assert (to_c.start, to_c.amount_fen, to_c.rows) == (mark, 42, (("f" * 64, 2), ("f" * 64, 3)))


def test_a_payment_to_oneself_is_not_swallowed_by_folding() -> None:
    folded = fold(board(A, B), summed([paid(C, C, 5), paid(A, A, 6, 2)]))
    assert [(line.start, line.end) for line in folded.lines] == [(C, C)]
    assert [line.amount_fen for line in folded.groups[0].inside] == [6]


def test_a_bundle_adds_nothing_across_relations_and_keeps_every_line() -> None:
    holds = Edge("HOLDS", P, A, {"confidence": 0.4}, rows=(("e" * 64, 9),))
    bound = Edge("OPENED_BY_AGENT", A, P, {}, "x", at(1), (("e" * 64, 8),))
    lines = summed([holds, bound, paid(A, B, 1)])
    assert parallel_pairs(lines) == ((A, P),)
    folded = fold(Board().with_nodes(ALL).with_bundles([(P, A), (A, B)], True), lines)
    assert [line.relation for line in folded.lines] == ["TRANSFER"]
    (bundle,) = folded.bundles
    assert {line.relation for line in bundle.lines} == {"HOLDS", "OPENED_BY_AGENT"}
    assert bundle.strength is Strength.TENTATIVE


def test_a_group_is_as_sure_as_its_least_sure_line() -> None:
    doubtful = Edge("HOLDS", P, A, {"confidence": 0.7}, rows=(("e" * 64, 9),))
    sure = Edge("HOLDS", P, B, {"confidence": 1.0}, rows=(("e" * 64, 8),))
    (line,) = fold(board(A, B), summed([doubtful, sure])).lines
    assert (line.count, line.strength) == (2, Strength.UNCONFIRMED)
    judged = board(A, B).with_strengths([("HOLDS", P, B)], Strength.TENTATIVE)
    assert fold(judged, summed([doubtful, sure])).lines[0].strength is Strength.TENTATIVE


def test_a_judgement_never_makes_a_line_surer_than_its_rows() -> None:
    (line,) = summed([Edge("HOLDS", P, A, {"confidence": 0.7}, rows=(("e" * 64, 9),))])
    for strength in Strength:
        judged = Board().with_nodes(ALL).with_strengths([line.key], strength)
        assert drawn_strength(judged, line) in (Strength.UNCONFIRMED, Strength.TENTATIVE)
    sure = replace(line, strength=Strength.CONFIRMED)
    weaker = Board().with_nodes(ALL).with_strengths([line.key], Strength.TENTATIVE)
    assert drawn_strength(weaker, sure) is Strength.TENTATIVE


def test_only_many_leaves_of_one_type_are_offered_to_be_folded() -> None:
    leaves = [Ref("Account", f"x{n:03d}") for n in range(LEAVES_FROM + 1)]
    lines = summed([paid(A, leaf, 1) for leaf in leaves] + [paid(A, B, 1), paid(B, C, 1)])
    assert leaves_of(lines) == {A: {"Account": tuple(leaves)}}
    assert leaves_of(lines[1:]) == {}
    assert leaves_of([*lines, *summed([paid(leaves[0], leaves[1], 1)])]) == {}


def test_drawn_and_rest_add_up_to_all(embedded_engine: GraphEngine) -> None:
    counts = {A1: embedded_engine.expansions(A1)}
    whole = next(e for e in counts[A1] if e.relation == "TRANSFER" and e.direction is Direction.OUT)
    rest = Rest(A1, "TRANSFER", Direction.OUT, "Account")
    for shown in ([A1], [A1, A2], [A1, A2, A3]):
        drawn = embedded_engine.subgraph(shown).edges
        here = Board().with_nodes(shown).with_rests([rest])
        lines = [line for line in summed(drawn) if line.relation == "TRANSFER" and line.start == A1]
        for found in rest_sums(here, counts, drawn):
            assert found.count + sum(line.count for line in lines) == whole.count == found.all_count
            assert (found.amount_fen or 0) + sum(line.amount_fen or 0 for line in lines) == whole.amount_fen
            assert found.others + len({line.end for line in lines}) == whole.others
    ends = {edge.end for edge in embedded_engine.neighbours(A1, "TRANSFER", Direction.OUT).edges}
    everything = [A1, *sorted(ends)]
    here = Board().with_nodes(everything).with_rests([rest])
    assert rest_sums(here, counts, embedded_engine.subgraph(everything).edges) == ()


def test_a_rest_of_a_node_the_lake_no_longer_has_is_left_out() -> None:
    here = Board().with_nodes([A]).with_rests([Rest(A, "TRANSFER", Direction.OUT, "Account")])
    assert rest_sums(here, {}, []) == ()


def test_lines_keep_their_name_when_nothing_is_folded() -> None:
    lines: tuple[Line, ...] = summed([paid(A, B, 1), paid(B, A, 2, 2)])
    assert fold(Board().with_nodes(ALL), lines).lines == lines
