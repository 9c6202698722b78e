"""Money tracing the slow way, fen by fen with plain lists and Fractions, written from DOMAIN 7.1 alone.

Every account is followed from its opening on, whether traced money is near or not.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise, permutations
from math import floor

from tests.funds.rows import Row, with_sheets

OWN, UNKNOWN = "own", "unknown"
Parts = list[tuple[str, int]]
THREE_DAYS = 3 * 24 * 60
TWO_MINUTES = 2


@dataclass
class Entry:
    """One side of a row in an account's ledger."""

    row: Row
    account: str
    sign: int
    at: int
    serial: str | None
    balance: int | None
    own: bool
    gap: int = 0
    before: int = 0

    @property
    def signed(self) -> int:
        return self.sign * self.row.fen


@dataclass
class Answer:
    """received: (victim, account) -> fen; held likewise; sinks: (victim, kind) -> fen."""

    received: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    held: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    sinks: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))


def oracle(rows: Sequence[Row], victims: Mapping[str, str], method: str) -> Answer:
    """Where the money of `victims` (row key -> name) went, by a method; `unknown` is told like a victim."""
    sheets = with_sheets(rows)
    number = {row.key: place for place, row in enumerate(sorted(rows, key=lambda row: (row.at, row.key)))}
    ledgers = _ledgers(rows, sheets, number)
    for account in ledgers:
        _balances(ledgers[account])
        ledgers[account] = _placed(ledgers[account])
        _undo(ledgers[account])
    follower = _Poison if method == "poison" else _Follower
    replay = follower(method, victims, sheets)
    for account, ledger in ledgers.items():
        if ledger:
            replay.open(account, ledger[0].before - ledger[0].gap)
    for entry, forced in _in_order(ledgers, number):
        replay.step(entry, forced)
    return replay.close()


def _ledgers(rows: Sequence[Row], sheets: set[str], number: Mapping[str, int]) -> dict[str, list[Entry]]:
    ledgers: dict[str, list[Entry]] = {account: [] for account in sorted(sheets)}
    for row in rows:
        if row.payer in ledgers:
            at = row.at if row.out_at is None else row.out_at
            ledgers[row.payer].append(
                Entry(row, row.payer, -1, at, row.out_serial, row.out_balance, row.out_at is not None)
            )
        if row.payee in ledgers:
            at = row.at if row.in_at is None else row.in_at
            ledgers[row.payee].append(
                Entry(row, row.payee, 1, at, row.in_serial, row.in_balance, row.in_at is not None)
            )
    for account, ledger in ledgers.items():
        ledger.sort(key=lambda e: (e.at, e.serial is None, e.serial or "", -e.sign, number[e.row.key]))
        ledgers[account] = _fit(ledger)
    return ledgers


def _fit(ledger: list[Entry]) -> list[Entry]:
    """Entries of one instant in the first order that makes balances hold."""
    done: list[Entry] = []
    for at in sorted({entry.at for entry in ledger}):
        here = [entry for entry in ledger if entry.at == at]
        if all(entry.balance is not None for entry in here):
            holding = [order for order in permutations(here) if _holds(order)]
            front = done[-1].balance if done else None
            from_front = [o for o in holding if front is not None and _start(o[0]) == front]
            here = list((from_front or holding or [here])[0])
        done += here
    return done


def _start(entry: Entry) -> int:
    assert entry.balance is not None
    return entry.balance - entry.signed


def _holds(order: Sequence[Entry]) -> bool:
    return all(one.balance == _start(other) for one, other in pairwise(order))


def _balances(ledger: list[Entry]) -> None:
    """Opening is the first balance less the first amount; what then does not fit is a gap."""
    stated = [place for place, entry in enumerate(ledger) if entry.balance is not None]
    running = 0
    if stated:
        told = [entry.signed for entry in ledger[: stated[0]]]
        running = _start(ledger[stated[0]]) - sum(told)
        least = min(0, *(sum(told[:n]) for n in range(len(told) + 1)))
        if told and running + least < 0:
            running = max(running, -least)
    for place, entry in enumerate(ledger):
        entry.gap = 0
        if entry.balance is not None:
            entry.gap = _start(entry) - running
        elif running >= 0 and running + entry.signed < 0:
            behind = next((n for n in stated if n > place), None)
            between = [e.signed for e in ledger[place:behind]]
            if behind is None or running + sum(between) != _start(ledger[behind]):
                entry.gap = -(running + entry.signed)
        entry.before = running + entry.gap
        running = entry.before + entry.signed


def _placed(ledger: list[Entry]) -> list[Entry]:
    """Rows that only the other side's sheet has, put where the balances want them, up to two minutes off."""
    for entry in [e for e in ledger if not e.own and e.balance is None]:
        place = ledger.index(entry)
        later = range(place + 2, len(ledger)) if entry.sign > 0 else range(place - 1, 0, -1)
        for other in later:
            near = ledger[other - 1] if entry.sign > 0 else ledger[other]
            if abs(near.at - entry.at) > TWO_MINUTES:
                break
            tried = [e for e in ledger if e is not entry]
            tried.insert(other - 1 if entry.sign > 0 else other, entry)
            gaps = sum(e.gap != 0 for e in ledger)
            _balances(tried)
            if sum(e.gap != 0 for e in tried) <= gaps - 2:
                entry.at = near.at
                ledger = tried
                break
            _balances(ledger)
    return ledger


def _undo(ledger: list[Entry]) -> None:
    """A gap of -x whose next gap is +x within three days is a reversal: nothing moved."""
    gaps = [place for place, entry in enumerate(ledger) if entry.gap]
    while len(gaps) > 1:
        one, other = gaps[0], gaps[1]
        lost, found = ledger[one].gap, ledger[other].gap
        since = ledger[one - 1].at if one else -(10**9)
        if lost < 0 and found == -lost and ledger[other].at - since <= THREE_DAYS:
            for place in range(one, other):
                ledger[place].before += found
            ledger[one].gap = ledger[other].gap = 0
            gaps = gaps[2:]
        else:
            gaps = gaps[1:]


def _in_order(ledgers: Mapping[str, list[Entry]], number: Mapping[str, int]) -> list[tuple[Entry, bool]]:
    """All entries, each ledger's in its order, money leaving first; forced where clocks contradict."""
    waiting = {account: list(ledger) for account, ledger in ledgers.items()}
    has_debit = {e.row.key for ledger in ledgers.values() for e in ledger if e.sign < 0}
    gone: set[str] = set()
    forced: set[str] = set()
    done: list[tuple[Entry, bool]] = []

    def when(entry: Entry) -> tuple[int, int]:
        return entry.at, number[entry.row.key]

    while any(waiting.values()):
        heads = [ledger[0] for ledger in waiting.values() if ledger]
        ready = [e for e in heads if e.sign < 0 or e.row.key not in has_debit or e.row.key in gone]
        if not ready:
            forced.add(min(heads, key=when).row.key)
        entry = min(ready or heads, key=lambda e: (*when(e), e.sign))
        waiting[entry.account].pop(0)
        if entry.sign < 0:
            gone.add(entry.row.key)
        done.append((entry, False))
    return [(entry, entry.row.key in forced) for entry, _ in done]


class _Follower:
    """Accounts as lists of (owner, fen), older first."""

    def __init__(self, method: str, victims: Mapping[str, str], sheets: set[str]) -> None:
        self.method, self.victims, self.sheets = method, victims, sheets
        self.money: dict[str, Parts] = defaultdict(list)
        self.under_way: dict[str, Parts] = {}
        self.left: set[str] = set()
        self.answer = Answer()

    def open(self, account: str, opening: int) -> None:
        if opening > 0:
            self.money[account] = [(OWN, opening)]

    def step(self, entry: Entry, forced: bool) -> None:
        if entry.gap:
            self._gap(entry)
        if entry.sign < 0:
            self._debit(entry, forced)
        else:
            self._credit(entry, forced)

    def close(self) -> Answer:
        for account, parts in self.money.items():
            self._note(self.answer.held, parts, account)
        return self.answer

    def _note(self, where: dict[tuple[str, str], int], parts: Parts, name: str) -> None:
        for owner, fen in parts:
            if owner != OWN and fen:
                where[owner, name] += fen

    def _gap(self, entry: Entry) -> None:
        before = entry.before - entry.gap
        if entry.gap < 0:
            lost = self._take(entry.account, min(-entry.gap, max(0, before)))
            self._note(self.answer.sinks, lost, "unrecorded")
            return
        traced = any(owner != OWN for owner, _ in self.money[entry.account])
        self._put(entry.account, [(UNKNOWN if traced else OWN, entry.gap)], before)

    def _debit(self, entry: Entry, forced: bool) -> None:
        row = entry.row
        lent = row.fen - max(0, entry.before)
        if lent > 0:
            self._put(entry.account, [(OWN, lent)], 0)
        parts = self._take(entry.account, row.fen)
        if row.key in self.victims:
            self._note(self.answer.sinks, parts, "into_payment")
            parts = [(self.victims[row.key], row.fen)]
        self.left.add(row.key)
        if forced:
            self._note(self.answer.sinks, parts, "crossed")
        else:
            self._go(row, parts)

    def _go(self, row: Row, parts: Parts) -> None:
        if row.payee is not None:
            self._note(self.answer.received, parts, row.payee)
        if row.payee in self.sheets:
            self.under_way[row.key] = parts
        else:
            self._note(self.answer.sinks, parts, row.sink)

    def _credit(self, entry: Entry, forced: bool) -> None:
        row = entry.row
        if forced and row.payer in self.sheets:
            traced = any(owner != OWN for owner, _ in self.money[entry.account])
            parts = [(UNKNOWN if traced else OWN, row.fen)]
        elif row.key in self.under_way:
            parts = self.under_way.pop(row.key)
        elif row.key in self.victims:
            parts = [(self.victims[row.key], row.fen)]
            self._note(self.answer.received, parts, entry.account)
        else:
            parts = [(OWN, row.fen)]
        self._put(entry.account, parts, entry.before)

    def _put(self, account: str, parts: Parts, before: int) -> None:
        self.money[account] += parts
        if self.method in ("pro_rata", "libr"):
            sums: dict[str, int] = {}
            for owner, fen in self.money[account]:
                sums[owner] = sums.get(owner, 0) + fen
            self.money[account] = list(sums.items())
        if before < 0:
            filled = min(-before, sum(fen for _, fen in parts))
            self._note(self.answer.sinks, self._take(account, filled), "overdraft")

    def _take(self, account: str, fen: int) -> Parts:
        money = self.money[account]
        if self.method in ("fifo", "lifo"):
            ordered = money if self.method == "fifo" else money[::-1]
            shares = []
            for _, lies in ordered:
                shares.append(min(lies, fen))
                fen -= shares[-1]
            if self.method == "lifo":
                shares.reverse()
        elif self.method == "pro_rata":
            shares = _shares([lies for _, lies in money], fen)
        else:
            own = [lies if owner in (OWN, UNKNOWN) else 0 for owner, lies in money]
            of_own = _shares(own, min(fen, sum(own)))
            others = [0 if owner in (OWN, UNKNOWN) else lies for owner, lies in money]
            of_others = _shares(others, fen - sum(of_own))
            shares = [a + b for a, b in zip(of_own, of_others, strict=True)]
        assert fen == 0 or self.method in ("pro_rata", "libr")
        taken = [(owner, share) for (owner, _), share in zip(money, shares, strict=True) if share]
        rest = [(owner, lies - share) for (owner, lies), share in zip(money, shares, strict=True)]
        self.money[account] = [(owner, lies) for owner, lies in rest if lies]
        return taken


def _shares(weights: Sequence[int], fen: int) -> list[int]:
    """fen in proportion to the weights, largest remainder, the older (earlier) first among equals."""
    total = sum(weights)
    if total == 0:
        return [0] * len(weights)
    exact = [Fraction(fen * weight, total) for weight in weights]
    shares = [floor(part) for part in exact]
    by_rest = sorted(range(len(weights)), key=lambda n: (-(exact[n] - shares[n]), n))
    for n in by_rest[: fen - sum(shares)]:
        shares[n] += 1
    return shares


class _Poison(_Follower):
    """Accounts as sets of victims whose money may be there."""

    tags: dict[str, set[str]]

    def open(self, account: str, opening: int) -> None:
        self.tags = getattr(self, "tags", {})
        self.tags[account] = set()
        self.balance = getattr(self, "balance", {})
        self.balance[account] = opening
        self.tagged: dict[str, set[str]] = getattr(self, "tagged", {})

    def step(self, entry: Entry, forced: bool) -> None:
        account, row, sinks = entry.account, entry.row, self.answer.sinks
        before = entry.before - entry.gap
        for victim in self.tags[account]:
            sinks[victim, "unrecorded"] += min(max(0, -entry.gap), max(0, before))
        if entry.before <= 0:
            self.tags[account] = set()
        paid = {self.victims[row.key]} if row.key in self.victims else set()
        if entry.sign < 0:
            tags = self.tags[account] | paid
            self.tagged[row.key] = tags
            for victim in tags:
                if not forced and row.payee is not None:
                    self.answer.received[victim, row.payee] += row.fen
                if forced or row.payee not in self.sheets:
                    sinks[victim, "crossed" if forced else row.sink] += row.fen
        else:
            tags = self.tagged.get(row.key, paid)
            if row.payer not in self.sheets:
                for victim in paid:
                    self.answer.received[victim, account] += row.fen
            if forced:
                tags = set()
            for victim in tags:
                sinks[victim, "overdraft"] += min(row.fen, max(0, -entry.before))
            self.tags[account] |= tags
        self.balance[account] = entry.before + entry.signed
        if self.balance[account] <= 0:
            self.tags[account] = set()

    def close(self) -> Answer:
        for account, tags in getattr(self, "tags", {}).items():
            for victim in tags:
                self.answer.held[victim, account] += self.balance[account]
        return self.answer
