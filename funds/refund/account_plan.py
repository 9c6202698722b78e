"""The refund plan of one frozen account of a lake: trace, reports and control rows put together."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from funds.controls.reading import read_controls
from funds.refund.claims import CONSERVING, Arrival, Claim, Frozen
from funds.refund.doubts import Doubt
from funds.refund.frozen_money import FrozenMoney, frozen_money
from funds.refund.ground import RefundGround
from funds.refund.plan import RefundPlan, refund_plan
from graph.errors import InputError

GRADES = ("A", "B", "C", "D")


@dataclass(frozen=True, slots=True)
class AccountPlan:
    """plan: its victims are reports. money: what is frozen and by whose word. doubts: what it rests on.

    received: report -> least and most fen of its money that came here, over the four conserving methods.
    balance_fen: last balance of the sheet, None without one. data_to: the account's last row.
    """

    plan: RefundPlan
    money: FrozenMoney
    received: Mapping[str, tuple[int, int]]
    balance_fen: int | None
    data_to: datetime | None
    doubts: tuple[Doubt, ...]


def account_plan(
    ground: RefundGround,
    account: str,
    now: datetime,
    frozen_fen: int | None = None,
    refunded: Mapping[str, int] | None = None,
) -> AccountPlan:
    """The plan for what is frozen on `account` at `now`.

    frozen_fen: what a person says is frozen; None: what the one sure freeze states. refunded: report -> fen
    it was already given back, as a person says. Unknown counts against the branches that need knowledge.
    InputError when no movement in yuan names the account, the frozen sum is unknown, a report is not there.
    """
    ledger = ground.ledger(account)
    if ledger is None:
        raise InputError(
            "No movement in yuan names this account; check the number with `python -m graph stats`."
        )
    given_back = _checked(ground, refunded or {})
    money = frozen_money(read_controls(ground.tables, now, [account]).get(account), frozen_fen)
    arrivals = ground.arrivals(ledger)
    claims = [_claim(ground, owner, own, given_back) for owner, own in sorted(arrivals.items())]
    sheet = _sheet(ground, account, ledger, money)
    frozen = Frozen(
        account=account,
        currency="CNY",
        fen=money.fen,
        deposits=sheet.deposits + sheet.unseen,
        grade=_worst_grade(ground, ledger),
        left={
            name: {ground.victim(owner): fen for owner, fen in held.items()}
            for name, held in ground.held(ledger).items()
        },
        unknown_fen=ground.unknown_fen(ledger) + sheet.above_fen,
        covered=sheet.covers,
        untimed=sheet.untimed,
    )
    received = {ground.victim(owner): _received(ground, ledger, owner) for owner in arrivals}
    doubts = (
        *money.doubts,
        *_of_sheet(ground, ledger, frozen, sheet),
        *_of_victims(ground, claims, received, given_back),
        *([Doubt("LATER_ROWS")] if ground.data_to is not None and ground.data_to > now else []),
        *([Doubt("FOREIGN", count=foreign)] if (foreign := ground.foreign(account)) else []),
    )
    return AccountPlan(refund_plan(frozen, claims), money, received, sheet.closing_fen, sheet.last_at, doubts)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """What the account's own rows say. closing_fen: last balance, None where no row states one.

    deposits: rows of money in. unseen: deposits without a usable row. above_fen: frozen beyond the balance.
    covers: the rows are known to reach up to what was frozen. untimed: rows known only by day.
    """

    closing_fen: int | None
    last_at: datetime | None
    deposits: int
    unseen: int
    above_fen: int
    covers: bool
    untimed: int


def _sheet(ground: RefundGround, account: str, ledger: int, money: FrozenMoney) -> _Sheet:
    """Frozen money that is no longer or not only what the rows end with was moved by rows nobody has."""
    blind = bool(ground.ledgers.blind[ledger]) or not ground.ledgers.followed[ledger]
    closing = None if blind else int(ground.ledgers.closing[ledger])
    above = max(0, money.fen - closing) if closing is not None else 0
    deposits, unseen = ground.deposits(ledger)
    in_by_day, out_by_day = (_by_day(ground, account, end) for end in ("to", "from"))
    unseen += in_by_day + int(blind) + int(above > 0)
    last_at = ground.last_at(account)
    starts = [order.started_at for order in money.orders if order.started_at is not None]
    later = bool(starts) and last_at is not None and last_at >= max(starts)
    covers = closing is not None and (money.fen == closing or later or closing in _stated(ground, money))
    return _Sheet(closing, last_at, deposits, unseen, above, covers, in_by_day + out_by_day)


def _stated(ground: RefundGround, money: FrozenMoney) -> list[int]:
    """The balances that the freezes' own rows state."""
    numbers = [order.number for order in money.orders]
    orders = ground.tables.scan("ControlOrder").filter(pl.col("key").is_in(numbers))
    return orders.select("balance_fen").collect()["balance_fen"].drop_nulls().to_list()


def _checked(ground: RefundGround, refunded: Mapping[str, int]) -> dict[str, int]:
    if any(report not in ground.losses for report in refunded):
        raise InputError("A refund was given for a report that is not in the data; check its number.")
    if any(fen < 0 for fen in refunded.values()):
        raise InputError("A refund that was given is below zero; correct it.")
    return {report: fen for report, fen in refunded.items() if fen}


def _claim(
    ground: RefundGround, owner: int, arrivals: tuple[Arrival, ...], refunded: Mapping[str, int]
) -> Claim:
    report = ground.victim(owner)
    return Claim(report, "CNY", ground.losses[report], arrivals, refunded.get(report, 0))


def _received(ground: RefundGround, ledger: int, owner: int) -> tuple[int, int]:
    line = ground.found.received.row(
        by_predicate=(pl.col("ledger") == ledger) & (pl.col("owner") == owner), named=True
    )
    sums = [int(line[name]) for name in CONSERVING]
    return min(sums), max(sums)


def _by_day(ground: RefundGround, account: str, end: str) -> int:
    """Rows with the account at this end whose time of day is unknown: the tracer has left them out."""
    rows = [
        ground.tables.scan(name)
        .filter((pl.col(f"{end}_key") == account) & pl.col("precision").eq_missing("day"))
        .select(pl.len())
        .collect()
        .item()
        for name in ("TRANSFER", "CASH_IN" if end == "to" else "CASH_OUT")
    ]
    return sum(int(count) for count in rows)


def _worst_grade(ground: RefundGround, ledger: int) -> str:
    """The worst grade of the account's sheets and of those its victims' money came through; unknown is D."""
    way = ground.upstream(ledger)
    grades = ground.tables.scan("Account").filter(pl.col("key").is_in(way)).select("key", "grade").collect()
    found = dict(grades.iter_rows())
    return max(grade if grade in GRADES else "D" for grade in (found.get(key) or "D" for key in way))


def _of_sheet(ground: RefundGround, ledger: int, frozen: Frozen, sheet: _Sheet) -> list[Doubt]:
    doubts = []
    if not ground.ledgers.followed[ledger]:
        doubts.append(Doubt("NO_SHEET"))
    elif sheet.closing_fen is None:
        doubts.append(Doubt("NO_BALANCES"))
    elif not sheet.covers:
        doubts.append(Doubt("NOT_COVERED"))
    if sheet.above_fen:
        doubts.append(Doubt("FROZEN_ABOVE_BALANCE", fen=sheet.above_fen))
    if frozen.unknown_fen - sheet.above_fen:
        doubts.append(Doubt("UNKNOWN_MONEY", fen=frozen.unknown_fen - sheet.above_fen))
    if sheet.unseen:
        doubts.append(Doubt("UNSEEN_DEPOSITS", count=sheet.unseen))
    if frozen.grade != "A":
        doubts.append(Doubt("WEAK_PATH", what=frozen.grade))
    return doubts


def _of_victims(
    ground: RefundGround,
    claims: list[Claim],
    received: Mapping[str, tuple[int, int]],
    refunded: Mapping[str, int],
) -> list[Doubt]:
    doubts = []
    by_some = sum(1 for least, _ in received.values() if least == 0)
    if by_some:
        doubts.append(Doubt("SOME_METHODS", count=by_some))
    rowless = [fen for claim in claims if (fen := ground.without_row.get(claim.victim, 0))]
    if rowless:
        doubts.append(Doubt("LOSS_NOT_MATCHED", count=len(rowless), fen=sum(rowless)))
    back = [one for claim in claims for one in ground.came_back.get(claim.victim, ())]
    if back:
        doubts.append(Doubt("CAME_BACK", count=len(back), fen=sum(back)))
    if refunded:
        doubts.append(Doubt("GIVEN_BACK", count=len(refunded), fen=sum(refunded.values())))
    elif claims:
        doubts.append(Doubt("NONE_GIVEN_BACK"))
    if claims:
        doubts.append(Doubt("REPORT_IS_VICTIM"))
    return doubts
