"""Numbers and devices that change hands or are thrown away, with truth: only with `--swaps`.

Its streams are its own and it draws nothing while the flag is off, so that all other worlds stay as they are.
"""

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np

from simulate import access
from simulate.accounts import World
from simulate.calls import CELLS_PER_CITY, Calls
from simulate.clock import DAY, HOUR, START
from simulate.events import Events
from simulate.identifiers import Ints, phone_numbers
from simulate.logins import Columns
from simulate.ring import Ring
from simulate.ring_calls import den_cell
from simulate.sims import Sims

_WORK_NUMBERS, _NEW_NUMBERS = 40_000_000, 50_000_000  # first phone indexes of work and of new numbers
_WORK_DEVICES, _NEW_DEVICES = 9_000_000, 9_500_000
_LENT = ("card_provider", "score_runner")  # they keep their own phones
_NUMBER_SHARE, _DEVICE_SHARE, _BOTH_SHARE = 0.015, 0.03, 0.01  # of ordinary people, in the window
_CHAT_SHARE, _MOVED_SHARE = 0.3, 0.5


@dataclass(frozen=True, slots=True)
class Change:
    """One identifier that took another's place. old, new: number, device index or account index.

    at: local second; ring: -1 for ordinary people; setting: ring, work_phone, innocent or frozen.
    """

    kind: str
    old: int
    new: int
    at: int
    ring: int
    setting: str


@dataclass(slots=True)
class WorkPhone:
    """The two work phones of one member: (number, device) until the day of the swap and from then on."""

    person: int
    private: int
    numbers: tuple[int, int]
    devices: tuple[int, int]
    chats: bool  # whether the chat account is used on it


@dataclass(slots=True)
class Swaps:
    """Everything that is swapped in a world; `rows` gives the SIM register row of each new number."""

    changes: list[Change] = field(default_factory=list)
    phones: dict[int, list[WorkPhone]] = field(default_factory=dict)  # ring: its work phones
    at: dict[int, int] = field(default_factory=dict)  # ring: when all is swapped
    cells: dict[int, tuple[int, int]] = field(default_factory=dict)  # ring: cell of the den before and after
    rows: dict[int, int] = field(default_factory=dict)

    def of(self, kind: str, setting: str) -> list[Change]:
        """Changes of a kind and setting, in order of planting."""
        return [c for c in self.changes if c.kind == kind and c.setting == setting]


def plan(world: World, rings: list[Ring]) -> Swaps:
    """Who swaps what and when: each ring all work phones in one night, ordinary people one by one."""
    swaps = Swaps()
    rng = world.settings.stream("swaps")
    days, count = world.settings.days, 0
    for ring in rings:
        at = START + int(days * (0.4 + 0.2 * rng.random())) * DAY + 4 * HOUR
        swaps.at[ring.index], phones = at, []
        for person, role in ring.everyone():
            if role in _LENT:
                continue
            numbers = phone_numbers(np.arange(_WORK_NUMBERS + count * 2, _WORK_NUMBERS + count * 2 + 2))
            devices = (_WORK_DEVICES + count * 2, _WORK_DEVICES + count * 2 + 1)
            private = int(world.people.phone[person])
            chats = bool(rng.random() < _CHAT_SHARE)
            phone = WorkPhone(person, private, (int(numbers[0]), int(numbers[1])), devices, chats)
            phones.append(phone)
            swaps.changes.append(Change("sim", *phone.numbers, at, ring.index, "ring"))
            swaps.changes.append(Change("device", *phone.devices, at, ring.index, "ring"))
            count += 1
        swaps.phones[ring.index] = phones
        old = den_cell(ring)
        moved = bool(rng.random() < _MOVED_SHARE)
        new = ring.den_city * CELLS_PER_CITY + 150 + (old % CELLS_PER_CITY - 150 + 23) % 45
        swaps.cells[ring.index] = (old, new if moved else old)
        for phones_of in ring.phones.values():
            for place, (one, other) in enumerate(pairwise(phones_of), start=1):
                day = START + place * ring.device_life_days * DAY
                swaps.changes.append(Change("device", one, other, day, ring.index, "work_phone"))
    _ordinary(world, rings, swaps)
    return swaps


def _ordinary(world: World, rings: list[Ring], swaps: Swaps) -> None:
    """Ordinary people who get a new number, a new phone, or both at once, each on a day of their own."""
    rng = world.settings.stream("swaps-ordinary")
    people = world.people
    members = {person for ring in rings for person, _ in ring.everyone()}
    numbers: set[int] = {int(people.phone[person]) for person in members}
    devices: set[int] = {int(people.device[person]) for person in members}
    for person in range(people.locals_):
        draw, day = float(rng.random()), int(rng.integers(0, max(1, int(world.settings.days * 0.5))))
        at = START + (int(world.settings.days * 0.25) + day) * DAY + 12 * HOUR
        number, device = int(people.phone[person]), int(people.device[person])
        if draw >= _NUMBER_SHARE + _DEVICE_SHARE + _BOTH_SHARE or number in numbers or device in devices:
            continue
        numbers.add(number)
        devices.add(device)
        if draw < _NUMBER_SHARE + _BOTH_SHARE:
            fresh = int(phone_numbers(np.array([_NEW_NUMBERS + person]))[0])
            swaps.changes.append(Change("sim", number, fresh, at, -1, "innocent"))
        if draw >= _NUMBER_SHARE:
            swaps.changes.append(Change("device", device, _NEW_DEVICES + person, at, -1, "innocent"))


def register(world: World, rings: list[Ring], swaps: Swaps, sims: Sims) -> None:
    """Enter the new numbers: work phones on identities of card providers, others on their own."""
    rng = world.settings.stream("swaps-register")
    for ring in rings:
        sellers = ring.members["card_provider"]
        for phone in swaps.phones[ring.index]:
            for turn, number in enumerate(phone.numbers):
                since = START - int(rng.integers(5, 60)) * DAY
                if turn:
                    since = swaps.at[ring.index] - int(rng.integers(1, 6)) * DAY
                holder = int(sellers[int(rng.integers(0, len(sellers)))])
                swaps.rows[number] = sims.add(number, holder, since, 90 + ring.index % 7)
    for change in swaps.of("sim", "innocent"):
        old = sims.of_number[change.old]
        sims.closed[old] = True
        row = sims.add(change.new, sims.holder[old], change.at, int(rng.integers(0, 90)))
        swaps.rows[change.new] = row


def ring_calls_swapped(world: World, rings: list[Ring], swaps: Swaps, calls: Calls) -> None:
    """In place: calls among members run over the work phones, and the den may have moved."""
    for ring in rings:
        at, (old, new) = swaps.at[ring.index], swaps.cells[ring.index]
        calls.cell[(calls.cell == old) & (calls.at >= at)] = new
    work = {p.private: (ring.index, p) for ring in rings for p in reversed(swaps.phones[ring.index])}
    persons = [person for ring in rings for person, _ in ring.everyone()]
    known = {int(world.people.phone[person]) for person in persons}
    for row in range(len(calls)):
        own, peer = int(calls.own[row]), int(calls.peer[row])
        if own not in known or peer not in known:
            continue
        for side, number in (("own", own), ("peer", peer)):
            if number not in work:
                continue
            index, phone = work[number]
            turn = int(calls.at[row] >= swaps.at[index])
            getattr(calls, side)[row] = phone.numbers[turn]
            if side == "own":
                calls.sim[row], calls.device[row] = swaps.rows[phone.numbers[turn]], phone.devices[turn]


def calls_swapped(swaps: Swaps, calls: Calls) -> None:
    """In place: everybody's calls from the day of an ordinary change on run over the new number or phone."""
    for change in swaps.of("sim", "innocent"):
        later = calls.at >= change.at
        own = later & (calls.own == change.old) & (calls.sim >= 0)
        calls.sim[own] = swaps.rows[change.new]
        calls.own[own] = change.new
        calls.peer[later & (calls.peer == change.old)] = change.new
    _replace_devices(swaps, calls.at, calls.device)


def events_swapped(swaps: Swaps, book: Events) -> None:
    """In place: payments from the day of an ordinary change on come from the new phone."""
    _replace_devices(swaps, book.at, book.device)


def bank_logins_swapped(swaps: Swaps, logins: Columns) -> None:
    """In place: the same for logins."""
    _replace_devices(swaps, logins[0], logins[2])


def chat_logins_swapped(world: World, rings: list[Ring], swaps: Swaps, logins: Columns) -> None:
    """In place: logins of the chat app, where a part of the members use their work phones."""
    at, person, device, ip = logins
    for ring in rings:
        there = np.isin(ip, np.array([*ring.house_ips, ring.den_ip]))
        for phone in swaps.phones[ring.index]:
            own = there & (person == phone.person) & (device < access.COMPANY_DEVICES)
            if phone.chats:
                device[own] = np.where(at[own] >= swaps.at[ring.index], phone.devices[1], phone.devices[0])
    _replace_devices(swaps, at, device)


def _replace_devices(swaps: Swaps, at: Ints, device: Ints) -> None:
    for change in swaps.of("device", "innocent"):
        device[(at >= change.at) & (device == change.old)] = change.new
