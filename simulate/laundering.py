"""Plays the money of a ring: victims pay, sums are split, relayed and taken out, wages and profits follow."""

from dataclasses import dataclass

import numpy as np

from simulate import clock
from simulate.accounts import OUTSIDE, World
from simulate.clock import DAY, HOUR
from simulate.events import ATM, memo
from simulate.preparations import pay_runners, prepare, probe
from simulate.purse import Lot, Purse
from simulate.ring import Ring, RingCard, Wave

FRAUD_TYPES = ("刷单返利", "虚假投资理财", "冒充客服退款", "冒充公检法", "虚假网络贷款", "杀猪盘")


@dataclass(frozen=True, slots=True)
class VictimPayment:
    """One payment of a victim as told to the police."""

    event: int
    at: int
    account: int
    payee: int
    amount_fen: int


@dataclass(slots=True)
class Case:
    """One victim's report and the ring behind it."""

    index: int
    ring: int
    victim: int
    wave: int
    kind: int
    payments: list[VictimPayment]
    caller: int = -1  # number that rang the victim, if over a phone


class Laundering:
    """Plays one ring after the other into a purse; cases are numbered in order of play."""

    def __init__(self, world: World, purse: Purse, victims: list[int]) -> None:
        self.world = world
        self.purse = purse
        self.rng = purse.rng
        self.noise = world.settings.noise
        self.victims = victims
        self.cases: list[Case] = []
        self.outside = np.flatnonzero(world.accounts.kind == OUTSIDE)
        self.exchanges = self.rng.choice(self.outside, max(2, world.settings.rings // 2), replace=False)
        self.exits: list[int] = []

    def play(self, ring: Ring) -> None:
        """The whole life of one ring, wave by wave."""
        self.purse.ring, self.purse.stash = ring, []
        self.exits = [int(account) for account in self.rng.choice(self.exchanges, 2, replace=False)]
        for wave in ring.waves:
            if not all(wave.layers.get(level) for level in (1, 2, 3)):
                continue
            prepare(self.world, self.purse, ring, wave)
            pay_runners(self.world, self.purse, ring, wave)
            for _ in range(self._count(12.0, len(ring.waves))):
                self._victim(ring, wave)
            for _ in range(self._count(10.0, len(ring.waves))):
                self._unreported(ring, wave)
        self._paydays(ring)

    def _count(self, of_ring: float, waves: int) -> int:
        """How many fall to one wave of one team when a ring has `of_ring` in ninety days; at least one."""
        mean = of_ring * self.world.settings.days / 90 / waves
        return max(1, int(mean + self.rng.random()))

    def _abroad(self) -> int:
        """An account at a bank that reports nothing: a dealer who serves several rings, or somebody new."""
        if self.rng.random() < self.noise.shared_exit_share:
            return self.exits[int(self.rng.integers(0, len(self.exits)))]
        return int(self.outside[int(self.rng.integers(0, len(self.outside)))])

    def _moment(self, wave: Wave) -> int:
        """A time inside the wave's working days at which victims are at their phones."""
        days = max(1, (wave.last_at - wave.first_at) // DAY)
        day = (wave.first_at // DAY + 1 + int(self.rng.integers(0, days))) * DAY
        return day + int(clock.day_seconds(self.rng, 1, clock.EVENING)[0])

    def _victim(self, ring: Ring, wave: Wave) -> None:
        victim = self.victims.pop()
        case = Case(
            len(self.cases), ring.index, victim, wave.number, int(self.rng.integers(0, len(FRAUD_TYPES))), []
        )
        self.cases.append(case)
        at, loss = (
            self._moment(wave),
            int(np.clip(np.exp(10.4 + 0.9 * self.rng.standard_normal()), 3_000, 600_000)) * 100,
        )
        if self.rng.random() < 0.3:
            self._through_runners(ring, wave, case, at, min(loss, 6_000_000))
            return
        first = wave.layers[1][int(self.rng.integers(0, len(wave.layers[1])))]
        tested = -1
        if self.rng.random() < 0.2 and loss >= 2_000_000:
            tested = probe(
                self.purse,
                at - int(self.rng.integers(HOUR, 30 * HOUR)),
                int(self.world.main[victim]),
                first,
                case.index,
            )
        for amount in self.purse.parts(loss, 1 + int(self.rng.integers(0, 3 + self.noise.split_extra))):
            lot = self._victim_pays(case, at, first, amount)
            if tested >= 0 and amount >= 500_000:
                self.purse.book.plant("F05", [tested, lot.event])
                tested = -1
            self._launder(ring, wave, lot)
            at += int(self.rng.integers(600, 20 * HOUR))
            if at > wave.last_at:
                break

    def _victim_pays(self, case: Case, at: int, card: RingCard, amount: int) -> Lot:
        payer = int(self.world.main[case.victim])
        text = memo(("货款", "投资款", "转账", "解冻金", "")[int(self.rng.integers(0, 5))])
        event = self.purse.pay(at, payer, card.account, amount, text, case=case.index)
        case.payments.append(VictimPayment(event, at, payer, card.account, amount))
        return Lot(card, amount, at, event)

    def _unreported(self, ring: Ring, wave: Wave) -> None:
        """Money of victims who never went to the police; their banks report nothing either."""
        card = wave.layers[1][int(self.rng.integers(0, len(wave.layers[1])))]
        payer = int(self.outside[int(self.rng.integers(0, len(self.outside)))])
        at, amount = self._moment(wave), int(np.exp(9.6 + 0.8 * self.rng.standard_normal())) * 100
        event = self.purse.pay(at, payer, card.account, amount, memo("转账"))
        self._launder(ring, wave, Lot(card, amount, at, event))

    def _launder(self, ring: Ring, wave: Wave, lot: Lot) -> None:
        style = self.rng.random()
        if style < 0.45:
            self._relay(ring, wave, lot)
        elif style < 0.92:
            self._scatter(ring, wave, lot)
        else:
            self._relay(ring, wave, Lot(lot.card, lot.amount_fen, lot.at, lot.event), through_pool=True)

    def _pass(self, lot: Lot, to: RingCard, share: float = 0.004) -> Lot:
        amount = int(lot.amount_fen * self.purse.keep(share)) // 100 * 100
        at = lot.at + self.purse.hop()
        text = memo(("转账", "往来款", "", "生意周转")[int(self.rng.integers(0, 4))])
        event = self.purse.pay(at, lot.card.account, to.account, amount, text, card=lot.card)
        return Lot(to, amount, at, event)

    def _relay(self, ring: Ring, wave: Wave, lot: Lot, through_pool: bool = False) -> None:
        """One sum through a card of each layer within minutes (F09), each card emptied at once (F03)."""
        path, holders = [lot.event], [lot.card.holder]
        levels = [level for level in (2, 3, 4) if wave.layers.get(level)]
        for level in levels:
            cards = [card for card in wave.layers[level] if card.account != lot.card.account]
            if not cards:
                continue
            lot = self._pass(lot, cards[int(self.rng.integers(0, len(cards)))])
            path.append(lot.event)
            holders.append(lot.card.holder)
        if through_pool and (pools := ring.cards_of("laundry_house")):
            lot = self._pass(lot, pools[0])
            path.append(lot.event)
            holders.append(lot.card.holder)
        if len(path) >= 3 and len(set(holders)) == len(holders):
            self.purse.book.plant("F09", path)
        self._exit(ring, [lot])

    def _scatter(self, ring: Ring, wave: Wave, lot: Lot) -> None:
        """One sum to several cards at once (F02), then to one collecting card (F11) or straight out."""
        crew = ring.cards_of("cash_crew")
        helpers = [crew[wave.number % len(crew)]] if crew else []
        middles = wave.layers[2] + wave.layers[3] + helpers
        self.rng.shuffle(middles)
        count = min(len(middles) - 1, 3 + int(self.rng.integers(0, 3)) + self.noise.split_extra)
        rest = int(lot.amount_fen * self.purse.keep(0.004)) // 100 * 100
        first_legs, at = [], lot.at + self.purse.hop()
        for card, amount in zip(middles, self.purse.parts(rest, count), strict=False):
            at += int(self.rng.integers(20, 300))
            event = self.purse.pay(at, lot.card.account, card.account, amount, memo("转账"), card=lot.card)
            first_legs.append(Lot(card, amount, at, event))
        others = {leg.card.holder for leg in first_legs} - {lot.card.holder}
        if lot.amount_fen >= 2_000_000 and len(others) == len(first_legs) >= 5:
            self.purse.book.plant("F02", [lot.event] + [leg.event for leg in first_legs])
        if len(first_legs) >= 3 and self.rng.random() < 0.6:
            sink = middles[len(first_legs)] if len(middles) > len(first_legs) else wave.layers[1][0]
            second = [self._pass(leg, sink) for leg in first_legs]
            legs = [
                event
                for pair in zip(first_legs, second, strict=True)
                for event in (pair[0].event, pair[1].event)
            ]
            if len({leg.card.holder for leg in first_legs} - {sink.holder, lot.card.holder}) == len(
                first_legs
            ):
                self.purse.book.plant("F11", legs)
            self._exit(ring, second)
        else:
            self._exit(ring, first_legs)

    def _through_runners(self, ring: Ring, wave: Wave, case: Case, at: int, loss: int) -> None:
        """Score-running: runners deposit first, take equal lots of the victim and pass them to
        the pool (F01)."""
        runners, pools = ring.cards_of("score_runner"), ring.cards_of("score_platform")
        if len(runners) < 5 or not pools:
            first = wave.layers[1][0]
            self._launder(ring, wave, self._victim_pays(case, at, first, loss))
            return
        chosen = [
            runners[int(i)] for i in self.rng.permutation(len(runners))[: 5 + int(self.rng.integers(0, 2))]
        ]
        lot_fen = max(98_000, loss // len(chosen) // 10_000 * 10_000 - 2_000)
        into_pool = []
        for runner in chosen:
            deposit_at = at - int(self.rng.integers(3, 30)) * HOUR
            self.purse.pay(deposit_at, runner.account, pools[0].account, lot_fen // 2, memo("保证金"))
            at += int(self.rng.integers(60, 900))
            into_pool.append(self._pass(self._victim_pays(case, at, runner, lot_fen), pools[0], 0.015))
        last = max(lot.at for lot in into_pool)
        total = Lot(pools[0], sum(lot.amount_fen for lot in into_pool) - 5_000, last, into_pool[-1].event)
        inside = self.rng.random() < 0.3
        targets = [card.account for card in wave.layers[3]][:2] if inside else list(self.exits)
        outs, handles = [], []
        for place, amount in enumerate(self.purse.parts(total.amount_fen, len(targets))):
            out_at = last + self.purse.hop()
            event = self.purse.pay(
                out_at, pools[0].account, targets[place], amount, memo("往来款"), card=pools[0]
            )
            handles.append(event)
            if inside:
                outs.append(Lot(wave.layers[3][place], amount, out_at, event))
        self.purse.book.plant("F01", [lot.event for lot in into_pool] + handles)
        if outs:
            self._exit(ring, outs)

    def _exit(self, ring: Ring, lots: list[Lot]) -> None:
        """Cash by the crew (F18), honest shops as cover, people abroad, or a stash for wages and profits."""
        style = self.rng.random()
        if style < 0.45:
            self._cash(ring, lots)
        elif style < 0.45 + self.noise.decoy_trade_share:
            for lot in lots:
                self.purse.shop(
                    lot.at + self.purse.hop(), lot.card, lot.amount_fen * 99 // 100 // 100 * 100, memo("消费")
                )
        elif style < 0.78:
            for lot in lots:
                peer = self._abroad()
                amount = int(lot.amount_fen * self.purse.keep(0.005)) // 100 * 100
                self.purse.pay(
                    lot.at + self.purse.hop(), lot.card.account, peer, amount, memo("货款"), card=lot.card
                )
        else:
            self.purse.stash.extend(lots)

    def _cash(self, ring: Ring, lots: list[Lot]) -> None:
        terminal = self.purse.atm(ring.house_city)
        start = max(lot.at for lot in lots) + int(self.rng.integers(300, 1_500))
        first: dict[int, tuple[Lot, int, int]] = {}  # holder: lot, withdrawal, time of it
        for lot in lots:
            left, at = min(lot.amount_fen // 10_000 * 10_000, 2_000_000), start
            while left > 0:
                amount = min(left, 500_000)
                event = self.purse.withdraw(at, lot.card, amount, terminal, memo("现金取款"))
                first.setdefault(lot.card.holder, (lot, event, at))
                left, at = left - amount, at + 70
            start += 130
        drawn = [at for _, _, at in first.values()]
        in_time = all(at - lot.at <= 2 * HOUR for lot, _, at in first.values())
        if len(first) >= 3 and in_time and max(drawn) - min(drawn) <= 1_800:
            rows = [event for lot, drawing, _ in first.values() for event in (lot.event, drawing)]
            self.purse.book.plant("F18", rows)

    def _paydays(self, ring: Ring) -> None:
        """Twice a month one card with a stash pays the den its wages and the financier the rest;
        other stashes
        leave the country, so that no card of all teams exists."""
        for day in range(20, self.world.settings.days, 15):
            payday = clock.START + day * DAY + 20 * HOUR + int(self.rng.integers(0, HOUR))
            ready = [lot for lot in self.purse.stash if lot.at < payday - HOUR]
            self.purse.stash = [lot for lot in self.purse.stash if lot.at >= payday - HOUR]
            held: dict[int, list[Lot]] = {}
            for lot in ready:
                held.setdefault(lot.card.account, []).append(lot)
            richest = sorted(
                held, key=lambda account: (-sum(lot.amount_fen for lot in held[account]), account)
            )
            for place, account in enumerate(richest):
                lots = held[account]
                if place == 0:
                    self._payday(ring, lots[0].card, sum(lot.amount_fen for lot in lots), payday)
                else:
                    amount = sum(lot.amount_fen for lot in lots) * 99 // 100
                    self.purse.pay(payday, account, self._abroad(), amount, memo("货款"), card=lots[0].card)

    def _payday(self, ring: Ring, fund: RingCard, left: int, at: int) -> None:
        staff = ("caller", "den_manager", "tech_keeper", "traffic_puller")
        for person, role in ring.everyone():
            if role not in staff:
                continue
            wage = (400_000 if role == "caller" else 600_000) + int(self.rng.integers(0, 30)) * 10_000
            account = int(self.world.main[person])
            if left > wage * 2 and account != fund.account:
                at += int(self.rng.integers(30, 200))
                self.purse.pay(at, fund.account, account, wage, memo("报酬"), card=fund)
                left -= wage
        if left > 500_000:
            financier = int(self.world.main[ring.members["financier"][0]])
            self.purse.pay(at + HOUR, fund.account, financier, left * 9 // 10, memo("货款"), card=fund)


def cash_in(purse: Purse, at: int, card: RingCard, amount_fen: int, terminal: int) -> int:
    """Cash paid in at a machine."""
    return purse.pay(at, -1, card.account, amount_fen, memo("现金存款"), ATM, terminal=terminal)
