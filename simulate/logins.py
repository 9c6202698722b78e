"""Login logs of bank apps and a chat app: ordinary use, shared terminals, phones of laundry houses."""

from pathlib import Path

import numpy as np
import polars as pl

from simulate import access, clock, names
from simulate.access import SHARED_DEVICES
from simulate.accounts import World
from simulate.events import MOBILE, WEB, Events
from simulate.files import CsvFile
from simulate.identifiers import Ints, imei, ip_texts, macs
from simulate.names import REPORTING_BANKS
from simulate.ordinary import activity
from simulate.patterns import PatternBook
from simulate.ring import Ring

MODELS = ("样机A1", "样机B2", "虚拟手机C3", "拟星D4", "样机E5", "虚拟平板F6")
Columns = tuple[Ints, Ints, Ints, Ints]  # at, account or person, device, ip


def bank_logins(world: World, book: Events, share: float) -> Columns:
    """Logins just before payments by phone or web: a share of the ordinary ones, most of the rings' ones.

    Only accounts of reporting banks appear. A few dozen people a city also use the terminal in a branch.
    """
    rng = world.settings.stream("logins")
    digital = np.isin(book.channel, (MOBILE, WEB)) & (book.payer >= 0)
    digital &= np.concatenate([world.accounts.bank < REPORTING_BANKS, [False]])[book.payer]
    wanted = np.where(book.ring >= 0, 0.75, share)
    rows = np.flatnonzero(digital & (rng.random(len(book)) < wanted))
    at = book.at[rows] - rng.integers(20, 200, len(rows))
    looks = _looks(world, rng, int(0.10 * world.settings.scale))
    lobby = _lobby(world, rng, max(20, world.people.locals_ // 60))
    parts = [(at, book.payer[rows], book.device[rows], book.ip[rows]), looks, lobby]
    joined = [np.concatenate([part[i] for part in parts]) for i in range(4)]
    keep = joined[0] > world.accounts.opened[joined[1]]
    return joined[0][keep], joined[1][keep], joined[2][keep], joined[3][keep]


def _looks(world: World, rng: np.random.Generator, wanted: int) -> Columns:
    """People look at their balance without paying."""
    account = world.main[rng.choice(world.people.locals_, wanted, p=activity(world))]
    at = clock.moments(rng, wanted, world.settings.days, clock.EVENING)
    reporting = world.accounts.bank[account] < REPORTING_BANKS
    account, at = account[reporting], at[reporting]
    return at, account, access.own_devices(world, account), access.own_ips(world, account, at, rng)


def _lobby(world: World, rng: np.random.Generator, wanted: int) -> Columns:
    """Terminals in branch halls: one device, many unrelated holders, nothing wrong."""
    account = world.main[rng.integers(0, world.people.locals_, wanted)]
    account = account[world.accounts.bank[account] < REPORTING_BANKS]
    city = world.people.live_city[world.accounts.person[account]]
    at = clock.moments(rng, len(account), world.settings.days, clock.OFFICE)
    return at, account, SHARED_DEVICES + city, access.gateway_ip(city, np.zeros(len(account), dtype=np.int64))


def chat_logins(world: World, rings: list[Ring]) -> Columns:
    """Logins of the chat app: own phones and homes for most; members of den and house from its network."""
    rng = world.settings.stream("chat")
    people = world.people
    wanted = int(0.04 * world.settings.scale)
    person = rng.choice(people.locals_, wanted, p=activity(world))
    at = clock.moments(rng, wanted, world.settings.days, clock.EVENING)
    device = people.device[person]
    ip = access.own_ips(world, world.main[person], at, rng)
    rows: list[tuple[int, int, int, int]] = []
    for ring in rings:
        for role in ("den_manager", "caller", "tech_keeper", "traffic_puller"):
            for member in ring.members[role]:
                for _ in range(int(rng.integers(4, 9))):
                    rows.append((_evening(world, rng), member, int(people.device[member]), ring.den_ip))
        for worker in ring.members["laundry_house"]:
            for _ in range(int(rng.integers(4, 9))):
                moment = _evening(world, rng)
                own = rng.random() < 0.5
                device_used = (
                    int(people.device[worker]) if own else ring.device_at(worker, moment, clock.START)
                )
                rows.append((moment, worker, device_used, ring.house_ips[int(rng.integers(0, 2))]))
    table = np.array(rows, dtype=np.int64).reshape(len(rows), 4)
    return (
        np.concatenate([at, table[:, 0]]), np.concatenate([person, table[:, 1]]),
        np.concatenate([device, table[:, 2]]), np.concatenate([ip, table[:, 3]]),
    )  # fmt: skip


def _evening(world: World, rng: np.random.Generator) -> int:
    day = int(rng.integers(0, world.settings.days)) * clock.DAY
    return clock.START + day + int(rng.integers(10 * clock.HOUR, 24 * clock.HOUR))


def plant_shared(world: World, rings: list[Ring], logins: Columns, book: PatternBook) -> None:
    """D01 for each laundry phone with three or more holders, C08 for each account such a phone worked."""
    _, account, device, _ = logins
    holders: dict[int, set[int]] = {}
    used: dict[int, set[int]] = {}
    ring_phone = (device >= access.RING_DEVICES) & (device < access.GOIP_DEVICES)
    for a, d in zip(account[ring_phone].tolist(), device[ring_phone].tolist(), strict=True):
        holders.setdefault(d, set()).add(int(world.accounts.person[a]))
        used.setdefault(d, set()).add(a)
    numbers, shown = world.accounts.numbers, set()
    for phone in sorted(holders):
        if len(holders[phone]) < 3:
            continue
        serial = str(imei(np.array([phone]))[0])
        book.plant_rows("D01", [("device", serial)] + [("account", numbers[a]) for a in sorted(used[phone])])
        shown |= used[phone]
    lent = {card.account for ring in rings for card in ring.cards if card.controller != card.holder}
    for account_index in sorted(shown & lent):
        book.plant_rows("C08", [("account", numbers[account_index])])


def write_logins(world: World, bank: Columns, chat: Columns, folder: Path) -> list[tuple[str, int]]:
    """One file a bank app, one for the chat app; gives file names with row counts."""
    made = []
    rng = world.settings.stream("login-text")
    bank_of = world.accounts.bank[bank[1]]
    order = np.lexsort((np.arange(len(bank[0])), bank[0]))
    for number in range(REPORTING_BANKS):
        rows = order[bank_of[order] == number]
        at, account, device, ip = (column[rows] for column in bank)
        platform = f"{names.BANKS[number]}手机银行"
        key = world.accounts.numbers.gather(account)
        file = folder / f"login_log_{number + 1}_{names.BANKS[number]}.csv"
        made.append((file.name, _write(file, platform, key, at, device, ip, rng, number % 2 == 1)))
    order = np.lexsort((np.arange(len(chat[0])), chat[0]))
    at, person, device, ip = (column[order] for column in chat)
    key = pl.Series(world.people.phone[person]).cast(pl.String)
    file = folder / "login_log_7_样聊.csv"
    made.append((file.name, _write(file, "样聊", key, at, device, ip, rng, False)))
    return made


def _write(
    path: Path,
    platform: str,
    key: pl.Series,
    at: Ints,
    device: Ints,
    ip: Ints,
    rng: np.random.Generator,
    national: bool,
) -> int:
    file = CsvFile(path, "gb18030" if national else "utf-8-sig")
    for first in range(0, max(1, len(at)), 100_000):
        part = slice(first, first + 100_000)
        count = len(at[part])
        draw = rng.random(count)
        mac = pl.select(
            pl.when(pl.Series(draw < 0.4)).then(pl.lit("02:00:00:00:00:00")).otherwise(macs(device[part]))
        ).to_series()
        private = pl.Series(draw > 0.995)
        address = pl.select(
            pl.when(private).then(pl.lit("192.168.1.100")).otherwise(ip_texts(ip[part]))
        ).to_series()
        file.write(
            pl.DataFrame(
                {
                    "平台": pl.Series([platform] * count, dtype=pl.String),
                    "账号": key[first : first + 100_000],
                    "登录时间": pl.Series(at[part] * 1_000_000)
                    .cast(pl.Datetime("us"))
                    .dt.strftime("%Y-%m-%d %H:%M:%S"),
                    "IP": address,
                    "端口": pl.Series(rng.integers(1_024, 65_535, count)).cast(pl.String),
                    "MAC": mac,
                    "IMEI" if national else "设备指纹": imei(device[part]),
                    "型号": pl.Series(MODELS).gather(device[part] % len(MODELS)),
                    "操作": pl.Series(["登录"] * count, dtype=pl.String),
                    "结果": pl.Series(np.where(draw < 0.98, "成功", "失败").tolist(), dtype=pl.String),
                }
            )
        )
    file.close()
    return file.rows
