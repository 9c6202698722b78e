"""Call records of friends, families, hotlines and couriers, and the writing of each operator's file."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import polars as pl

from simulate import clock, names
from simulate.access import SHARED_DEVICES
from simulate.accounts import World
from simulate.files import CsvFile
from simulate.identifiers import Ints, fixed_width, imei, imsi, operator_of
from simulate.ordinary import activity
from simulate.people import CITIES
from simulate.sims import Sims

CELLS_PER_CITY = 200
CALLER, CALLED, TEXT = range(3)
HOTLINE = 95_990  # an invented service number; 95990-95994 exist


@dataclass(slots=True)
class Calls:
    """Parallel arrays, one entry a record as seen by the own side.

    own, peer: numbers; kind: CALLER, CALLED or TEXT; at: local second; seconds: length; sim: row of the SIM
    register; device: index; cell: city * CELLS_PER_CITY + number.
    """

    own: Ints
    peer: Ints
    kind: Ints
    at: Ints
    seconds: Ints
    sim: Ints
    device: Ints
    cell: Ints

    def __len__(self) -> int:
        return len(self.own)


def join_calls(parts: Sequence[Calls]) -> Calls:
    """All calls of the parts in order."""
    return Calls(*(np.concatenate([getattr(part, f.name) for part in parts]) for f in fields(Calls)))


def calls(rows: list[tuple[int, int, int, int, int, int, int, int]]) -> Calls:
    """Calls from rows in the order of the columns."""
    table = np.array(rows, dtype=np.int64).reshape(len(rows), 8)
    return Calls(*(table[:, column].copy() for column in range(8)))


def home_cell(world: World, person: Ints) -> Ints:
    """Cell of the person's home."""
    people = world.people
    return people.live_city[person] * CELLS_PER_CITY + people.household[person] * 31 % 100


def cell_at(world: World, person: Ints, at: Ints) -> Ints:
    """Cell where a person is at a time: at work in office hours, else at home."""
    people = world.people
    hour = at // clock.HOUR % 24
    company = people.employer[person]
    working = (company >= 0) & (hour >= 9) & (hour < 18)
    office = people.live_city[person] * CELLS_PER_CITY + 100 + company % 50
    return np.where(working, office, home_cell(world, person))


def everyday_calls(world: World, sims: Sims, wanted: int) -> Calls:
    """Calls among friends and family, to hotlines, and from couriers and hotlines to strangers."""
    rng = world.settings.stream("calls")
    people = world.people
    row_of = _rows_of_people(world, sims)
    caller = rng.choice(people.locals_, wanted, p=activity(world))
    near = np.array([-41, -17, -5, -2, -1, 1, 2, 3, 11, 29, 400])
    friend = (caller + rng.choice(near, wanted) * (1 + caller % 2)) % people.locals_
    couriers = rng.choice(people.locals_, max(3, people.locals_ // 700), replace=False)
    delivering = rng.random(wanted) < 0.12
    caller = np.where(delivering, couriers[rng.integers(0, len(couriers), wanted)], caller)
    stranger = rng.integers(0, people.locals_, wanted)
    callee = np.where(delivering, stranger, friend)
    at = clock.moments(rng, wanted, world.settings.days, clock.EVENING)
    seconds = np.minimum(3_600, np.exp(3.9 + 1.1 * rng.standard_normal(wanted))).astype(np.int64) + 1
    to_hotline = rng.random(wanted) < 0.03
    peer = np.where(to_hotline, HOTLINE + rng.integers(0, 5, wanted), people.phone[callee])
    kind = np.where(rng.random(wanted) < 0.1, TEXT, CALLER)
    out = Calls(
        people.phone[caller],
        peer,
        kind,
        at,
        np.where(kind == TEXT, 0, seconds),
        row_of[caller],
        people.device[caller],
        cell_at(world, caller, at),
    )
    seen = np.flatnonzero((rng.random(wanted) < 0.25) & ~to_hotline & (kind == CALLER))
    back = Calls(
        peer[seen],
        out.own[seen],
        np.full(len(seen), CALLED),
        at[seen],
        out.seconds[seen],
        row_of[callee[seen]],
        people.device[callee[seen]],
        cell_at(world, callee[seen], at[seen]),
    )
    keep = out.own != out.peer
    out = Calls(*(getattr(out, f.name)[keep] for f in fields(Calls)))
    hotlines = _from_hotlines(world, rng, wanted // 40)
    return join_calls([out, back, hotlines, _repair_benches(world, rng, row_of, max(2, wanted // 8_000))])


def _rows_of_people(world: World, sims: Sims) -> Ints:
    phone = world.people.phone[: world.people.locals_].tolist()
    return np.array([sims.of_number[number] for number in phone], dtype=np.int64)


def _from_hotlines(world: World, rng: np.random.Generator, wanted: int) -> Calls:
    """Service lines ring hundreds of customers a day, as honest sales and couriers do."""
    people = world.people
    callee = people.phone[rng.integers(0, people.locals_, wanted)]
    line = rng.integers(0, 3, wanted)
    at = clock.moments(rng, wanted, world.settings.days, clock.OFFICE)
    none = np.full(wanted, -1, dtype=np.int64)
    city = rng.integers(0, CITIES, 3)[line]
    return Calls(
        HOTLINE + line,
        callee,
        np.full(wanted, CALLER),
        at,
        rng.integers(5, 200, wanted),
        none,
        none,
        city * CELLS_PER_CITY + 199,
    )


def _repair_benches(world: World, rng: np.random.Generator, row_of: Ints, benches: int) -> Calls:
    """Repair shops try customers' SIMs in one test phone: many SIMs, one device, nothing wrong."""
    people = world.people
    customer = rng.integers(0, people.locals_, benches * 12)
    bench = np.repeat(np.arange(benches), 12)
    at = clock.moments(rng, len(bench), world.settings.days, clock.OFFICE)
    at = (
        at // clock.DAY * clock.DAY % (3 * clock.DAY)
        + clock.START
        + bench % 80 * clock.DAY // 2
        + at % clock.DAY
    )
    return Calls(
        people.phone[customer],
        np.full(len(bench), HOTLINE + 4),
        np.full(len(bench), CALLER),
        at,
        rng.integers(3, 30, len(bench)),
        row_of[customer],
        SHARED_DEVICES + 100 + bench,
        people.live_city[customer[bench * 12]] * CELLS_PER_CITY + 190,
    )


def write_calls(book: Calls, folder: Path) -> list[tuple[str, int]]:
    """One file an operator, ordered by time; gives file names with row counts."""
    made = []
    operator = operator_of(book.own)
    order = np.lexsort((np.arange(len(book)), book.at))
    for number, name in enumerate(names.OPERATORS):
        rows = order[operator[order] == number]
        path = folder / f"call_records_{number + 1}_{name}_话单.csv"
        file = CsvFile(path, "gb18030" if number == 1 else "utf-8-sig")
        for first in range(0, max(1, len(rows)), 100_000):
            file.write(_table(book, rows[first : first + 100_000], name))
        file.close()
        made.append((path.name, len(rows)))
    return made


def _table(book: Calls, rows: Ints, operator: str) -> pl.DataFrame:
    at, cell = book.at[rows], book.cell[rows]
    start = pl.Series(at * 1_000_000).cast(pl.Datetime("us"))
    end = pl.Series((at + book.seconds[rows]) * 1_000_000).cast(pl.Datetime("us"))
    city = cell // CELLS_PER_CITY
    lon = fixed_width(110 + city, 3) + "." + fixed_width(cell % CELLS_PER_CITY * 37 + 1_000, 4)
    lat = fixed_width(26 + city % 9, 2) + "." + fixed_width(cell % CELLS_PER_CITY * 41 + 1_000, 4)
    known = pl.Series(book.sim[rows] >= 0)
    none = pl.lit("")
    return pl.select(
        pl.Series("本端号码", book.own[rows]).cast(pl.String),
        pl.Series("对端号码", book.peer[rows]).cast(pl.String),
        pl.Series(["主叫", "被叫", "短信"]).gather(book.kind[rows]).alias("通联类型"),
        start.dt.strftime("%Y-%m-%d %H:%M:%S").alias("开始时间"),
        end.dt.strftime("%Y-%m-%d %H:%M:%S").alias("结束时间"),
        pl.Series("时长", book.seconds[rows]).cast(pl.String),
        pl.when(known).then(imsi(np.maximum(book.sim[rows], 0))).otherwise(none).alias("IMSI"),
        pl.when(known).then(imei(np.maximum(book.device[rows], 0))).otherwise(none).alias("IMEI"),
        pl.Series("LAC", 4_096 + city).cast(pl.String),
        pl.Series("CI", 20_000 + cell).cast(pl.String),
        (lon + "," + lat).alias("经纬度"),
        pl.Series(names.CITY_NAMES).gather(city).alias("位置"),
        pl.Series(names.CITY_NAMES).gather(city).alias("归属地"),
        pl.lit(operator).alias("运营商"),
    )
