"""The accounts of the invented world: whose they are, where and when opened, how they are numbered."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from simulate import names
from simulate.clock import DAY, HOUR, START
from simulate.identifiers import Bools, Ints, account_numbers, card_numbers, credit_codes
from simulate.people import CITIES, CITY_CODES, CITY_WEIGHTS, People, settle
from simulate.settings import Settings

PERSONAL, MERCHANT, COMPANY, HUB, OUTSIDE = range(5)
BANK_WEIGHTS = np.array([0.28, 0.23, 0.19, 0.15, 0.11, 0.04])
BRANCHES_PER_CITY = 3


@dataclass(slots=True)
class Organisations:
    """Companies, shops and hubs: name, credit code, city; companies come first."""

    names: list[str]
    codes: list[str]
    city: Ints
    companies: int


@dataclass(slots=True)
class Accounts:
    """One entry an account in each array; -1 where a column does not apply."""

    kind: Ints
    bank: Ints
    person: Ints  # holder, or -1
    org: Ints  # holder, or -1
    branch: Ints  # city * BRANCHES_PER_CITY + number, inside the bank
    opened: Ints  # local second
    teller: Ints
    agent: Ints  # person who opened it for the holder, or -1
    phone: Ints  # reserved number
    numbers: pl.Series
    cards: pl.Series  # empty text: no card
    salary: Bools  # wages of the holder arrive here

    @property
    def count(self) -> int:
        """All accounts."""
        return len(self.kind)


@dataclass(slots=True)
class World:
    """People, organisations and accounts before anything happens."""

    settings: Settings
    people: People
    orgs: Organisations
    accounts: Accounts
    main: Ints  # first account of each person
    fresh: Ints  # accounts kept for rings: opened in the window, no life of their own yet


@dataclass(frozen=True, slots=True)
class _Sizes:
    hubs: int
    shops: int
    companies: int
    company_accounts: int
    outside: int
    fresh: int
    personal: int
    persons: int


def _sizes(settings: Settings) -> _Sizes:
    total = settings.accounts
    hubs, shops, companies = max(6, total // 2_500), int(0.035 * total), max(12, int(0.012 * total))
    outside = int(0.08 * total)
    fresh = settings.rings * 34
    company_accounts = companies + int(0.006 * total)
    personal = total - hubs - shops - company_accounts - outside - fresh
    return _Sizes(hubs, shops, companies, company_accounts, outside, fresh, personal, int(personal / 1.35))


def build(settings: Settings) -> World:
    """Settle people, found organisations and open accounts; the same settings give the same world."""
    size = _sizes(settings)
    rng = settings.stream("accounts")
    orgs = _organisations(rng, size)
    people = settle(settings, size.persons, size.outside, orgs.city[: size.companies])
    kind, person, org = _holders(rng, size)
    accounts = _open(settings, rng, people, orgs, kind, person, org)
    main = np.zeros(people.count, dtype=np.int64)
    owned = np.flatnonzero(person >= 0)[::-1]
    main[person[owned]] = owned
    _salary_accounts(rng, accounts, people, main)
    fresh = np.arange(settings.accounts - size.fresh, settings.accounts, dtype=np.int64)
    return World(settings, people, orgs, accounts, main, fresh)


def _organisations(rng: np.random.Generator, size: _Sizes) -> Organisations:
    count = size.companies + size.shops + size.hubs
    city = rng.choice(CITIES, count, p=CITY_WEIGHTS).astype(np.int64)
    city[: min(CITIES, size.companies)] = np.arange(min(CITIES, size.companies))
    codes = credit_codes(CITY_CODES[city] + 1, 10_000_000 + np.arange(count) * 37)
    hubs = [
        f"{names.HUB_NAMES[i % len(names.HUB_NAMES)]}{i // len(names.HUB_NAMES) or ''}"
        for i in range(size.hubs)
    ]
    shops = names.shop_names(rng, city[size.companies : size.companies + size.shops])
    return Organisations(
        names.company_names(1, city[: size.companies]) + shops + hubs, codes, city, size.companies
    )


def _holders(rng: np.random.Generator, size: _Sizes) -> tuple[Ints, Ints, Ints]:
    """Kind, person and organisation of each account: personal, company, shop, hub, outside, fresh."""
    extra = np.sort(rng.integers(0, size.persons, size.personal - size.persons))
    person = np.concatenate([np.arange(size.persons), extra])
    more = rng.integers(0, max(1, size.companies // 4), size.company_accounts - size.companies)
    org = np.concatenate(
        [np.arange(size.companies), more, np.arange(size.shops + size.hubs) + size.companies]
    )
    kinds = (
        (PERSONAL, size.personal),
        (COMPANY, size.company_accounts),
        (MERCHANT, size.shops),
        (HUB, size.hubs),
        (OUTSIDE, size.outside),
        (PERSONAL, size.fresh),
    )
    kind = np.repeat(np.array([k for k, _ in kinds]), [n for _, n in kinds])
    outsiders = np.arange(size.persons, size.persons + size.outside)
    none = np.full(size.fresh, -1)
    persons = np.concatenate([person, np.full(len(org), -1), outsiders, none])
    orgs = np.concatenate([np.full(len(person), -1), org, np.full(size.outside, -1), none])
    return kind.astype(np.int64), persons.astype(np.int64), orgs.astype(np.int64)


def _open(
    settings: Settings,
    rng: np.random.Generator,
    people: People,
    orgs: Organisations,
    kind: Ints,
    person: Ints,
    org: Ints,
) -> Accounts:
    count = len(kind)
    bank = rng.choice(len(BANK_WEIGHTS), count, p=BANK_WEIGHTS).astype(np.int64)
    outside = kind == OUTSIDE
    bank[outside] = names.REPORTING_BANKS + rng.choice(3, int(outside.sum()), p=[0.5, 0.4, 0.1])
    city = np.where(person >= 0, people.home_city[np.maximum(person, 0)], orgs.city[np.maximum(org, 0)])
    branch = city * BRANCHES_PER_CITY + rng.integers(0, BRANCHES_PER_CITY, count)
    age = np.where(
        rng.random(count) < 0.05, -rng.integers(0, settings.days, count), rng.integers(30, 4_000, count)
    )
    opened = START - age * DAY + rng.integers(9, 17, count) * HOUR + rng.integers(0, HOUR, count)
    index = rng.permutation(count).astype(np.int64)
    carded = (kind == PERSONAL) | outside
    cards = pl.select(
        pl.when(pl.Series(carded)).then(card_numbers(bank, index)).otherwise(pl.lit(""))
    ).to_series()
    numbers = account_numbers(bank, branch, index)
    numbers = pl.select(pl.when(pl.Series(outside)).then(cards).otherwise(numbers)).to_series()
    phone = np.where(person >= 0, people.phone[np.maximum(person, 0)], 0)
    teller = rng.integers(1, 5, count).astype(np.int64)
    none = np.full(count, -1, dtype=np.int64)
    return Accounts(
        kind,
        bank,
        person,
        org,
        branch.astype(np.int64),
        opened.astype(np.int64),
        teller,
        none,
        phone,
        numbers,
        cards,
        np.zeros(count, dtype=np.bool_),
    )


def _salary_accounts(rng: np.random.Generator, accounts: Accounts, people: People, main: Ints) -> None:
    """Wages go to the main account, except for group migrants, who open one together far from work.

    A company's recruiter takes a party of new migrants to one branch of their home city on one day; the
    accounts then live in the city of work (DOMAIN.md 5, exceptions `migrant` and `payroll`).
    """
    workers = np.flatnonzero(people.employer[: people.locals_] >= 0)
    accounts.salary[main[workers]] = True
    away = workers[people.home_city[workers] != people.live_city[workers]]
    key = people.employer[away] * CITIES + people.home_city[away]
    for group in np.unique(key):
        party = away[key == group]
        banks = accounts.bank[main[party]]
        party = party[banks == np.bincount(banks).argmax()][:30]
        if len(party) < 4 or rng.random() < 0.35:
            continue
        own = main[party]
        day = int(rng.integers(-200, 60))
        first = START + day * DAY + 9 * HOUR + int(rng.integers(0, 4 * HOUR))
        accounts.opened[own] = first + np.sort(rng.integers(0, 150 * 60, len(own)))
        accounts.branch[own] = accounts.branch[own[0]]
        accounts.teller[own] = rng.integers(1, 3, len(own))
        if rng.random() < 0.3:  # the recruiter's number stands for all, until each gets a local one
            accounts.phone[own] = people.phone[party[0]]
    old = np.flatnonzero((people.birth_year[: people.locals_] <= 1955) & (rng.random(people.locals_) < 0.15))
    accounts.agent[main[old]] = np.searchsorted(people.family[: people.locals_], people.family[old])
