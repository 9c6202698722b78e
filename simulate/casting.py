"""Chooses who belongs to each ring and which accounts they lend or work, before any money moves."""

import numpy as np

from simulate import access
from simulate.accounts import PERSONAL, World
from simulate.clock import DAY, HOUR, START
from simulate.identifiers import Bools, Ints, phone_numbers
from simulate.ordinary import traders
from simulate.people import CITIES
from simulate.ring import ROLES_NEEDED, Ring, RingCard, Wave

_LAYERS = ((1, 2), (2, 3), (3, 2))  # cards of each level in a wave of one team
_RING_NUMBERS = 20_000_000  # first phone index of numbers the rings keep for themselves


class Casting:
    """Draws members and cards ring by ring; persons and accounts are used once."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.noise = world.settings.noise
        self.rng = world.settings.stream("casting")
        self.free: Bools = np.ones(world.people.locals_, dtype=np.bool_)
        for city in range(CITIES):
            self.free[traders(world, city)] = False
        self.fresh: list[int] = self.rng.permutation(world.fresh).tolist()
        self.spare = _spare_accounts(world)
        self.numbers = _RING_NUMBERS
        self.house_slots = access.HOUSES
        self.dealers: list[tuple[int, list[int]]] = []  # dealers of earlier rings with their numbers

    def rings(self) -> list[Ring]:
        """All rings of the settings, then the unused fresh accounts are given to honest people."""
        cast = [self._ring(index) for index in range(self.world.settings.rings)]
        self._leave_rest_to_honest_people()
        return cast

    def _ring(self, index: int) -> Ring:
        den, house, recruit = self.rng.permutation(CITIES)[:3].tolist()
        members: dict[str, list[int]] = {}
        for role, (fewest, most) in ROLES_NEEDED.items():
            count = int(self.rng.integers(fewest, most + 1))
            city = {
                "card_provider": recruit,
                "card_dealer": recruit,
                "card_runner": recruit,
                "score_runner": -1,
            }.get(role, house)
            city = den if role in ("den_manager", "caller", "tech_keeper", "traffic_puller") else city
            members[role] = self._persons(count, -1 if role == "financier" else city)
        self._move(members, den, house)
        ring = Ring(index, den, house, members, device_life_days=self.noise.device_life_days)
        self._equip(ring)
        self._waves(ring)
        self._cards(ring)
        return ring

    def _persons(self, count: int, city: int) -> list[int]:
        """Free grown-ups, most of them from `city` (-1: anywhere)."""
        people = self.world.people
        grown = (
            self.free
            & (people.birth_year[: people.locals_] <= 2005)
            & (people.birth_year[: people.locals_] >= 1966)
        )
        near = np.flatnonzero(grown & (people.home_city[: people.locals_] == city))
        far = np.flatnonzero(grown)
        wanted_near = min(len(near), round(count * 0.8)) if city >= 0 else 0
        chosen = (
            self.rng.choice(near, wanted_near, replace=False) if wanted_near else np.zeros(0, dtype=np.int64)
        )
        self.free[chosen] = False
        rest = far[self.free[far]]
        more = self.rng.choice(rest, count - wanted_near, replace=False)
        self.free[more] = False
        return [int(person) for person in np.concatenate([chosen, more])]

    def _move(self, members: dict[str, list[int]], den: int, house: int) -> None:
        """Those who work in den and house leave their jobs and live in its city from then on."""
        people = self.world.people
        for role, city in (
            ("den_manager", den),
            ("caller", den),
            ("tech_keeper", den),
            ("traffic_puller", den),
            ("laundry_house", house),
            ("cash_crew", house),
        ):
            for person in members[role]:
                people.live_city[person] = city
                people.employer[person] = -1
                self.world.accounts.salary[self.world.main[person]] = False

    def _equip(self, ring: Ring) -> None:
        """Work phones of the house, its addresses, and the numbers dealers keep for openings."""
        lives = -(-self.world.settings.days // ring.device_life_days)
        for worker in ring.members["laundry_house"]:
            first = access.RING_DEVICES + ring.index * 500 + len(ring.phones) * 60
            ring.phones[worker] = [first + number for number in range(lives)]
        slots = np.arange(self.house_slots, self.house_slots + 4, dtype=np.int64)
        self.house_slots += 4
        addresses = [int(ip) for ip in access.home_ip(slots)]
        ring.house_ips, ring.den_ip = addresses[:3], addresses[3]
        for dealer in ring.members["card_dealer"]:
            ring.dealer_numbers[dealer] = phone_numbers(np.arange(self.numbers, self.numbers + 4)).tolist()
            self.numbers += 4
        shops = np.flatnonzero(self.world.accounts.kind == 1)
        ring.merchants = [int(shop) for shop in self.rng.choice(shops, 6, replace=False)]

    def _waves(self, ring: Ring) -> None:
        days = self.world.settings.days
        # more teams at a time are fed with fewer batches, so that a ring stays as large as it is
        count = max(1, round(days / (30 if self.noise.teams < 3 else 45)))
        length = days / count
        for number in range(count * self.noise.teams):
            batch = number // self.noise.teams
            first = START + int((batch + 0.25 + 0.1 * self.rng.random()) * length * DAY)
            last = min(first + int(0.62 * length * DAY), START + (days - 1) * DAY)
            ring.waves.append(Wave(number, first, last))

    def _cards(self, ring: Ring) -> None:
        """Level cards from the providers wave by wave, then the accounts worked by members themselves."""
        providers = list(ring.members["card_provider"])
        order = self.rng.permutation(len(providers) * 2) % len(providers)
        turn = 0
        dealers = ring.members["card_dealer"]
        ring.dealer_of = {person: dealers[i % len(dealers)] for i, person in enumerate(providers)}
        for person in providers:
            if self.dealers and self.rng.random() < self.noise.cross_dealer_share:
                ring.dealer_of[person] = self.dealers[int(self.rng.integers(0, len(self.dealers)))][0]
        self.dealers += sorted(ring.dealer_numbers.items())
        for wave in ring.waves:
            for level, count in _LAYERS:
                for _ in range(count + int(self.rng.integers(0, 2) * (self.noise.teams == 1 or level == 2))):
                    holder = (
                        providers[int(order[turn % len(order)])]
                        if turn >= len(providers)
                        else providers[turn]
                    )
                    turn += 1
                    card = self._lent_card(ring, wave, holder, level)
                    if card is not None:
                        wave.layers.setdefault(level, []).append(card)
                        ring.cards.append(card)
        for role in ("score_platform", "score_runner", "cash_crew", "laundry_house"):
            self._worked_cards(ring, role)

    def _lent_card(self, ring: Ring, wave: Wave, holder: int, level: int) -> RingCard | None:
        spare = self.spare.get(holder, [])
        fresh = not spare or (bool(self.fresh) and self.rng.random() >= self.noise.old_account_share)
        if fresh and not self.fresh:
            return None
        workers = ring.members["laundry_house"]
        own_hand = self.rng.random() < self.noise.own_device_share
        controller = holder if own_hand else workers[(wave.number + len(ring.cards)) % min(3, len(workers))]
        ready = wave.first_at - int(self.rng.integers(6, 30)) * HOUR
        mixed = not fresh and self.rng.random() < self.noise.mixed_life_share
        party = [
            c for c in ring.cards if c.fresh and c.wave == wave.number and c.dealer == ring.dealer_of[holder]
        ]
        beside = party[0] if fresh and party and self.rng.random() < 0.75 else None
        account = self._take_fresh(beside) if fresh else spare.pop()
        old = bool(self.world.accounts.opened[account] < START - 450 * DAY)
        dormant = not fresh and not mixed and old and self.rng.random() < 0.25
        card = RingCard(
            account, holder, controller, "card_provider", level, wave.number, ready, fresh, mixed, dormant
        )
        card.dealer = ring.dealer_of[holder]
        if fresh:
            self._open_for(ring, card, wave, beside)
        return card

    def _take_fresh(self, beside: RingCard | None) -> int:
        """A fresh account; one of the same bank as `beside`, if any is left."""
        if beside is not None:
            bank = self.world.accounts.bank
            for place in range(len(self.fresh) - 1, -1, -1):
                if bank[self.fresh[place]] == bank[beside.account]:
                    return self.fresh.pop(place)
        return self.fresh.pop()

    def _open_for(self, ring: Ring, card: RingCard, wave: Wave, beside: RingCard | None) -> None:
        """Open a fresh account: parties of a wave and dealer go to one branch together (C03), often on the
        dealer's number (C04), sometimes by an agent."""
        accounts = self.world.accounts
        account = card.account
        accounts.person[account], accounts.kind[account] = card.holder, PERSONAL
        city = int(self.world.people.home_city[card.dealer])
        if beside is not None:
            first = beside.account
            accounts.opened[account] = accounts.opened[first] + int(self.rng.integers(3, 110)) * 60
            accounts.branch[account], accounts.teller[account] = (
                accounts.branch[first],
                accounts.teller[first],
            )
        else:
            day = wave.first_at // DAY * DAY - int(self.rng.integers(3, 11)) * DAY
            accounts.opened[account] = day + int(self.rng.integers(9 * HOUR, 15 * HOUR))
            accounts.branch[account] = city * 3 + int(self.rng.integers(0, 3))
        accounts.phone[account] = self.world.people.phone[card.holder]
        if self.rng.random() < self.noise.dealer_phone_share:
            numbers = dict(self.dealers)[card.dealer]
            accounts.phone[account] = numbers[wave.number % len(numbers)]
        if self.rng.random() < 0.12:
            accounts.agent[account] = ring.members["card_runner"][0]

    def _worked_cards(self, ring: Ring, role: str) -> None:
        """Accounts members work themselves: pools, score-runners' and crew cards, the house's own."""
        accounts, people = self.world.accounts, self.world.people
        for place, person in enumerate(ring.members[role]):
            if role == "laundry_house" and place > 0:
                continue
            spare = self.spare.get(person, [])
            fresh = not spare and bool(self.fresh)
            if not spare and not fresh:
                continue
            account = self.fresh.pop() if fresh else spare.pop()
            if fresh:
                accounts.person[account] = person
                accounts.opened[account] = START - int(self.rng.integers(5, 60)) * DAY + 11 * HOUR
                accounts.phone[account] = people.phone[person]
            card = RingCard(
                account,
                person,
                person,
                role,
                0,
                -1,
                START + DAY,
                fresh,
                role in ("score_runner", "cash_crew"),
            )
            ring.cards.append(card)

    def _leave_rest_to_honest_people(self) -> None:
        people, accounts = self.world.people, self.world.accounts
        rest = np.array(self.fresh, dtype=np.int64)
        holder = self.rng.choice(
            np.flatnonzero(self.free), len(rest), replace=len(rest) > int(self.free.sum())
        )
        accounts.person[rest] = holder
        accounts.phone[rest] = people.phone[holder]


def _spare_accounts(world: World) -> dict[int, list[int]]:
    """Accounts a person can give away: second accounts first, else the only one; never the wage
    account of two."""
    accounts = world.accounts
    owned: dict[int, list[int]] = {}
    personal = np.flatnonzero((accounts.kind == PERSONAL) & (accounts.person >= 0))
    for account, person in zip(personal.tolist(), accounts.person[personal].tolist(), strict=True):
        owned.setdefault(person, []).append(account)
    return owned


def ring_accounts(rings: list[Ring]) -> Ints:
    """All accounts of all rings, ascending."""
    return np.array(sorted(card.account for ring in rings for card in ring.cards), dtype=np.int64)
