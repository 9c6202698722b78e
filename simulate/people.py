"""The people of the invented world: households, homes, migrants, jobs, phones and devices."""

from dataclasses import dataclass

import numpy as np
import polars as pl

from simulate import names
from simulate.identifiers import Bools, Ints, person_ids, phone_numbers
from simulate.settings import Settings

CITIES = len(names.CITY_NAMES)
CITY_CODES = np.array([990_100 + 100 * i for i in range(CITIES)], dtype=np.int64)
CITY_WEIGHTS = np.array([0.20, 0.15, 0.12, 0.10, 0.09, 0.08, 0.07, 0.06, 0.05, 0.04, 0.02, 0.02])
JOB_STUDENT, JOB_RETIRED, JOB_GIG, JOB_DRIVER = 2, 3, 8, 5


@dataclass(slots=True)
class People:
    """One entry a person in each array; outsiders (holders at other banks) stand at the end."""

    ids: pl.Series
    names: pl.Series
    birth_year: Ints
    male: Bools
    home_city: Ints
    live_city: Ints
    household: Ints  # where the person lives; migrants live in dormitories
    family: Ints  # the household the person comes from
    employer: Ints  # company index or -1
    job: Ints  # position in names.JOBS
    phone: Ints  # number as integer
    device: Ints  # device index; members of one family may share one
    locals_: int  # persons 0..locals_-1 live in the covered region

    @property
    def count(self) -> int:
        """All persons, outsiders included."""
        return len(self.home_city)


def _identity(rng: np.random.Generator, city: Ints, year: Ints, male: Bools) -> pl.Series:
    """Unique identity numbers; the order codes of one place and day differ, odd for men."""
    region = CITY_CODES[city] + rng.integers(1, 6, len(city))
    birth = year * 10_000 + rng.integers(1, 13, len(city)) * 100 + rng.integers(1, 29, len(city))
    key = (region * 10**8 + birth) * 2 + male
    order = np.argsort(key, kind="stable")
    rank = np.zeros(len(city), dtype=np.int64)
    same = np.concatenate([[False], key[order][1:] == key[order][:-1]])
    start = np.maximum.accumulate(np.where(same, 0, np.arange(len(city))))
    rank[order] = np.arange(len(city)) - start
    code = (rank + key * 37 % 491) % 500 * 2 + male
    return person_ids(region, birth, code)


def _households(rng: np.random.Generator, count: int) -> Ints:
    sizes = rng.choice(np.array([1, 2, 3, 4, 5]), count, p=[0.25, 0.25, 0.28, 0.15, 0.07])
    return np.repeat(np.arange(count), sizes)[:count].astype(np.int64)


def _ages(rng: np.random.Generator, family: Ints) -> Ints:
    """Birth years: the first two of a family are of one generation, later ones young or old."""
    first = rng.integers(1962, 2000, int(family.max()) + 1)
    place = np.arange(len(family)) - np.searchsorted(family, family)
    shift = np.where(place < 2, rng.integers(-4, 5, len(family)), rng.choice([-26, 22, 24, 26], len(family)))
    return np.clip(first[family] + shift, 1938, 2007).astype(np.int64)


def _jobs(rng: np.random.Generator, year: Ints) -> Ints:
    working = rng.choice(
        np.array([0, 1, 4, 5, 6, 7, 8, 9]), len(year), p=[0.3, 0.3, 0.1, 0.06, 0.1, 0.05, 0.06, 0.03]
    )
    return np.select([year >= 2002, year <= 1960], [JOB_STUDENT, JOB_RETIRED], default=working).astype(
        np.int64
    )


def settle(settings: Settings, locals_: int, outsiders: int, companies: Ints) -> People:
    """Draw the people; `companies` holds each company's city.

    `locals_` persons live here in families; an eighth of them work in another city, in the dormitory of
    their company. `outsiders` hold accounts at banks that report nothing.
    """
    rng = settings.stream("people")
    total = locals_ + outsiders
    family = _households(rng, total)
    city_of_family = rng.choice(CITIES, int(family.max()) + 1, p=CITY_WEIGHTS)
    home = city_of_family[family].astype(np.int64)
    year, male = _ages(rng, family), rng.random(total) < 0.5
    job = _jobs(rng, year)
    worker = ~np.isin(job, (JOB_STUDENT, JOB_RETIRED, JOB_GIG, 4, 6))
    migrant = worker & (rng.random(total) < 0.16)
    live = np.where(migrant, rng.choice(CITIES, total, p=CITY_WEIGHTS), home).astype(np.int64)
    employer = _employ(rng, live, worker & (rng.random(total) < 0.75), companies)
    dormitory = int(family.max()) + 1 + np.maximum(employer, 0)
    household = np.where(migrant & (employer >= 0), dormitory, family).astype(np.int64)
    device, phone = _devices_and_phones(rng, family, year)
    return People(
        _identity(rng, home, year, male),
        names.person_names(rng, total),
        year,
        male,
        home,
        live,
        household,
        family,
        employer,
        job,
        phone,
        device,
        locals_,
    )


def _employ(rng: np.random.Generator, live: Ints, works: Bools, companies: Ints) -> Ints:
    """Each worker's company: one of the same city, a few large ones taking many."""
    employer = np.full(len(live), -1, dtype=np.int64)
    for city in range(CITIES):
        own = np.flatnonzero(companies == city)
        staff = np.flatnonzero(works & (live == city))
        if len(own) and len(staff):
            weight = 1.0 / (np.arange(len(own)) + 3.0)
            employer[staff] = rng.choice(own, len(staff), p=weight / weight.sum())
    return employer


def _devices_and_phones(rng: np.random.Generator, family: Ints, year: Ints) -> tuple[Ints, Ints]:
    """Own phone and device for most; some old and young use those of the first of the family."""
    count = len(family)
    person = np.arange(count, dtype=np.int64)
    first = np.searchsorted(family, family)
    leans = (year <= 1957) | (year >= 2005)
    shares_device = rng.random(count) < np.where(leans, 0.35, 0.03)
    shares_phone = rng.random(count) < np.where(leans, 0.30, 0.02)
    device = np.where(shares_device, first, person)
    number = np.where(shares_phone, first, person)
    return device.astype(np.int64), phone_numbers(number)
