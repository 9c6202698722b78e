"""The feedback sheets of the reporting banks: every booked row in the layout of its bank."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl

from simulate import access, names
from simulate.accounts import MERCHANT, World
from simulate.cash import MACHINES_PER_CITY
from simulate.clock import DAY, START
from simulate.events import ATM, BATCH, COUNTER, FAILED, MEMOS, MOBILE, POS, REVERSAL, WEB, Events
from simulate.files import CsvFile, write_xlsx
from simulate.identifiers import Ints, fixed_width, ip_texts, macs
from simulate.layouts import LAYOUTS, Layout
from simulate.ledger import IN, OUT, Ledger
from simulate.people import CITY_CODES

CHUNK = 100_000
XLSX_ROWS, XLSX_PER_SHEET = 6_000, 2_000  # XLSX costs forty times what CSV costs
_KINDS = {
    MOBILE: "手机银行转账",
    POS: "快捷支付",
    COUNTER: "柜面",
    ATM: "ATM",
    BATCH: "批量",
    WEB: "网上银行",
}


class SheetWriter:
    """Holds the text tables of accounts once and gathers them row by row."""

    def __init__(self, world: World, book: Events, ledger: Ledger) -> None:
        self.world, self.book, self.ledger = world, book, ledger
        accounts, people, orgs = world.accounts, world.people, world.orgs
        person, org = np.maximum(accounts.person, 0), np.maximum(accounts.org, 0)
        is_person = pl.Series(accounts.person >= 0)
        both = pl.select(
            pl.when(is_person)
            .then(people.names.gather(person))
            .otherwise(pl.Series(orgs.names).gather(org))
            .alias("name"),
            pl.when(is_person)
            .then(people.ids.gather(person))
            .otherwise(pl.Series(orgs.codes).gather(org))
            .alias("id"),
        )
        none = pl.Series([""])
        self.holder = both["name"].append(none)
        self.holder_id = both["id"].append(none)
        self.number = accounts.numbers.clone().append(none)
        self.card = accounts.cards.clone().append(none)
        either = pl.select(
            pl.when(accounts.cards != "").then(accounts.cards).otherwise(accounts.numbers)
        ).to_series()
        self.card_or_number = either.append(none)
        self.bank_of = pl.Series(names.BANKS).gather(accounts.bank).append(none)
        self.home = np.where(accounts.person >= 0, people.live_city[person], orgs.city[org])
        self.hide_draw = world.settings.stream("sheets").random(len(ledger.event))

    def write(self, folder: Path) -> list[tuple[str, int]]:
        """All sheets; gives file names with their row counts."""
        made = []
        for layout in LAYOUTS:
            rows = np.flatnonzero((self.ledger.bank == layout.bank) & self.ledger.written)
            made += self._bank(folder, layout, rows)
        return made

    def _bank(self, folder: Path, layout: Layout, rows: Ints) -> list[tuple[str, int]]:
        stem = f"bank_sheet_{layout.bank + 1}_{names.BANKS[layout.bank]}"
        made: list[tuple[str, int]] = []
        if layout.form == "xlsx":
            made += self._xlsx(folder, layout, stem, rows[:XLSX_ROWS])
            rows = rows[XLSX_ROWS:]
            if not len(rows):
                return made
        for number, part in enumerate(self._periods(layout, rows)):
            name = f"{stem}_交易明细{f'_{number + 1}' if layout.period_files > 1 else ''}.csv"
            file = CsvFile(folder / name, "utf-8-sig" if layout.form == "xlsx" else layout.form)
            for table in self._tables(layout, part):
                file.write(table)
            file.close()
            made.append((name, file.rows))
        return made

    def _periods(self, layout: Layout, rows: Ints) -> list[Ints]:
        """One file, or several by period; the last hours of one come again at the start of the next."""
        if layout.period_files == 1:
            return [rows]
        middle = START + self.world.settings.days * DAY // 2
        at = self.ledger.at[rows]
        return [rows[at < middle + DAY // 4], rows[at >= middle]]

    def _xlsx(self, folder: Path, layout: Layout, stem: str, rows: Ints) -> list[tuple[str, int]]:
        made, half = [], -(-len(rows) // 2)
        for number in range(2):
            part = rows[number * half : (number + 1) * half]
            name = f"{stem}_交易明细_{number + 1}.xlsx"
            pieces = [part[at : at + XLSX_PER_SHEET] for at in range(0, max(1, len(part)), XLSX_PER_SHEET)]
            write_xlsx(
                folder / name,
                ((f"交易明细{i + 1}", self._table(layout, piece)) for i, piece in enumerate(pieces)),
            )
            made.append((name, len(part)))
        return made

    def _tables(self, layout: Layout, rows: Ints) -> Iterator[pl.DataFrame]:
        for first in range(0, max(1, len(rows)), CHUNK):
            yield self._table(layout, rows[first : first + CHUNK])

    def _table(self, layout: Layout, rows: Ints) -> pl.DataFrame:
        """The rows as text columns in the bank's order and names."""
        fields = {**self._money(layout, rows), **self._parties(layout, rows), **self._place(layout, rows)}
        nothing = pl.Series([layout.empty]).gather(np.zeros(len(rows), dtype=np.int64))
        columns = {}
        for name, header in layout.columns:
            column = fields.get(name, nothing)
            if layout.empty and name in fields:
                column = pl.select(pl.when(column == "").then(nothing).otherwise(column)).to_series()
            columns[header] = column
        return pl.DataFrame(columns)

    def _money(self, layout: Layout, rows: Ints) -> dict[str, pl.Series]:
        ledger, book = self.ledger, self.book
        event = ledger.event[rows]
        back = book.state[event] == REVERSAL
        minus = back & layout.negative_reversals
        side = np.where(back & ~minus, IN, ledger.side[rows])
        at = pl.Series(ledger.at[rows] * 1_000_000).cast(pl.Datetime("us")).dt.strftime(layout.time_format)
        serial = serial_text(ledger.bank[rows], ledger.serial[rows])
        amount = money_text(book.amount_fen[event], layout.thousands)
        return {
            "time": at,
            "amount": pl.select(pl.when(pl.Series(minus)).then("-" + amount).otherwise(amount)).to_series(),
            "balance": money_text(ledger.balance_fen[rows], layout.thousands),
            "direction": pl.Series([layout.codes[1], layout.codes[0]]).gather(side),
            "memo": pl.Series(MEMOS).gather(book.memo[event]),
            "currency": pl.Series(["人民币"]).gather(np.zeros(len(rows), dtype=np.int64)),
            "success": pl.Series(layout.yes).gather((book.state[event] == FAILED).astype(np.int64)),
            "serial": pl.select(pl.when(pl.Series(back)).then(pl.lit("")).otherwise(serial)).to_series(),
            "kind": pl.Series([_KINDS[code] for code in range(6)]).gather(book.channel[event]),
            "is_cash": pl.Series(layout.cash).gather(
                1 - np.isin(book.channel[event], (ATM, COUNTER)).astype(np.int64)
            ),
            "log_no": pl.select(
                pl.when(pl.Series(back)).then(pl.lit("")).otherwise("L" + serial.str.slice(4))
            ).to_series(),
        }

    def _parties(self, layout: Layout, rows: Ints) -> dict[str, pl.Series]:
        ledger, accounts = self.ledger, self.world.accounts
        own, peer = ledger.account[rows], ledger.peer[rows]
        peer = np.where(peer < 0, accounts.count, peer)
        cited = (self.number if layout.peer_by == "account" else self.card_or_number).gather(peer)
        draw = self.hide_draw[rows]
        outside = np.concatenate([accounts.bank >= names.REPORTING_BANKS, [False]])[peer]
        masked = cited.str.slice(0, 6) + "****" + cited.str.slice(-4)
        cited = pl.select(
            pl.when(pl.Series(outside & (draw < 0.01))).then(masked).otherwise(cited)
        ).to_series()
        told = pl.Series(draw > 0.7)
        pad = "\t" if layout.padded else ""
        peer_id = pl.select(pl.when(told).then(self.holder_id.gather(peer)).otherwise(pl.lit(""))).to_series()
        shop = np.concatenate([accounts.kind == MERCHANT, [False]])[peer] & (
            self.book.channel[ledger.event[rows]] == POS
        )
        shop &= ledger.side[rows] == OUT
        shop_name = pl.select(
            pl.when(pl.Series(shop)).then(self.holder.gather(peer)).otherwise(pl.lit(""))
        ).to_series()
        shop_no = "M" + fixed_width(peer * 13 % 10**9, 10)
        card = self.card_or_number.gather(own)
        return {
            "own_card": padded(card, pad),
            "own_account": padded(self.number.gather(own), pad),
            "own_name": self.holder.gather(own),
            "own_id": padded(self.holder_id.gather(own), pad),
            "peer_account": padded(cited, pad),
            "peer_name": self.holder.gather(peer),
            "peer_id": padded(peer_id, pad),
            "peer_bank": self.bank_of.gather(peer),
            "merchant_name": shop_name,
            "merchant_no": pl.select(
                pl.when(pl.Series(shop)).then(shop_no).otherwise(pl.lit(""))
            ).to_series(),
            "agency": pl.Series([names.BANKS[layout.bank]]).gather(np.zeros(len(rows), dtype=np.int64)),
            "feedback": pl.Series(["成功"]).gather(np.zeros(len(rows), dtype=np.int64)),
        }

    def _place(self, layout: Layout, rows: Ints) -> dict[str, pl.Series]:
        ledger, book = self.ledger, self.book
        event = ledger.event[rows]
        used = (ledger.side[rows] == OUT) & (book.device[event] >= 0)
        ip = np.where(used, book.ip[event], -1)
        city = access.place_of_ip(ip, self.home[ledger.account[rows]])
        terminal = book.terminal[event]
        at_machine = terminal >= 0
        city = np.where(at_machine, terminal // MACHINES_PER_CITY, city)
        name = "ATM" + fixed_width(np.maximum(terminal, 0) * 7 + 1_000, 6)
        code = branch_code(layout.bank, self.world.accounts.branch[ledger.account[rows]])
        at_branch = at_machine | (book.channel[event] == COUNTER)
        rows_used = np.flatnonzero(used)
        mac = macs(book.device[event[rows_used]])
        dummy = pl.Series(self.hide_draw[rows[rows_used]] < 0.3)
        mac = pl.select(pl.when(dummy).then(pl.lit("02:00:00:00:00:00")).otherwise(mac)).to_series()
        return {
            "ip": spread(ip_texts(ip[rows_used]), rows_used, len(rows)),
            "mac": spread(mac, rows_used, len(rows)),
            "place": pl.Series(names.CITY_NAMES).gather(city),
            "terminal": pl.select(
                pl.when(pl.Series(at_machine)).then(name).otherwise(pl.lit(""))
            ).to_series(),
            "branch_code": pl.select(
                pl.when(pl.Series(at_branch)).then(code).otherwise(pl.lit(""))
            ).to_series(),
        }


def spread(text: pl.Series, rows: Ints, count: int) -> pl.Series:
    """A column of `count` texts with `text` at `rows` and empty text elsewhere."""
    place = np.zeros(count, dtype=np.int64)
    place[rows] = np.arange(1, len(rows) + 1)
    return pl.Series([""]).append(text).gather(place)


def padded(text: pl.Series, pad: str) -> pl.Series:
    """Identifiers with a tab behind them where a bank pads; empty text stays empty."""
    if not pad:
        return text
    return pl.select(pl.when(text != "").then(text + pad).otherwise(text)).to_series()


def money_text(fen: Ints, thousands: bool = False) -> pl.Series:
    """Yuan with two decimals from non-negative fen, on wish with thousands marks."""
    yuan = fen // 100
    whole = pl.Series(yuan).cast(pl.String)
    if thousands:
        high = pl.Series(yuan // 10**6).cast(pl.String) + "," + fixed_width(yuan // 1_000 % 1_000, 3)
        middle = pl.Series(yuan // 1_000).cast(pl.String)
        last = "," + fixed_width(yuan % 1_000, 3)
        marked = pl.when(pl.Series(yuan >= 10**6)).then(high + last).when(pl.Series(yuan >= 1_000))
        whole = pl.select(marked.then(middle + last).otherwise(whole)).to_series()
    return whole + "." + fixed_width(fen % 100, 2)


def serial_text(bank: Ints, serial: Ints) -> pl.Series:
    """Serial numbers of each bank's own rows; bank -1 gives empty text."""
    text = "JY" + fixed_width(bank + 11, 2) + fixed_width(np.maximum(serial, 0) + 1, 14)
    return pl.select(pl.when(pl.Series(bank >= 0)).then(text).otherwise(pl.lit(""))).to_series()


def branch_code(bank: int, branch: Ints) -> pl.Series:
    """Branch codes: city code, bank, number."""
    return fixed_width(CITY_CODES[branch // 3], 6) + f"{bank + 1:02d}" + fixed_width(branch % 3 + 1, 2)
