"""Everything the values of a table say, gathered once for all templates that are tried on it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import polars as pl

from ingest.clean.accounts import clean_account
from ingest.clean.marks import clean_direction
from ingest.clean.money import clean_money
from ingest.mapping.balance import Running, directions, running
from ingest.mapping.looks import Look, Values, look, values_of
from ingest.template import TIME_FORMATS, Column, Template
from ingest.unknown import UnknownTable

_OWN = ("own_account", "own_card")
_MOVING = ("amount", "amount_out", "amount_in", "balance")
_FEW_CODES = 4
_MANY = 20


class Evidence:
    """Looks of each column by kind (asked once), and what the running balance says."""

    def __init__(self, table: UnknownTable, kind: Template) -> None:
        """kind: any template with a time column; its date formats and zone serve to tell what is a time."""
        header = table.grid.header
        self.texts: dict[int, Sequence[str]] = {
            index: table.texts(index) for index, name in enumerate(header) if name.strip()
        }
        every = replace(kind, times=TIME_FORMATS)
        self._values: dict[int, Values] = {i: values_of(cells, every) for i, cells in self.texts.items()}
        self._looks: dict[tuple[object, ...], Look] = {}
        self._held = _running(table, self.texts)
        self._table = table
        self.codes = self._codes()

    def look(self, index: int, column: Column, kind: Template) -> Look:
        """What a column's values say about a field."""
        codes = tuple(sorted(kind.success_codes.items())), tuple(sorted((kind.direction_codes or {}).items()))
        key = (index, column.kind, column.zone, codes)
        if key not in self._looks:
            self._looks[key] = look(self._values[index], column, replace(kind, times=TIME_FORMATS))
        return self._looks[key]

    def balance(self, index: int, column: Column) -> Look:
        """What the running balance says about a field: much for a column that keeps it, against others."""
        held = self._held
        if held is None:
            return Look(0.0)
        said = (f"余额连续吻合 {held.share:.0%}（{held.links} 处）",)
        told = (f"the running balance fits on {held.share:.0%} of {held.links} links",)
        if column.field in _MOVING:
            if index == held.places.get(column.field):
                return Look(0.5, said, told)
            return Look(-0.5) if index in held.places.values() else Look(0.0)
        if column.kind == "direction" and index in self.codes:
            rises = ("余额的增减与此列一致",)
            return Look(0.6, rises, ("the balance rises and falls with this column",))
        if index in held.by_own and column.field in (*_OWN, "peer_account"):
            # Cards and accounts of one person both keep the balance; a counterparty's column does not.
            keeps = held.by_own[index] >= held.share - 0.1
            own = column.field in _OWN
            if keeps:
                return Look(0.3, said, told) if own else Look(-0.5)
            return Look(-0.5) if own else Look(0.0)
        if index in held.unlinked and column.field in _OWN and held.links >= _MANY:
            return Look(-0.4)
        return Look(0.0)

    def direction_codes(self, index: int) -> Mapping[str, str]:
        """What a column's codes mean by the balances, none where cleaners know them already."""
        column = _bare(self._table, index)
        unknown = column.filter(column.is_not_null() & clean_direction(column).values.is_null())
        return self.codes.get(index, {}) if len(unknown) else {}

    def _codes(self) -> dict[int, dict[str, str]]:
        """The columns of few values whose values say whether the balance rises."""
        found = {}
        for index, cells in self.texts.items():
            if self._held is not None and 2 <= len(set(cells)) <= _FEW_CODES:
                meaning = directions(self._held, _bare(self._table, index).to_list())
                if meaning:
                    found[index] = meaning
        return found


def _bare(table: UnknownTable, index: int) -> pl.Series:
    return table.grid.cells[f"c{index}"].str.strip_prefix("\x01").str.strip_chars()


def _running(table: UnknownTable, texts: Mapping[int, Sequence[str]]) -> Running | None:
    """What running balances say about the table's account and money columns."""
    accounts, money = {}, {}
    for index, cells in texts.items():
        column = table.grid.cells[f"c{index}"]
        sample = pl.Series("t", list(cells[:200]), dtype=pl.String)
        if sample.is_empty():
            continue
        long = sample.str.replace_all(r"[\s'-]", "").str.contains(r"^[A-Za-z]{0,4}[0-9]{8,}$")
        amount = sample.str.contains(r"^[+-]?[0-9][0-9,]*(\.[0-9]{1,2})?$")
        if long.sum() >= 0.8 * len(sample):
            accounts[index] = clean_account(column).values
        elif amount.sum() >= 0.8 * len(sample):
            money[index] = clean_money(column).values
    return running(accounts, money) if accounts and len(money) > 1 else None
