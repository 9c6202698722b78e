import pytest

from cases.marks import Strength, weakest
from cases.strength import strength_of
from graph.contract import Edge, Ref

A, P = Ref("Account", "1"), Ref("Person", "p")
ROW = (("f" * 64, 1),)


def holds(confidence: float | None, rows: tuple[tuple[str, int], ...] = ROW) -> Edge:
    return Edge("HOLDS", P, A, {} if confidence is None else {"confidence": confidence}, rows=rows)


@pytest.mark.parametrize(
    ("edges", "strength"),
    [
        ([holds(1.0)], Strength.CONFIRMED),
        ([holds(None)], Strength.CONFIRMED),
        ([holds(0.99)], Strength.UNCONFIRMED),
        ([holds(0.5)], Strength.UNCONFIRMED),
        ([holds(0.49)], Strength.TENTATIVE),
        ([holds(0.2), holds(1.0)], Strength.CONFIRMED),
        ([holds(1.0, rows=())], Strength.UNCONFIRMED),
        ([], Strength.TENTATIVE),
    ],
)
def test_a_line_is_as_sure_as_its_surest_row(edges: list[Edge], strength: Strength) -> None:
    assert strength_of("HOLDS", edges) is strength


def test_what_is_derived_or_judged_otherwise_is_not_confirmed() -> None:
    derived = Edge("CONTROLS", P, A, {}, rows=ROW)
    assert strength_of("CONTROLS", [derived]) is Strength.UNCONFIRMED
    unsure = Edge("SAME_AS", P, P, {"confidence": 1.0, "verdict": "unsure"}, rows=ROW)
    assert strength_of("SAME_AS", [unsure]) is Strength.UNCONFIRMED


def test_the_weakest_of_several() -> None:
    assert weakest(Strength.CONFIRMED, Strength.TENTATIVE, Strength.UNCONFIRMED) is Strength.TENTATIVE
    assert weakest() is Strength.CONFIRMED
