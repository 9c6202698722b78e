"""Calls of the rings: SIM boxes ring strangers and victims, members ring those they work with."""

import numpy as np

from simulate.accounts import World
from simulate.calls import CALLED, CALLER, CELLS_PER_CITY, Calls, calls, home_cell
from simulate.clock import DAY, HOUR, START
from simulate.identifiers import imei
from simulate.laundering import Case
from simulate.patterns import PatternBook
from simulate.ring import Ring
from simulate.sims import GoipSim, Sims

Row = tuple[int, int, int, int, int, int, int, int]


def ring_calls(world: World, rings: list[Ring], cases: list[Case], sims: Sims, book: PatternBook) -> Calls:
    """All ring calls; plants S03, S04, S09 with the numbers and devices that show them."""
    rng = world.settings.stream("ring-calls")
    rows: list[Row] = []
    for ring in rings:
        own = [case for case in cases if case.ring == ring.index]
        for wave in ring.waves:
            batch = sims.goip[(ring.index, wave.number)]
            _boxes(world, rng, ring, batch, rows, book)
            _victims(world, rng, ring, [c for c in own if c.wave == wave.number], batch, sims, rows, book)
        _members(world, rng, ring, sims, rows)
    _resold(world, rng, sims, rows)
    return calls(rows)


def den_cell(ring: Ring) -> int:
    """Cell of the den, where callers, manager and boxes are."""
    return ring.den_city * CELLS_PER_CITY + 150 + ring.index % 45


def house_cell(ring: Ring) -> int:
    """Cell of the laundry house."""
    return ring.house_city * CELLS_PER_CITY + 150 + (ring.index * 7 + 3) % 45


def _boxes(
    world: World,
    rng: np.random.Generator,
    ring: Ring,
    batch: list[GoipSim],
    rows: list[Row],
    book: PatternBook,
) -> None:
    """Each SIM of a box rings dozens of strangers on its first day (S03), all together on a later one."""
    people = world.people
    for sim in batch:
        count = int(rng.integers(36, 50) * (1.0 if world.settings.noise.call_share >= 0.5 else 0.6))
        strangers = people.phone[rng.choice(people.locals_, count, replace=False)]
        moments = np.sort(rng.integers(0, 9 * HOUR, count)) + sim.active_at + 600
        for number, at in zip(strangers.tolist(), moments.tolist(), strict=True):
            answered = int(rng.integers(3, 90)) if rng.random() < 0.55 else 0
            rows.append((sim.number, number, CALLER, at, answered, sim.sim, sim.device, den_cell(ring)))
        if len(set(strangers.tolist())) >= 30:
            book.plant_rows("S03", [("sim", str(sim.number))])
    first = [sim for sim in batch if sim.device == batch[0].device]
    for sim in first:
        for at in rng.integers(0, 9 * HOUR, 3).tolist():
            day = max(s.active_at for s in first) // DAY * DAY + 9 * HOUR
            callee = int(people.phone[int(rng.integers(0, people.locals_))])
            rows.append((sim.number, callee, CALLER, day + at, 20, sim.sim, sim.device, den_cell(ring)))
    _swap(world, rng, ring, batch, rows, book)
    serial = str(imei(np.array([first[0].device]))[0])
    book.plant_rows("S04", [("device", serial)] + [("sim", str(sim.number)) for sim in first])


def _swap(
    world: World,
    rng: np.random.Generator,
    ring: Ring,
    batch: list[GoipSim],
    rows: list[Row],
    book: PatternBook,
) -> None:
    """SIMs are moved between boxes days later, so that boxes and SIMs hang together in a circle (S11)."""
    one, other, third = batch[0].device, batch[4].device, batch[0].device + 25
    moves = [(batch[0], other), (batch[4], one), (batch[0], third), (batch[4], third), (batch[1], other)]
    last = max(sim.active_at for sim in batch)
    for place, (sim, device) in enumerate(moves):
        at = last + (2 + place // 2) * DAY + int(rng.integers(0, 6 * HOUR))
        callee = int(world.people.phone[int(rng.integers(0, world.people.locals_))])
        rows.append((sim.number, callee, CALLER, at, 15, sim.sim, device, den_cell(ring)))
    devices = [("device", str(text)) for text in imei(np.array([one, other, third]))]
    book.plant_rows("S11", devices + [("sim", str(sim.number)) for sim in (batch[0], batch[1], batch[4])])


def _victims(
    world: World, rng: np.random.Generator, ring: Ring, cases: list[Case], batch: list[GoipSim], sims: Sims,
    rows: list[Row], book: PatternBook,
) -> None:  # fmt: skip
    """A line of the box rings a victim in the day before the first payment; the victim's record has
    it too."""
    people = world.people
    reached: dict[int, list[int]] = {}
    for place, case in enumerate(cases):
        if rng.random() >= world.settings.noise.call_share:
            continue
        sim = batch[0 if len(cases) < 4 else place % 2]
        at = max(sim.active_at + HOUR, case.payments[0].at - int(rng.integers(1, 20)) * HOUR)
        if at >= case.payments[0].at:
            continue
        victim, seconds = int(people.phone[case.victim]), int(rng.integers(300, 3_000))
        rows.append((sim.number, victim, CALLER, at, seconds, sim.sim, sim.device, den_cell(ring)))
        cell = int(home_cell(world, np.array([case.victim]))[0])
        device = int(people.device[case.victim])
        rows.append((victim, sim.number, CALLED, at, seconds, sims.of_number[victim], device, cell))
        case.caller = sim.number
        reached.setdefault(sim.number, []).append(victim)
    for number, victims in sorted(reached.items()):
        if len(set(victims)) >= 2:
            book.plant_rows("S09", [("sim", str(number))] + [("phone", str(victim)) for victim in victims])


def _members(world: World, rng: np.random.Generator, ring: Ring, sims: Sims, rows: list[Row]) -> None:
    """Who rings whom: financier with lieutenants only, manager with the den, dealers with providers,
    house with crew."""
    share = world.settings.noise.call_share
    m = ring.members
    manager, boss = m["den_manager"][0], m["laundry_house"][0]
    pairs = [
        (m["financier"][0], manager, 9),
        (m["financier"][0], boss, 7),
        (manager, boss, 10),
        (boss, m["score_platform"][0], 10),
    ]
    pairs += [(manager, p, 8) for p in m["caller"] + m["tech_keeper"] + m["traffic_puller"]]
    pairs += [(a, b, 4) for a, b in zip(m["caller"], m["caller"][1:], strict=False)]
    pairs += [(boss, p, 9) for p in m["laundry_house"][1:] + m["cash_crew"] + m["card_dealer"]]
    pairs += [(m["score_platform"][0], p, 6) for p in m["score_runner"]]
    pairs += [(dealer, runner, 8) for dealer in m["card_dealer"] for runner in m["card_runner"]]
    pairs += [(dealer, provider, 4) for provider, dealer in ring.dealer_of.items()]
    for one, other, usual in pairs:
        for _ in range(max(int(share >= 0.5), int(rng.binomial(usual, share)))):
            caller, callee = (one, other) if rng.random() < 0.5 else (other, one)
            _one_call(world, rng, ring, sims, rows, caller, callee)


def _one_call(
    world: World, rng: np.random.Generator, ring: Ring, sims: Sims, rows: list[Row], caller: int, callee: int
) -> None:
    people = world.people
    at = START + int(rng.integers(0, world.settings.days)) * DAY + int(rng.integers(10 * HOUR, 24 * HOUR))
    a, b, seconds = int(people.phone[caller]), int(people.phone[callee]), int(rng.integers(20, 400))
    if a == b:
        return
    own, peer = _cell_of(world, ring, caller), _cell_of(world, ring, callee)
    rows.append((a, b, CALLER, at, seconds, sims.of_number[a], int(people.device[caller]), own))
    if rng.random() < 0.5:
        rows.append((b, a, CALLED, at, seconds, sims.of_number[b], int(people.device[callee]), peer))


def _cell_of(world: World, ring: Ring, person: int) -> int:
    """Members of den and house are there when they talk; the others at home."""
    m = ring.members
    if person in m["den_manager"] + m["caller"] + m["tech_keeper"] + m["traffic_puller"]:
        return den_cell(ring)
    if person in m["laundry_house"] + m["cash_crew"]:
        return house_cell(ring)
    return int(home_cell(world, np.array([person]))[0])


def _resold(world: World, rng: np.random.Generator, sims: Sims, rows: list[Row]) -> None:
    """Innocent new holders of re-issued numbers ring their own friends from their own phones."""
    people = world.people
    rows_of = {(sims.number[row], sims.holder[row]): row for row in range(len(sims.number))}
    last = START + world.settings.days * DAY
    for number, holder, since in sims.resold:
        for _ in range(int(rng.integers(5, 15))):
            at = int(rng.integers(since, last))
            friend = int(people.phone[(holder + int(rng.integers(1, 4))) % people.locals_])
            cell = int(home_cell(world, np.array([holder]))[0])
            row = rows_of[(number, holder)]
            rows.append(
                (
                    number,
                    friend,
                    CALLER,
                    at,
                    int(rng.integers(10, 300)),
                    row,
                    int(people.device[holder]),
                    cell,
                )
            )
