"""Reads accounts' stops and freezes out of the lake as banks state them, contradictions beside them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby

import polars as pl

from funds.controls.account import AccountControls, Order, OrderState
from funds.controls.clocks import LAW, ControlLaw, utc
from funds.controls.earlier import EarlierFreeze, earlier_freezes, earlier_problems
from funds.controls.events import Act, ControlEvent, Measure, in_order
from funds.controls.next_steps import Option, TermWarning, options, warnings
from funds.controls.problems import Problem
from funds.controls.stated import Statement, statement_of
from funds.controls.steps import record
from graph.lake.tables import LakeTables

_VALUES = (
    "kind mode document requested_fen executed_fen available_fen started_at ended_at reason earlier_freezer "
    "earlier_fen earlier_until_at"
).split()
_HELD_ALL_THE_SAME = frozenset(
    "NO_DOCUMENT NO_MODE OVER_SIX_MONTHS OVER_A_YEAR STOP_TERM LIFT_BY_ONLY FREEZES_OVERLAP EARLIER_DIFFERS "
    "EARLIER_NO_AMOUNT".split()
)
"""Problems that leave it certain that the account is held; terms are clocked no longer than the law's."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An account as its rows up to `now` state it. later: rows after `now`, which count for nothing here."""

    now: datetime
    controls: AccountControls
    statements: tuple[Statement, ...]
    problems: tuple[Problem, ...]
    earlier: tuple[EarlierFreeze, ...]
    later: int

    @property
    def stops_at_most(self) -> int:
        """Stops used if every row whose state or start is unclear, or that tells again, is one of its own."""
        told = {
            (s.order, s.at if s.started_at else None)
            for s in self.statements
            if s.measure is Measure.STOP and s.act in (Act.EXECUTED, None)
        }
        return max(self.controls.stops_used, len(told))

    @property
    def sure_holds(self) -> tuple[Order, ...]:
        """Orders in force that nothing contradicts: all that a screen may call held."""
        doubtful = {n for p in self.problems if p.code not in _HELD_ALL_THE_SAME for n in p.orders}
        running = [order for order in self.controls.orders if order.state is OrderState.RUNNING]
        return tuple(o for o in running if o.number not in doubtful)

    def options(self, law: ControlLaw = LAW) -> tuple[Option, ...]:
        """What is allowed next; stops that may have been used count as used."""
        unclear = self.stops_at_most - self.controls.stops_used
        return options(self.controls, self.now, replace(law, stops_at_most=law.stops_at_most - unclear))

    def warnings(self, law: ControlLaw = LAW) -> tuple[TermWarning, ...]:
        """Terms about to end."""
        return warnings(self.controls, self.now, law)


def read_controls(
    tables: LakeTables, now: datetime, accounts: Sequence[str] | None = None, law: ControlLaw = LAW
) -> dict[str, Reading]:
    """Account key -> its state at `now`; accounts without a control row are left out. accounts: only these.

    Orders that state neither start nor end have no CONTROL row in the lake and are not seen; see
    `orders_without_account`. InputError when `now` has no zone. Source: DOMAIN.md 3.2 and 7.3.
    """
    moment = utc(now)
    orders = tables.scan("ControlOrder").select(*_VALUES, order="key")
    rows = tables.scan("CONTROL")
    several = (
        rows.group_by(order=pl.col("from_key"))
        .agg(rows=pl.len(), accounts=pl.col("to_key").n_unique())
        .collect()
    )
    if accounts is not None:
        rows = rows.filter(pl.col("to_key").is_in(list(accounts)))
    lines = (
        rows.select("at", "state", "source", "row", order="from_key", account="to_key")
        .join(orders, on="order", how="left")
        .join(several.lazy(), on="order", how="left")
        .collect()
        .sort("account", "at", "order", "source", "row")
    )
    found: dict[str, Reading] = {}
    for account, own in groupby(lines.iter_rows(named=True), key=lambda line: str(line["account"])):
        known = list(own)
        last = {line["order"]: place for place, line in enumerate(known)}
        stated = [
            statement_of(line, alone=line["rows"] == 1, final=last[line["order"]] == place)
            for place, line in enumerate(known)
            if line["at"] <= moment or line["started_at"] is None
        ]
        if stated:
            spread = {line["order"] for line in known if line["accounts"] > 1}
            reading = _read(account, stated, spread, moment, law)
            found[account] = replace(reading, later=len(known) - len(stated))
    return found


def orders_without_account(tables: LakeTables) -> list[str]:
    """Order numbers that no CONTROL row ties to an account, sorted: their sheets state no time at all."""
    orders, placed = tables.scan("ControlOrder"), tables.scan("CONTROL")
    return (
        orders.join(placed, left_on="key", right_on="from_key", how="anti").collect()["key"].sort().to_list()
    )


def _read(
    account: str, stated: Sequence[Statement], spread: Iterable[str], now: datetime, law: ControlLaw
) -> Reading:
    problems = [problem for statement in stated for problem in _of_row(statement, set(spread))]
    controls = AccountControls(account)
    events = [event for statement in stated for event in _events(statement)]
    for event in sorted(events, key=in_order):
        meant, problem = _meant(controls.at(event.at), event)
        if problem is not None:
            problems.append(problem)
        if meant is None:
            continue
        outcome = record(controls, meant, law)
        controls = outcome.account
        if outcome.refusal is not None:
            problems.append(Problem(outcome.refusal.code, (meant.order,), ((meant.source, meant.row),)))
    controls = controls.at(now)
    problems += _overlaps(controls)
    earlier = earlier_freezes(stated)
    problems += earlier_problems(stated, controls, earlier, now)
    return Reading(now, controls, tuple(stated), _in_order(problems), earlier, 0)


def _events(statement: Statement) -> list[ControlEvent]:
    """A bank's answer stands for the request it answers too; rows that can't be placed give none."""
    if statement.measure is None or statement.act is None or statement.started_at is None:
        return _refusal_without_start(statement)
    end = statement.ended_at
    answer = ControlEvent(
        order=statement.order,
        measure=statement.measure,
        act=statement.act,
        at=statement.at,
        document=statement.document,
        source=statement.source,
        row=statement.row,
        mode=statement.mode,
        limit_fen=statement.requested_fen,
        executed_fen=statement.executed_fen,
        ends_at=end if end is not None and end > statement.at else None,
        earlier=statement.earlier,
    )
    if statement.act in (Act.EXECUTED, Act.REFUSED, Act.WAITING):
        return [replace(answer, act=Act.REQUESTED, ends_at=None, executed_fen=None), answer]
    return [answer]


def _refusal_without_start(statement: Statement) -> list[ControlEvent]:
    """What never took hold needs no start: a refusal is told at the only time the row has."""
    if statement.measure is None or statement.act is not Act.REFUSED:
        return []
    asked = ControlEvent(
        statement.order,
        statement.measure,
        Act.REQUESTED,
        statement.at,
        statement.document,
        statement.source,
        statement.row,
    )
    return [asked, replace(asked, act=Act.REFUSED)]


def _meant(controls: AccountControls, event: ControlEvent) -> tuple[ControlEvent | None, Problem | None]:
    """The event on the order it means; a lifting or renewal often has a number of its own.

    Orders told again keep their first request without a word: the rows are counted as RETOLD already.
    """
    rows = ((event.source, event.row),)
    known = controls.find(event.measure, event.order)
    if event.act is Act.REQUESTED and known is not None:
        return None, None
    if event.act not in (Act.LIFTED, Act.RENEWED) or known is not None:
        return event, None
    running = controls.those(event.measure, OrderState.RUNNING)
    if len(running) != 1:
        held = tuple(order.number for order in running)
        return None, Problem("LIFT_UNCLEAR", (event.order, *held), rows)
    return replace(event, order=running[0].number), Problem("LIFT_BY_ONLY", (event.order,), rows)


def _of_row(statement: Statement, spread: set[str]) -> list[Problem]:
    """What one row contradicts in itself, or leaves open."""
    done = statement.act in (Act.EXECUTED, Act.RENEWED)
    tests = (
        ("MEASURE_UNKNOWN", statement.measure is None, statement.words[0]),
        ("STATE_UNKNOWN", statement.act is None, statement.words[1]),
        ("NO_START", statement.started_at is None and statement.act is not Act.REFUSED, ""),
        ("SEVERAL_ACCOUNTS", statement.order in spread, ""),
        ("RETOLD", not statement.alone and statement.order not in spread, ""),
        ("DONE_BUT_REASON", done and bool(statement.reason), ""),
        ("REFUSED_BUT_HELD", statement.act is Act.REFUSED and (statement.executed_fen or 0) > 0, ""),
        (
            "END_BEFORE_START",
            done
            and statement.started_at is not None
            and statement.ended_at is not None
            and statement.ended_at <= statement.at,
            "",
        ),
    )
    row = ((statement.source, statement.row),)
    return [Problem(code, (statement.order,), row, what) for code, there, what in tests if there]


def _overlaps(controls: AccountControls) -> list[Problem]:
    running = controls.freezes_running
    if len(running) < 2:
        return []
    rows = tuple(row for order in running for row in order.rows)
    return [Problem("FREEZES_OVERLAP", tuple(order.number for order in running), rows)]


def _in_order(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(sorted(set(problems), key=lambda p: (p.rows, p.code, p.orders, p.what)))
