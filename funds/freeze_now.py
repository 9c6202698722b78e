"""The freeze queue of a lake at an instant: the trace, the control sheets and the registers put together."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from funds.cells import FIRST_VICTIM
from funds.claims import Claims, reported_claims
from funds.comparison import Comparison, compare
from funds.controls.account import AccountControls
from funds.controls.clocks import utc
from funds.controls.next_steps import Option, TermWarning, options
from funds.controls.reading import Reading, read_controls
from funds.events import SINKS
from funds.freeze_accounts import (
    Balance,
    Share,
    account_facts,
    balance_of,
    closed,
    freeze_document,
    held_before_us,
    hold_of,
    kind_of,
    last_rows,
    shares_of,
)
from funds.freeze_queue import freeze_queue
from funds.freeze_score import Candidate, Score
from funds.known import known_at
from funds.ledgers import Ledgers, load_ledgers
from funds.methods import DEFAULT
from funds.notices import Notice
from funds.rest_times import Rests
from funds.rests import exits_of, rests_of
from funds.sheet_reach import sheet_reach
from funds.tracing import CONSERVING, Trace
from graph.errors import InputError
from graph.lake.tables import LakeTables

CURRENCY = "CNY"


@dataclass(frozen=True, slots=True)
class QueueLine:
    """An account's place in the queue. shares: money by case; cumulative_fen: expected of the first `rank`.

    balance: as its sheet or register has it, below zero where overdrawn. reading: None when no control sheet
    names the account. kind: empty when no register tells it.
    """

    rank: int
    score: Score
    cumulative_fen: int
    shares: tuple[Share, ...]
    balance: Balance
    kind: str
    reading: Reading | None
    now: datetime

    @property
    def account(self) -> str:
        """The account's key."""
        return self.score.candidate.account

    @property
    def interval(self) -> tuple[int, int]:
        """Least and greatest of victims' money there over all conserving methods, sums over the cases.

        No more than the balance: what one case has more of another has less of.
        """
        low, high = (sum(getattr(one, end) for one in self.shares) for end in ("low_fen", "high_fen"))
        return low, high if self.balance.fen is None else max(low, min(high, self.balance.fen))

    @property
    def options(self) -> tuple[Option, ...]:
        """What the law allows next, and why not the rest."""
        return self.reading.options() if self.reading else options(AccountControls(self.account), self.now)

    @property
    def warnings(self) -> tuple[TermWarning, ...]:
        """Terms about to end."""
        return self.reading.warnings() if self.reading else ()


@dataclass(frozen=True, slots=True)
class Unseen:
    """An account without a sheet that victims' money went to: what of it is left nobody knows."""

    account: str
    cases: tuple[str, ...]
    received_fen: int
    last_at: datetime


@dataclass(frozen=True)
class QueueNow:
    """The queue at `now` by one method; of `cases` alone, all where None. found: all methods' traces."""

    now: datetime
    method: str
    cases: tuple[str, ...] | None
    lines: tuple[QueueLine, ...]
    unseen: tuple[Unseen, ...]
    notices: tuple[Notice, ...]
    found: Comparison

    def expect(self, count: int) -> int:
        """Freeze the first `count` accounts and this many fen are expected to be saved."""
        return self.lines[min(count, len(self.lines)) - 1].cumulative_fen if count > 0 and self.lines else 0


def queue_at(
    tables: LakeTables, now: datetime, method: str = DEFAULT, cases: Sequence[str] | None = None
) -> QueueNow:
    """Accounts that victims' money lies on at `now` by this method, by what a freeze is expected to save.

    Only what was known at `now` counts (`funds.known`). One line an account: money of several cases on it is
    added up and limited by its balance once. h comes from the exits of the fifo trace over all cases,
    whatever `method`: the age of what left, from its arrival to its exit, of victims' money alone.
    Only yuan: accounts with money in other currencies are told as a notice. An empty lake gives no lines.
    InputError for a method that doesn't conserve money, for a case without a known payment, for an instant
    without zone. Source: DOMAIN.md 7.3.
    """
    if method not in CONSERVING:
        raise InputError(
            f"The queue adds money up, so it takes a method that conserves it: {', '.join(CONSERVING)}."
        )
    now = utc(now)
    known = known_at(tables, now)
    ledgers = load_ledgers(known)
    claims = reported_claims(known, ledgers)
    if cases is not None and (missing := sorted(set(cases) - set(claims.victims))):
        raise InputError(
            f"{len(missing)} of the cases asked for have no payment both reported and in the sheets by then; "
            "check the numbers, or ask for a later instant.",
            what="case",
        )
    found = compare(ledgers, claims, ())
    lines = _lines(known, ledgers, found, now, method, cases)
    traced = found.traced[method]
    assert isinstance(traced, Trace)  # noqa: S101 - conserving methods give one
    other = _other_currencies(found, cases)
    notices = (*traced.notices, *other)
    return QueueNow(
        now, method, None if cases is None else tuple(cases), lines, _unseen(traced, cases), notices, found
    )


def _lines(
    known: LakeTables,
    ledgers: Ledgers,
    found: Comparison,
    now: datetime,
    method: str,
    cases: Sequence[str] | None,
) -> tuple[QueueLine, ...]:
    shares = shares_of(found, method, CURRENCY, cases)
    accounts = [ledgers.accounts[ledger] for ledger in shares]
    facts = account_facts(known, accounts)
    readings, reach, last = (
        read_controls(known, now, accounts),
        sheet_reach(known, accounts),
        last_rows(ledgers),
    )
    fifo = found.traced["fifo"]
    assert isinstance(fifo, Trace)  # noqa: S101 - fifo gives one
    rests = Rests(exits_of(rests_of(fifo), fifo))
    details: dict[str, tuple[tuple[Share, ...], Balance, str]] = {}
    candidates = []
    for (ledger, own), account in zip(shares.items(), accounts, strict=True):
        about, reading = facts.get(account, {}), readings.get(account)
        balance = balance_of(ledgers, ledger, last.get(ledger), about)
        level = min((one.level for one in own if one.level is not None), default=None)
        details[account] = own, balance, kind_of(about)
        candidates.append(
            Candidate(
                account=account,
                victim_fen=sum(one.held_fen for one in own),
                available_fen=None if balance.fen is None else max(0, balance.fen),
                last_row_at=_later(last.get(ledger), balance.at),
                case=", ".join(one.case for one in own),
                earlier_fen=held_before_us(reading, now),
                level=level,
                rest=rests.of(account, level),
                hold=hold_of(reading) if reading else None,
                closed=closed(about, now),
                stops_used=reading.stops_at_most if reading else 0,
                freeze_document=freeze_document(reading) if reading else "",
                seen_until=reach.get(account),
            )
        )
    lines, total = [], 0
    for rank, score in enumerate(freeze_queue(candidates, now).scores, start=1):
        account = score.candidate.account
        total += score.expected_fen
        lines.append(QueueLine(rank, score, total, *details[account], readings.get(account), now))
    return tuple(lines)


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((at for at in (one, other) if at is not None), default=None)


def _wanted(claims: Claims, cases: Sequence[str] | None) -> list[int]:
    return [n + FIRST_VICTIM for n, name in enumerate(claims.victims) if cases is None or name in cases]


def _unseen(traced: Trace, cases: Sequence[str] | None) -> tuple[Unseen, ...]:
    """Accounts without a sheet, most money first; what came in yuan."""
    claims, ledgers = traced.claims, traced.ledgers
    left = traced.told.filter(
        (pl.col("sink") == SINKS.index("left_data"))
        & pl.col("owner").is_in(_wanted(claims, cases))
        & (pl.col("place") >= 0)
    )
    sums = left.group_by("place").agg(
        pl.col("fen").sum(), pl.col("at").max(), pl.col("owner").unique().sort()
    )
    found = [
        Unseen(
            ledgers.accounts[place],
            tuple(claims.victims[owner - FIRST_VICTIM] for owner in owners),
            fen,
            at,
        )
        for place, fen, at, owners in sums.with_columns(
            pl.col("at").cast(pl.Datetime("us")).dt.replace_time_zone("UTC")
        ).iter_rows()
        if ledgers.currencies[place] == CURRENCY
    ]
    return tuple(sorted(found, key=lambda one: (-one.received_fen, one.account)))


def _other_currencies(found: Comparison, cases: Sequence[str] | None) -> list[Notice]:
    traced = next(iter(found.traced.values()))
    ledgers, claims = traced.ledgers, traced.claims
    held = found.held.filter(pl.col("owner").is_in(_wanted(claims, cases)) & (pl.col("high") > 0))
    other = {
        (ledgers.accounts[ledger], ledgers.currencies[ledger])
        for ledger in held["ledger"].unique()
        if ledgers.currencies[ledger] != CURRENCY
    }
    if not other:
        return []
    return [Notice("OTHER_CURRENCY", count=len(other), what=", ".join(sorted({name for _, name in other})))]
