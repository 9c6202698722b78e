"""From where accounts are used: homes, offices, dormitories, schools, carrier NAT, and the devices held."""

import numpy as np

from simulate.accounts import World
from simulate.clock import HOUR
from simulate.events import MOBILE, WEB, Events
from simulate.identifiers import Ints
from simulate.people import CITIES, JOB_STUDENT

_HOMES = 198 * 2**24 + 18 * 2**16  # 198.18.0.0/15, set aside for tests: one fixed address a household
_OFFICES, HOUSES = 100_000, 115_000  # first places of company offices and ring houses in that range
_CARRIER_INSIDE = 100 * 2**24 + 64 * 2**16  # 100.64.0.0/10, seen where an app logs the inner address
_PUBLIC_A = 198 * 2**24 + 51 * 2**16 + 100 * 2**8
_PUBLIC_B = 203 * 2**24 + 113 * 2**8
GATEWAYS_PER_CITY = 4
COMPANY_DEVICES = 5_000_000  # first device index of company computers
RING_DEVICES = 6_000_000
GOIP_DEVICES = 7_000_000
SHARED_DEVICES = 8_000_000  # branch terminals, repair benches


def home_ip(household: Ints) -> Ints:
    """Fixed address of each household or dormitory inside 198.18.0.0/15; one-to-one up to 100,000 of them."""
    return _HOMES + (household * 40_503 + 7_777) % 2**17


def office_ip(company: Ints) -> Ints:
    """Address of a company's office."""
    return home_ip(_OFFICES + company)


def gateway_ip(city: Ints, number: Ints) -> Ints:
    """Carrier NAT gateways: a few addresses a city, each with hundreds of users."""
    return _PUBLIC_A + city * GATEWAYS_PER_CITY * 4 + number


def school_ip(city: Ints) -> Ints:
    """Wi-Fi of the school of a city."""
    return _PUBLIC_B + 20 + city


def own_devices(world: World, account: Ints) -> Ints:
    """Device on which the holder uses an account: the phone of a person, the office computer of a company."""
    accounts, people = world.accounts, world.people
    person = np.maximum(accounts.person[account], 0)
    return np.where(
        accounts.person[account] >= 0, people.device[person], COMPANY_DEVICES + accounts.org[account]
    )


def own_ips(world: World, account: Ints, at: Ints, rng: np.random.Generator) -> Ints:
    """Address from which the holder uses an account at a time of day: home, office, school or carrier NAT."""
    accounts, people = world.accounts, world.people
    person = np.maximum(accounts.person[account], 0)
    hour = at // HOUR % 24
    city, draw = people.live_city[person], rng.random(len(at))
    company = np.maximum(people.employer[person], 0)
    working = (hour >= 9) & (hour < 17) & (people.employer[person] >= 0)
    student = people.job[person] == JOB_STUDENT
    nat = gateway_ip(city, rng.integers(0, GATEWAYS_PER_CITY, len(at)))
    nat = np.where(rng.random(len(at)) < 0.08, _CARRIER_INSIDE + rng.integers(0, 2**22, len(at)), nat)
    by_day = np.select([student, working], [school_ip(city), office_ip(company)], default=nat)
    home = home_ip(people.household[person])
    place = np.select([draw < 0.40, draw < 0.60], [home, by_day], default=nat)
    return np.where(accounts.person[account] >= 0, place, office_ip(np.maximum(accounts.org[account], 0)))


def resolve(world: World, book: Events) -> None:
    """Fill device and address of every phone or web payment that has none, in place; other channels
    keep -1."""
    rng = world.settings.stream("access")
    digital = np.flatnonzero(np.isin(book.channel, (MOBILE, WEB)) & (book.payer >= 0))
    payer, at = book.payer[digital], book.at[digital]
    device, ip = book.device[digital], book.ip[digital]
    book.device[digital] = np.where(device >= 0, device, own_devices(world, payer))
    book.ip[digital] = np.where(ip >= 0, ip, own_ips(world, payer, at, rng))


def place_of_ip(ip: Ints, fallback: Ints) -> Ints:
    """City shown for an address: that of a gateway or school; elsewhere the fallback (the user's city)."""
    gateway = (ip >= _PUBLIC_A) & (ip < _PUBLIC_A + 256)
    school = (ip >= _PUBLIC_B + 20) & (ip < _PUBLIC_B + 20 + CITIES)
    return np.select(
        [gateway, school],
        [(ip - _PUBLIC_A) // (GATEWAYS_PER_CITY * 4), ip - _PUBLIC_B - 20],
        default=fallback,
    )
