"""A home with the invented ring, people at their desks, and charts of it."""

from datetime import UTC, datetime
from pathlib import Path

from cases.access import Role, Subject
from cases.board import Board
from cases.charts.drawing import Drawing, View, drawing_of
from graph.connect import opened
from graph.contract import Ref
from graph.lake.home import LakeHome, lake_home
from tests.export.ring import account, person, tables

AT = datetime(2024, 5, 6, 7, 8, 9, tzinfo=UTC)
LI = Subject("李样警官", Role.INVESTIGATOR, cases=frozenset({"A1"}))
WANG = Subject("王样警官", Role.ANALYST, cases=frozenset({"A1"}))
ZHAO = Subject("赵样警官", Role.INVESTIGATOR, cases=frozenset({"A2"}))
BOARD = Board(
    (account(0), account(1), person(0)),
    origin={account(1): account(0)},
    places={account(0): (12.5, -3.25)},
    hidden=frozenset({person(0)}),
)


def ring_home(root: Path) -> LakeHome:
    """The ring's tables in a home of their own."""
    tables(root)
    return lake_home(root)


def drawn(home: LakeHome, board: Board = BOARD, view: View | None = None) -> Drawing:
    """A board as it is drawn on this home's lake."""
    engine = opened("embedded:", home)
    try:
        return drawing_of(engine, engine.digest().digest, board, view or View())
    finally:
        engine.close()


def board_of(*refs: Ref) -> Board:
    """A board with these nodes and nothing else."""
    return Board().with_nodes(refs)
