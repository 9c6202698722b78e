"""Registers of people, accounts and SIM cards as banks and operators send them."""

from pathlib import Path

import numpy as np
import polars as pl

from simulate import names
from simulate.accounts import PERSONAL, World
from simulate.files import write_csv
from simulate.identifiers import Ints, fixed_width, iccid, imsi
from simulate.ledger import Ledger
from simulate.sheets import SheetWriter, branch_code, money_text, padded
from simulate.sims import Sims
from simulate.waybills import addresses

_TIME = "%Y-%m-%d %H:%M:%S"


def _when(second: Ints) -> pl.Series:
    return pl.Series(second * 1_000_000).cast(pl.Datetime("us")).dt.strftime(_TIME)


def write_people(world: World, folder: Path) -> tuple[str, int]:
    """The person register of all local people, ordered by identity number."""
    people = world.people
    who = np.arange(people.locals_, dtype=np.int64)
    rng = world.settings.stream("register")
    known = pl.Series(rng.random(people.locals_) < 0.9)
    job = pl.Series(names.JOBS).gather(people.job[who])
    firm = pl.Series(world.orgs.names).gather(np.maximum(people.employer[who], 0))
    ids = people.ids.gather(who)
    table = pl.select(
        people.names.gather(who).alias("姓名"),
        pl.lit("居民身份证").alias("证件类型"),
        ids.alias("证件号码"),
        pl.Series(np.where(people.male[who], "男", "女").tolist()).alias("性别"),
        (ids.str.slice(6, 4) + "-" + ids.str.slice(10, 2) + "-" + ids.str.slice(12, 2)).alias("出生日期"),
        pl.Series(people.phone[who]).cast(pl.String).alias("手机号"),
        pl.when(known).then(addresses(world, who)).otherwise(pl.lit("")).alias("住址"),
        pl.Series(names.CITY_NAMES).gather(people.home_city[who]).alias("户籍"),
        pl.when(pl.Series(people.employer[who] >= 0)).then(firm).otherwise(job).alias("单位"),
    ).sort("证件号码")
    path = folder / "person_register_人员信息.csv"
    write_csv(path, table)
    return path.name, table.height


def write_accounts(world: World, ledger: Ledger, text: SheetWriter, folder: Path) -> list[tuple[str, int]]:
    """One account register a reporting bank, ordered by account number; gives file names with row counts."""
    accounts = world.accounts
    last = _last_balances(ledger)
    made = []
    for bank in range(names.REPORTING_BANKS):
        own = np.flatnonzero(accounts.bank == bank)
        pad = "\t" if bank in (0, 2, 4) else ""
        agent = np.maximum(accounts.agent[own], 0)
        has_agent = pl.Series(accounts.agent[own] >= 0)
        none = pl.lit("")
        balance = money_text(np.where(last[own] >= 0, last[own], ledger.opening_fen[own]))
        table = pl.select(
            accounts.numbers.gather(own).alias("账号"),
            padded(accounts.cards.gather(own), pad).alias("卡号"),
            text.holder.gather(own).alias("户名"),
            padded(text.holder_id.gather(own), pad).alias("证件号码"),
            pl.lit(names.BANKS[bank]).alias("开户行"),
            branch_code(bank, accounts.branch[own]).alias("网点代码"),
            _when(accounts.opened[own]).alias("开户时间"),
            _classes(world).gather(own).alias("账户类别"),
            pl.lit("正常").alias("状态"),
            balance.alias("余额"),
            balance.alias("可用余额"),
            pl.Series(np.where(accounts.phone[own] > 0, accounts.phone[own].astype(str), "").tolist()).alias(
                "预留手机"
            ),
            none.alias("销户时间"),
            (branch_code(bank, accounts.branch[own]) + fixed_width(accounts.teller[own], 2)).alias(
                "开户柜员"
            ),
            pl.when(has_agent).then(world.people.names.gather(agent)).otherwise(none).alias("代办人姓名"),
            pl.when(has_agent).then(world.people.ids.gather(agent)).otherwise(none).alias("代办人证件"),
            pl.when(has_agent)
            .then(pl.Series(world.people.phone[agent]).cast(pl.String))
            .otherwise(none)
            .alias("代办人电话"),
        ).sort("账号")
        table = table.with_columns(padded(table["账号"], pad).alias("账号"))
        path = folder / f"account_register_{bank + 1}_{names.BANKS[bank]}_账户信息.csv"
        write_csv(path, table, "gb18030" if bank in (0, 2) else "utf-8-sig")
        made.append((path.name, table.height))
    return made


def _classes(world: World) -> pl.Series:
    """Class of each account: a person's first at a bank is I, later ones II, others have none.

    One class I account a person and bank (L 银发〔2016〕261号); told from the openings, so that no draw
    of chance moves.
    """
    accounts = world.accounts
    table = pl.DataFrame(
        {"person": accounts.person, "bank": accounts.bank, "opened": accounts.opened, "kind": accounts.kind}
    ).with_row_index("place")
    mine = (pl.col("kind") == PERSONAL) & (pl.col("person") >= 0)
    first = pl.struct("opened", "place").rank("ordinal").over("person", "bank") == 1
    return table.select(
        pl.when(~mine).then(pl.lit("")).when(first).then(pl.lit("I")).otherwise(pl.lit("II")).alias("class")
    ).to_series()


def _last_balances(ledger: Ledger) -> Ints:
    """Balance of each account after its last row; -1 without rows."""
    last = np.full(len(ledger.opening_fen), -1, dtype=np.int64)
    last[ledger.account] = ledger.balance_fen  # rows are in time order inside a bank: the last one stays
    return last


def write_sims(world: World, sims: Sims, folder: Path) -> tuple[str, int]:
    """The SIM register, ordered by number and start; a re-issued number has two rows."""
    people = world.people
    number = np.array(sims.number, dtype=np.int64)
    holder = np.array(sims.holder, dtype=np.int64)
    row = np.arange(len(number), dtype=np.int64)
    since = np.array(sims.since, dtype=np.int64)
    table = pl.select(
        pl.Series(number).cast(pl.String).alias("号码"),
        imsi(row).alias("IMSI"),
        iccid(row).alias("ICCID"),
        people.names.gather(holder).alias("机主"),
        people.ids.gather(holder).alias("证件号码"),
        _when(since).alias("入网时间"),
        ("QD" + fixed_width(np.array(sims.channel, dtype=np.int64), 4)).alias("渠道"),
        pl.Series(sims.kind).alias("卡类型"),
        pl.Series(["销户" if closed else "正常" for closed in sims.closed]).alias("状态"),
        _when(since + 60).alias("核验时间"),
        pl.lit("通过").alias("核验结果"),
    ).sort("号码", "入网时间")
    path = folder / "sim_register_机主资料.csv"
    write_csv(path, table)
    return path.name, table.height
