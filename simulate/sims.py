"""The SIM cards of the invented world: one line a holding, so that a re-issued number has two."""

from dataclasses import dataclass, field

import numpy as np

from simulate.accounts import World
from simulate.clock import DAY, HOUR, START
from simulate.identifiers import phone_numbers
from simulate.patterns import PatternBook
from simulate.ring import Ring

_GOIP_NUMBERS = 30_000_000  # first phone index of numbers behind SIM boxes
GOIP_SIMS_PER_WAVE = 6


@dataclass(slots=True)
class GoipSim:
    """One SIM in a SIM box: its number, place in the register, box and first day of calling."""

    number: int
    sim: int
    device: int
    active_at: int


@dataclass(slots=True)
class Sims:
    """Rows of the SIM register, one a holding; `of_number` gives the row of a number's first holder."""

    number: list[int] = field(default_factory=list)
    holder: list[int] = field(default_factory=list)
    since: list[int] = field(default_factory=list)
    closed: list[bool] = field(default_factory=list)
    kind: list[str] = field(default_factory=list)
    channel: list[int] = field(default_factory=list)
    of_number: dict[int, int] = field(default_factory=dict)
    goip: dict[tuple[int, int], list[GoipSim]] = field(default_factory=dict)  # (ring, wave): sims
    resold: list[tuple[int, int, int]] = field(default_factory=list)  # number, new holder, since

    def add(self, number: int, holder: int, since: int, channel: int, kind: str = "手机") -> int:
        """One more holding; gives its row, which is also the index of its IMSI and ICCID."""
        row = len(self.number)
        self.number.append(number)
        self.holder.append(holder)
        self.since.append(since)
        self.closed.append(False)
        self.kind.append(kind)
        self.channel.append(channel)
        self.of_number.setdefault(number, row)
        return row


def issue(world: World, rings: list[Ring], book: PatternBook) -> Sims:
    """Numbers of ordinary people, of dealers and of the SIM boxes; some numbers are re-issued to
    innocent people."""
    rng = world.settings.stream("sims")
    sims, people = Sims(), world.people
    numbers, first = np.unique(people.phone[: people.locals_], return_index=True)
    age = rng.integers(40, 4_000, len(numbers)).tolist()
    shop = rng.integers(0, 90, len(numbers)).tolist()
    for number, person, days, channel in zip(numbers.tolist(), first.tolist(), age, shop, strict=True):
        sims.add(number, person, START - days * DAY + 11 * HOUR, channel)
    counter = _GOIP_NUMBERS
    for ring in rings:
        _dealer_numbers(rng, sims, ring)
        for wave in ring.waves:
            counter = _box(rng, sims, ring, wave.number, wave.first_at, counter)
        _note_many(book, sims, ring)
    _reissue(world, rng, sims, rings)
    return sims


def _dealer_numbers(rng: np.random.Generator, sims: Sims, ring: Ring) -> None:
    for dealer, numbers in ring.dealer_numbers.items():
        for place, number in enumerate(numbers):
            holder = dealer if place == 0 else ring.members["card_provider"][place]
            sims.add(number, holder, START - int(rng.integers(5, 60)) * DAY, 90 + ring.index % 7)


def _box(rng: np.random.Generator, sims: Sims, ring: Ring, wave: int, first_at: int, counter: int) -> int:
    """SIMs of one wave, bought on the identities of a few card providers, in two boxes."""
    sellers = [int(p) for p in rng.choice(np.array(ring.members["card_provider"]), 2, replace=False)]
    boxes = [7_000_000 + ring.index * 50 + wave * 2 + side for side in (0, 1)]
    batch = []
    for place in range(GOIP_SIMS_PER_WAVE):
        number = int(phone_numbers(np.array([counter]))[0])
        counter += 1
        day = first_at // DAY * DAY + (place // 2) * 2 * DAY
        active = day + 8 * HOUR + int(rng.integers(0, HOUR))
        row = sims.add(
            number, sellers[place % 2], active, 90 + ring.index % 7, "物联网" if place == 5 else "手机"
        )
        batch.append(GoipSim(number, row, boxes[0] if place < 4 else boxes[1], active))
    sims.goip[(ring.index, wave)] = batch
    return counter


def _note_many(book: PatternBook, sims: Sims, ring: Ring) -> None:
    """Holders of more than five SIMs (S01)."""
    held: dict[int, list[int]] = {}
    for row, holder in enumerate(sims.holder):
        if holder in ring.dealer_of:
            held.setdefault(holder, []).append(sims.number[row])
    for numbers in held.values():
        if len(numbers) > 5:
            book.plant_rows("S01", [("sim", str(number)) for number in numbers])


def _reissue(world: World, rng: np.random.Generator, sims: Sims, rings: list[Ring]) -> None:
    """Numbers the rings gave up come back, weeks later, in the hands of people who know nothing of them."""
    last = START + world.settings.days * DAY
    free = np.arange(world.people.locals_)
    members = np.array([person for ring in rings for person, _ in ring.everyone()])
    innocent = rng.permutation(np.setdiff1d(free, members)).tolist()
    for batch in sims.goip.values():
        for sim in batch[:2]:
            since = sim.active_at + 25 * DAY
            if since < last - 5 * DAY and rng.random() < 0.7:
                holder = int(innocent.pop())
                sims.closed[sim.sim] = True
                sims.add(sim.number, holder, since, int(rng.integers(0, 90)))
                sims.resold.append((sim.number, holder, since))
