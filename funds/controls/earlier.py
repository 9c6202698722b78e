"""Earlier freezers that banks' answers name: who, how much, until when, and where the rows differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from funds.controls.account import AccountControls, OrderState
from funds.controls.events import Earlier, Measure
from funds.controls.problems import Problem
from funds.controls.stated import Statement


@dataclass(frozen=True, slots=True)
class EarlierFreeze:
    """One freezer by its latest statement; among statements of one instant the greater amount counts."""

    freezer: str
    fen: int | None
    until_at: datetime | None
    stated_at: datetime
    rows: tuple[tuple[str, int], ...]
    differs: bool

    def in_force(self, now: datetime) -> bool:
        """Whether it holds at `now` as stated; without an end it does."""
        return self.until_at is None or now < self.until_at


def earlier_freezes(stated: Sequence[Statement]) -> tuple[EarlierFreeze, ...]:
    """The earlier freezers that rows name, by name; refused orders tell of them as well."""
    told: dict[str, list[tuple[Statement, Earlier]]] = {}
    for statement in stated:
        if statement.earlier is not None:
            told.setdefault(statement.earlier.freezer, []).append((statement, statement.earlier))
    found = []
    for freezer, lines in sorted(told.items()):
        latest, terms = max(
            lines, key=lambda line: (line[0].at, line[1].fen or 0, line[0].source, line[0].row)
        )
        rows = tuple(sorted((line.source, line.row) for line, _ in lines))
        differs = len({(own.fen, own.until_at) for _, own in lines}) > 1
        found.append(EarlierFreeze(freezer, terms.fen, terms.until_at, latest.at, rows, differs))
    return tuple(found)


def earlier_fen(freezes: Sequence[EarlierFreeze], now: datetime) -> int:
    """Sum over the freezers in force of what they state; those that state no amount add nothing."""
    return sum(one.fen or 0 for one in freezes if one.in_force(now))


def earlier_problems(
    stated: Sequence[Statement], controls: AccountControls, freezes: Sequence[EarlierFreeze], now: datetime
) -> list[Problem]:
    """Rows that differ on a freezer, amounts that are missing, waiting freezes whose turn has come."""
    orders = {(s.source, s.row): s.order for s in stated}
    problems = []
    for one in freezes:
        names = tuple(dict.fromkeys(orders[row] for row in one.rows))
        if one.differs:
            problems.append(Problem("EARLIER_DIFFERS", names, one.rows))
        if one.fen is None and one.in_force(now):
            problems.append(Problem("EARLIER_NO_AMOUNT", names, one.rows))
    for order in controls.those(Measure.FREEZE, OrderState.WAITING):
        held = any(o.mode is not None for o in controls.freezes_running)
        until = order.earlier.until_at if order.earlier else None
        if not held and until is not None and until <= now:
            problems.append(Problem("WAITING_DUE", (order.number,), order.rows))
    return problems
