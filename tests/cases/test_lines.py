from cases.lines import summed
from graph.connect import GraphEngine
from graph.contract import Ref
from tests.frames import at

A1, A2, A3 = (Ref("Account", f"620000000000000000{n}") for n in range(1, 4))
P1 = Ref("Person", "990101199001010018")


def test_rows_between_two_nodes_become_one_line_that_cites_all(embedded_engine: GraphEngine) -> None:
    lines = summed(embedded_engine.subgraph([A1, A2, A3, P1]).edges)
    money = next(line for line in lines if line.relation == "TRANSFER" and line.end == A2)
    assert (money.start, money.count, money.amount_fen) == (A1, 2, 350_000)
    assert (money.first_at, money.last_at) == (at(0), at(5))
    assert money.rows == (("f" * 64, 1), ("e" * 64, 7), ("f" * 64, 2))
    holds = next(line for line in lines if line.relation == "HOLDS")
    assert (holds.count, holds.amount_fen, holds.first_at) == (1, None, at(-60))


def test_the_sum_of_the_lines_is_the_sum_of_the_rows(embedded_engine: GraphEngine) -> None:
    edges = embedded_engine.subgraph([A1, A2, A3]).edges
    total = sum(e.properties["amount_fen"] for e in edges if e.relation == "TRANSFER")
    assert sum(line.amount_fen or 0 for line in summed(edges)) == total
    assert summed([]) == ()
