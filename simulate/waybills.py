"""Courier waybills: online shopping and gifts, and between them the cards that providers mail to dealers."""

from pathlib import Path

import numpy as np
import polars as pl

from simulate import clock, names
from simulate.accounts import MERCHANT, World
from simulate.clock import DAY, HOUR
from simulate.files import write_csv
from simulate.identifiers import Ints
from simulate.ordinary import activity
from simulate.patterns import PatternBook
from simulate.ring import Ring

Row = tuple[str, str, str, str, str, str, str, int, int, int, str]
# sender, sender phone, sender address, recipient, phone, address, goods, grams, sent, courier company,
# customer code


def address_of(world: World, person: int) -> str:
    """Postal address of a person's household."""
    city = int(world.people.live_city[person])
    home = int(world.people.household[person])
    house = f"{home % 300 + 1}号{home // 300 % 30 + 1}栋{home % 24 + 1}室"
    return f"{names.CITY_NAMES[city]}{names.STREETS[home % 6]}{house}"


def _person(world: World, person: int) -> tuple[str, str, str]:
    return world.people.names[person], str(world.people.phone[person]), address_of(world, person)


def ring_parcels(world: World, rings: list[Ring], book: PatternBook) -> list[Row]:
    """Providers mail cards to their dealer within days of opening (P01); dealers mail batches to the
    house."""
    rng = world.settings.stream("parcels")
    rows: list[Row] = []
    dealers = [dealer for ring in rings for dealer in ring.members["card_dealer"]]
    for dealer in dealers:
        parcels = [parcel for ring in rings for parcel in _to_dealer(world, rng, ring, dealer, rows)]
        if len({holder for holder, _ in parcels}) >= 3:
            book.plant_rows("P01", [("waybill", waybill(row)) for _, row in parcels])
    for ring in rings:
        for wave in ring.waves:
            carriers = ring.members["card_runner"] + ring.members["card_dealer"]
            sender = carriers[wave.number % len(carriers)]
            worker = ring.members["laundry_house"][wave.number % 3]
            at = wave.first_at - 20 * HOUR - int(rng.integers(0, 6 * HOUR))
            goods = ("日用品", "文件", "配件")[int(rng.integers(0, 3))]
            rows.append(
                (
                    *_person(world, sender),
                    *_person(world, worker),
                    goods,
                    int(rng.integers(150, 480)),
                    at,
                    ring.index % 2,
                    "",
                )
            )
    return rows


def _to_dealer(
    world: World, rng: np.random.Generator, ring: Ring, dealer: int, rows: list[Row]
) -> list[tuple[int, int]]:
    """Adds the parcels of one dealer's providers; gives (holder, row) of those that fit P01."""
    fitting = []
    for card in ring.cards:
        if card.dealer != dealer or card.controller == card.holder:
            continue
        if rng.random() >= world.settings.noise.mailed_share:
            continue
        opened = int(world.accounts.opened[card.account])
        wave = ring.waves[card.wave]
        earliest = opened + 2 * HOUR if card.fresh else wave.first_at - 6 * DAY
        latest = max(
            earliest + HOUR,
            min(wave.first_at - 26 * HOUR, opened + 12 * DAY if card.fresh else wave.first_at),
        )
        at = int(rng.integers(earliest, latest))
        grams = int(rng.integers(60, 400))
        goods = ("文件", "日用品", "礼品", "数码配件")[int(rng.integers(0, 4))]
        rows.append(
            (*_person(world, card.holder), *_person(world, dealer), goods, grams, at, ring.index % 2, "")
        )
        if card.fresh:
            fitting.append((card.holder, len(rows) - 1))
    return fitting


def waybill(row: int) -> str:
    """Waybill number of a ring parcel by its row; ordinary parcels use the other half of the numbers."""
    return f"YT{(row * 7_919 + 13) % 10**9 * 2 + 1:011d}"


def write_waybills(world: World, ring_rows: list[Row], folder: Path) -> list[tuple[str, int]]:
    """One file a courier company, ordered by time; gives file names with row counts."""
    rng = world.settings.stream("post")
    ordinary = _ordinary(world, rng, int(0.05 * world.settings.scale))
    ring = _frame([waybill(row) for row in range(len(ring_rows))], ring_rows)
    table = pl.concat([ordinary, ring]).sort("at", "运单号")
    made = []
    for number, name in enumerate(names.COURIERS):
        part = table.filter(pl.col("company") == number)
        at = pl.from_epoch("at", time_unit="s")
        later = pl.from_epoch(pl.col("at") + 30 * HOUR + pl.col("grams") % 40 * HOUR // 2, time_unit="s")
        form = "%Y-%m-%d %H:%M:%S"
        text = part.select(
            "运单号",
            "寄件人",
            "寄件手机",
            "寄件地址",
            "收件人",
            "收件手机",
            "收件地址",
            "物品",
            (
                (pl.col("grams") // 1_000).cast(pl.String)
                + "."
                + (pl.col("grams") % 1_000).cast(pl.String).str.zfill(3)
            ).alias("重量"),
            (pl.col("grams") // 500 * 2 + 8).cast(pl.String).alias("费用"),
            at.dt.strftime(form).alias("揽收时间"),
            later.dt.strftime(form).alias("签收时间"),
            ("ZD" + (pl.col("grams") % 40 + 100).cast(pl.String)).alias("网点"),
            ("样快" + (pl.col("grams") % 97).cast(pl.String)).alias("快递员"),
            "协议客户",
        )
        path = folder / f"waybills_{number + 1}_{name}.csv"
        write_csv(path, text, "gb18030" if number else "utf-8-sig")
        made.append((path.name, text.height))
    return made


def _frame(numbers: list[str], rows: list[Row]) -> pl.DataFrame:
    titles = (
        "寄件人",
        "寄件手机",
        "寄件地址",
        "收件人",
        "收件手机",
        "收件地址",
        "物品",
        "grams",
        "at",
        "company",
        "协议客户",
    )
    kinds = [pl.String] * 7 + [pl.Int64] * 3 + [pl.String]
    frame = pl.DataFrame(rows, schema=dict(zip(titles, kinds, strict=True)), orient="row")
    return frame.insert_column(0, pl.Series("运单号", numbers, dtype=pl.String))


def addresses(world: World, person: Ints) -> pl.Series:
    """Postal addresses of the households of persons."""
    city, home = world.people.live_city[person], world.people.household[person]

    def text(values: Ints) -> pl.Series:
        return pl.Series(values).cast(pl.String)

    street = pl.Series(names.CITY_NAMES).gather(city) + pl.Series(names.STREETS).gather(home % 6)
    return (
        street + text(home % 300 + 1) + "号" + text(home // 300 % 30 + 1) + "栋" + text(home % 24 + 1) + "室"
    )


def _ordinary(world: World, rng: np.random.Generator, wanted: int) -> pl.DataFrame:
    """Shops send orders under a customer code; people send gifts, and light returns to one shop."""
    people = world.people
    shops = np.flatnonzero(world.accounts.kind == MERCHANT)
    sender = np.where(rng.random(wanted) < 0.6, -1, rng.choice(people.locals_, wanted, p=activity(world)))
    shop = shops[(rng.random(wanted) ** 3 * len(shops)).astype(np.int64)]
    recipient = rng.choice(people.locals_, wanted, p=activity(world))
    returns = (sender >= 0) & (rng.random(wanted) < 0.4)
    shop_name = pl.Series(world.orgs.names).gather(world.accounts.org[shop])
    shop_phone = pl.Series(shop % 97_000 + 96_000_000).cast(pl.String)
    shop_city = pl.Series(names.CITY_NAMES).gather(world.orgs.city[world.accounts.org[shop]])
    shop_address = shop_city + "样例仓库" + pl.Series(shop).cast(pl.String) + "号"
    who, by_shop, back = np.maximum(sender, 0), pl.Series(sender < 0), pl.Series(returns)
    grams = np.minimum(20_000, np.exp(6.3 + 1.1 * rng.standard_normal(wanted))).astype(np.int64) + 40
    goods = pl.Series(["服装", "食品", "日用品", "数码配件", "文件", "礼品", "图书"])
    at = clock.moments(rng, wanted, world.settings.days, clock.OFFICE)
    phones = pl.Series(people.phone).cast(pl.String)
    extension = pl.Series(rng.random(wanted) < 0.05)
    hidden = phones.gather(recipient) + "-" + pl.Series(rng.integers(1_000, 9_999, wanted)).cast(pl.String)
    serial = pl.Series((np.arange(wanted) * 7_919 + 29) % 10**9 * 2).cast(pl.String).str.zfill(11)
    return pl.select(
        ("YT" + serial).alias("运单号"),
        pl.when(by_shop).then(shop_name).otherwise(people.names.gather(who)).alias("寄件人"),
        pl.when(by_shop).then(shop_phone).otherwise(phones.gather(who)).alias("寄件手机"),
        pl.when(by_shop).then(shop_address).otherwise(addresses(world, who)).alias("寄件地址"),
        pl.when(back).then(shop_name).otherwise(people.names.gather(recipient)).alias("收件人"),
        pl.when(back)
        .then(shop_phone)
        .when(extension)
        .then(hidden)
        .otherwise(phones.gather(recipient))
        .alias("收件手机"),
        pl.when(back).then(shop_address).otherwise(addresses(world, recipient)).alias("收件地址"),
        goods.gather(rng.integers(0, 7, wanted)).alias("物品"),
        pl.Series("grams", grams),
        pl.Series("at", at),
        pl.Series("company", rng.integers(0, 2, wanted)),
        pl.when(by_shop).then("KH" + pl.Series(shop).cast(pl.String)).otherwise(pl.lit("")).alias("协议客户"),
    )
