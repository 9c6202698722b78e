"""F12: two layers of payments in time order through at least three middles, each layer dense (DOMAIN 5)."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from detect.facts import Facts
from detect.hits import DetectorResult, Hit, graded, in_order
from detect.kernels.paths import first_from
from detect.kernels.stacks import SeedBounds, stack_seeds
from detect.money import Money, Side, instant, microseconds, millionths
from graph.contract import Ints

Links = set[tuple[int, int]]
# How often a group of middles is widened; far ends of a sparse stack are a few steps apart.
_ROUNDS = 4
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class _Stack:
    """Places of the payments into and out of the middles, and the links they make (payer or middle first)."""

    ins: Ints
    outs: Ints
    left: Links
    right: Links


def stacked_layers(facts: Facts, parameters: Mapping[str, Any]) -> DetectorResult:
    """Stacks by their opening payment, none opened by a middle of an earlier one; nothing on an empty lake.

    Payers, middles and payees are distinct accounts, `side` of each at least; every account has `links`
    neighbours in the layer beside it and both layers `density` of all possible links. A payment into a middle
    counts if one out of it follows, one out if one in came before, all inside `window` from the first on.
    Found from one middle over those that share a payer and a payee with it, then without the weakest
    accounts: what is found holds all bounds, a sparse stack may be missed. subject: the middle paid first;
    others: the other middles, then the payees; payers may be victims and are named by the rows only.
    parameters: density (share), side, links, window (timedelta), floor (fen, each layer), max_peers,
    max_middles, max_searches.
    """
    money = facts.money
    window = microseconds(parameters["window"])
    bounds = SeedBounds(
        window, int(parameters["side"]), int(parameters["links"]), int(parameters["max_peers"])
    )
    seeds, hubs = np.zeros(len(money.ins.at), np.int64), np.zeros(len(money.accounts), np.int64)
    places = seeds[: stack_seeds(money.ins, money.outs, bounds, seeds, hubs)]
    most, owner = int(parameters["max_searches"]), money.ins.owners()
    covered: dict[int, int] = {}
    hits = []
    for place in places[np.argsort(money.ins.at[places], kind="stable")].tolist()[:most]:
        middle, since = int(owner[place]), int(money.ins.at[place])
        if since <= covered.get(middle, since - 1):
            continue
        stack = _Search(money, since, bounds, parameters).stack(middle)
        if stack is not None:
            hits.append(_hit(money, stack, bounds.side))
            covered.update((account, since + window) for _, account in stack.left)
    return DetectorResult(in_order(hits), tuple(_truncated(int(hubs.sum()), len(places), parameters)))


def _truncated(hubs: int, seeds: int, parameters: Mapping[str, Any]) -> list[str]:
    said = []
    if hubs:
        said.append(
            f"F12 passed over {hubs} accounts with more than {parameters['max_peers']} others a window."
        )
    if seeds > parameters["max_searches"]:
        said.append(f"F12 searched from the first {parameters['max_searches']} of {seeds} payments only.")
    return said


class _Search:
    """The search for one stack inside one window, so that its bounds are named once."""

    def __init__(self, money: Money, since: int, bounds: SeedBounds, parameters: Mapping[str, Any]) -> None:
        self.money, self.bounds = money, bounds
        self.since, self.until = since, since + bounds.window
        self.density, self.floor = millionths(parameters["density"]), int(parameters["floor"])
        self.middles = int(parameters["max_middles"])
        self.accounts = len(money.accounts)
        self.known: dict[bool, dict[int, list[int]]] = {}

    def stack(self, middle: int) -> _Stack | None:
        """The stack around a middle, None where no bounds hold; the widest group is tried first."""
        for group in reversed(self._groups(middle)):
            found = self._settled(group)
            if found is not None:
                return found
        return None

    def _settled(self, group: set[int]) -> _Stack | None:
        """The stack among a group of middles: layers shrink until time order and bounds agree."""
        ins, outs = self.money.ins, self.money.outs
        # A hub has no neighbours here, so it falls out of its layer too.
        payers = {a for a in self._count(ins, group) if self._near(outs, a)} - group
        payees = {c for c in self._count(outs, group) if self._near(ins, c)} - group
        both = payers & payees
        layers = (payers - both, group, payees - both)
        while True:
            found = self._between(*layers)
            kept = self._peeled(found.left, found.right)
            if kept is None:
                return None
            left, right = kept
            if (left, right) == (found.left, found.right):
                least = min(ins.amount[found.ins].sum(), outs.amount[found.outs].sum())
                return found if least >= self.floor else None
            layers = ({a for a, _ in left}, {b for _, b in left}, {c for _, c in right})

    def _near(self, side: Side, account: int) -> list[int]:
        """Accounts that one trades with in the window, none for a hub; each asked for once a search."""
        known = self.known.setdefault(side is self.money.ins, {})
        if account not in known:
            low, high = self._span(side, account)
            near = {other for other in side.peer[low:high].tolist() if other < self.accounts}
            known[account] = sorted(near) if len(near) <= self.bounds.peers else []
        return known[account]

    def _span(self, side: Side, account: int) -> tuple[int, int]:
        start, end = side.start[account], side.start[account + 1]
        return first_from(side.at, start, end, self.since), first_from(side.at, start, end, self.until + 1)

    def _count(self, side: Side, accounts: set[int]) -> Counter[int]:
        return Counter(near for account in sorted(accounts) for near in self._near(side, account))

    def _groups(self, middle: int) -> list[set[int]]:
        """The middle with those that share a payer and a payee with it, then with any of these, and so on."""
        ins, outs = self.money.ins, self.money.outs
        groups = [{middle}]
        for _ in range(_ROUNDS):
            paid = self._count(outs, {*self._count(ins, groups[-1])})
            pays = self._count(ins, {*self._count(outs, groups[-1])})
            shared = {a: min(paid[a], pays[a]) for a in paid.keys() & pays.keys()}
            nearest = sorted(shared, key=lambda a: (a not in groups[-1], -shared[a], a))
            wider = {middle, *nearest[: self.middles]}
            if wider <= groups[-1]:
                break
            groups.append(wider)
        return groups[1:]

    def _between(self, payers: set[int], middles: set[int], payees: set[int]) -> _Stack:
        """Payments between the layers that follow each other at their middle, and their links."""
        ins, outs = self.money.ins, self.money.outs
        into: list[int] = []
        out_of: list[int] = []
        left: Links = set()
        right: Links = set()
        for middle in sorted(middles):
            paid = [i for i in range(*self._span(ins, middle)) if int(ins.peer[i]) in payers]
            pays = [j for j in range(*self._span(outs, middle)) if int(outs.peer[j]) in payees]
            if not paid or not pays:
                continue
            first, last = ins.at[paid[0]], outs.at[pays[-1]]
            paid, pays = [i for i in paid if ins.at[i] <= last], [j for j in pays if outs.at[j] >= first]
            into += paid
            out_of += pays
            left |= {(int(ins.peer[i]), middle) for i in paid}
            right |= {(middle, int(outs.peer[j])) for j in pays}
        return _Stack(np.array(into, np.int64), np.array(out_of, np.int64), left, right)

    def _peeled(self, left: Links, right: Links) -> tuple[Links, Links] | None:
        """The links without accounts of too few, then without the weakest until both layers are dense."""
        while True:
            payers, into = Counter(a for a, _ in left), Counter(b for _, b in left)
            out_of, payees = Counter(b for b, _ in right), Counter(c for _, c in right)
            middles = len(into.keys() & out_of.keys())
            if min(len(payers), middles, len(payees)) < self.bounds.side:
                return None
            counts = [
                *payers.items(),
                *payees.items(),
                *((b, min(into[b], out_of[b])) for b in {*into, *out_of}),
            ]
            gone = {account for account, links in counts if links < self.bounds.links}
            if not gone:
                shares = [(n / middles, a) for a, n in self._thin(len(left), payers, into)]
                shares += [(n / middles, c) for c, n in self._thin(len(right), payees, out_of)]
                if not shares:
                    return left, right
                gone = {min(shares)[1]}
            left = {link for link in left if gone.isdisjoint(link)}
            right = {link for link in right if gone.isdisjoint(link)}

    def _thin(self, links: int, outer: Counter[int], middles: Counter[int]) -> list[tuple[int, float]]:
        """Accounts of a layer that is not dense enough and their links, nothing of one that is."""
        if links * _MILLION >= self.density * len(outer) * len(middles):
            return []
        scale = len(middles) / len(outer)
        return [*outer.items(), *((account, n * scale) for account, n in middles.items())]


def _hit(money: Money, stack: _Stack, side: int) -> Hit:
    opens = stack.ins[np.argmin(money.ins.at[stack.ins])]
    middle = int(np.searchsorted(money.ins.start, opens, side="right")) - 1
    payers, middles = {a for a, _ in stack.left}, {b for _, b in stack.left}
    payees = {c for _, c in stack.right}
    times = np.concatenate([money.ins.at[stack.ins], money.outs.at[stack.outs]])
    events = np.concatenate([money.ins.event[stack.ins], money.outs.event[stack.outs]])
    return Hit(
        subject=money.ref(middle),
        score=graded(len(middles), side, 3 * side),
        first_at=instant(times.min()),
        last_at=instant(times.max()),
        values={
            "payers": len(payers),
            "middles": len(middles),
            "payees": len(payees),
            "sum_in": int(money.ins.amount[stack.ins].sum()),
            "sum_out": int(money.outs.amount[stack.outs].sum()),
        },
        rows=money.rows(events.tolist()),
        others=tuple(
            money.ref(account) for layer in (middles - {middle}, payees) for account in sorted(layer)
        ),
    )
